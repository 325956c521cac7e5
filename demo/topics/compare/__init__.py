"""One photo, or several, by several networks side by side."""
