"""See inside four families of convolutional networks."""
