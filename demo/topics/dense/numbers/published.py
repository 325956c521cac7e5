"""Published errors of DenseNets with different growth rates."""

from __future__ import annotations

from demo.topics.dense.records import Published, PublishedErrors

CIFAR10 = PublishedErrors(
    (
        Published("L=40", 12, 1.0, 5.24),
        Published("L=100", 12, 7.0, 4.10),
        Published("BC-100", 12, 0.8, 4.51),
        Published("BC-250", 24, 15.3, 3.62),
        Published("BC-190", 40, 25.6, 3.46),
    )
)
"""CIFAR-10 with augmentation, from the authors' README."""

IMAGENET = PublishedErrors(
    (
        Published("121", 32, 7.978856, 100 - 74.434),
        Published("169", 32, 14.14948, 100 - 75.600),
        Published("201", 32, 20.013928, 100 - 76.896),
        Published("161", 48, 28.681, 100 - 77.138),
    )
)
"""ImageNet top-1, torchvision's own weights."""
