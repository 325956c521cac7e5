"""The lesson's own building blocks, written to be read from top to bottom."""
