"""All of matplotlib: arrays and results drawn as figures."""
