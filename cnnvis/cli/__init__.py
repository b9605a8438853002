"""The commands of ``python -m cnnvis``, each a thin face of a function."""
