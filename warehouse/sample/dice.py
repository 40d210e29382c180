"""Seeded draws, fast enough to make a crowd of tens of thousands talk. Not here: what is drawn."""

from collections.abc import Iterator, Sequence
from math import log
from typing import TypeVar

import numpy as np

Option = TypeVar("Option")


def generator(seed: int, *stream: int) -> np.random.Generator:
    """The random stream ``stream`` of ``seed``; streams do not disturb each other."""
    return np.random.Generator(np.random.PCG64([seed, *stream]))


class Dice:
    """Scalar draws from one random stream; equal streams give equal draws."""

    def __init__(self, seed: int, *stream: int) -> None:
        """Start the stream; nothing is drawn yet."""
        self.unit = _uniforms(generator(seed, *stream, 0)).__next__
        self.normal = _normals(generator(seed, *stream, 1)).__next__

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.unit()

    def wait(self, mean: float) -> float:
        """Time until something that may happen at any moment: exponential."""
        return -mean * log(1 - self.unit())

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options, all equally likely."""
        return options[int(self.unit() * len(options))]

    def favourite(self, options: Sequence[Option]) -> Option:
        """One of the options, the early ones more often: half of all draws fall on the first quarter."""
        return options[int(self.unit() ** 2 * len(options))]

    def count(self, mean: float) -> int:
        """A whole number ≥ 0 with this mean, seldom twice as many."""
        expected = mean * self.between(0.2, 1.8)
        return int(expected) + self.chance(expected % 1)


def _uniforms(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(8192).tolist()


def _normals(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.standard_normal(8192).tolist()
