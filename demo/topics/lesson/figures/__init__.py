"""The topic's records drawn."""
