"""What the layers of a model put out, in which shapes, and what of the image they see."""
