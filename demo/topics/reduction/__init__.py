"""What a 1x1 convolution saves."""
