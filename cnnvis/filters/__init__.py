"""What single filters do: their roles, the ideal kernels they are compared with, their tuning."""
