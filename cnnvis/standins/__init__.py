"""Images that need no download: digits, garments, vehicles and photographs."""
