"""DenseNet: concatenation, layer by layer."""
