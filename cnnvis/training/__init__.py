"""One visible training loop, augmentation, and the record of what happened."""
