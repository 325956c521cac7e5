"""What the exercises ask, a file a few chapters."""
