"""Look closer: one explanation by several methods, through depth, and whether to believe it."""
