"""Image sets and image files: what is loaded, downloaded, unpacked and sorted into folders."""
