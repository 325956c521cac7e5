"""From a loaded network and a photo to numbers: what it sees, where it looks, what it thinks."""
