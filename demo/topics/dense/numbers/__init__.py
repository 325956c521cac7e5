"""Numbers that need no photo and no forward pass."""
