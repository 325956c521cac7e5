"""The lesson: what its chapters ask, and what they say of an answer."""
