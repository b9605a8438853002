"""Garments drawn by the program, in place of Fashion-MNIST."""
