from __future__ import annotations

from demo.topics.dense.numbers.published import CIFAR10, IMAGENET


def test_the_best_and_the_lightest_of_what_was_published() -> None:
    assert (CIFAR10.best.name, CIFAR10.best.k, CIFAR10.best.error) == ("BC-190", 40, 3.46)
    assert (CIFAR10.lightest.name, CIFAR10.lightest.millions) == ("BC-100", 0.8)
    assert (IMAGENET.best.name, IMAGENET.lightest.name) == ("161", "121")
