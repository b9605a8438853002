"""Preferred images: activation maximization."""
