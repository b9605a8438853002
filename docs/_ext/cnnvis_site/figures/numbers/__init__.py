"""Figures/numbers."""
