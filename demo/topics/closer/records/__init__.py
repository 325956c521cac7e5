"""Records of explanations looked at closely."""
