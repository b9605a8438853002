"""Architectures, pretrained networks and their cards, checkpoints, models in users' files."""
