"""What every topic asks of a network: one forward pass, an answer, a heat map, a change."""
