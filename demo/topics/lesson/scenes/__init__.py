"""The topic's scenes."""
