"""Networks alive in a page: their export, and the scripts of the page."""
