"""Numbers that need no photo and no forward pass: channels, parameters, multiply-adds."""
