"""What channels respond to and are good for, measured over many images."""
