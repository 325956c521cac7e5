"""ResNet and ResNeXt: addition, and cardinality."""
