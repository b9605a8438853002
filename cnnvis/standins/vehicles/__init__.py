"""Bikes and cars drawn by the program, in place of photographs."""
