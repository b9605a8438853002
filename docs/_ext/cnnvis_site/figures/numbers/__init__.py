"""The numbers that a figure draws, read back from its artists; README.md says what for."""
