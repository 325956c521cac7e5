"""A new head on a trained network, for classes of the reader's own."""
