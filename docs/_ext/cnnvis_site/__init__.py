"""What makes this site of Sphinx: a folder for each concern, and the order of what comes last."""
