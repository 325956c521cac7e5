"""The page: the photo, topics and scenes by name, the link, the wiring, and the JSON API."""
