"""Which model: what all of them cost, and what they are worth."""
