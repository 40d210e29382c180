"""Who the speakers are, and how a mood becomes one person's stance. Not here: when they speak."""

from collections.abc import Sequence
from typing import NamedTuple

from warehouse.sample.dice import Dice
from warehouse.sample.voices import BEAR, BULL, NEUTRAL, PHRASES

INDIFFERENCE = 0.25  # a feeling closer to zero than this, in sd of mood, is no stance
BLUR = 0.6  # sd of what one text adds to the mood
LEANING = 0.25  # sd of what one author adds, always

AUTHORS = 700


class Author(NamedTuple):
    """A handle and its permanent leaning, in sd of mood."""

    handle: str
    leaning: float


def authors_of(seed: int) -> Sequence[Author]:
    """The crowd of ``seed``, the most talkative first."""
    dice = Dice(seed, 20)
    parts = PHRASES["handles"]
    handles = [
        (dice.unit(), f"{first}{second}{ending}")
        for first in parts["first"]
        for second in parts["second"]
        for ending in parts["ending"]
    ]
    return [Author(handle, LEANING * dice.normal()) for _, handle in sorted(handles)[:AUTHORS]]


def feeling(dice: Dice, mood: float, leaning: float = 0.0) -> int:
    """The stance that a mood comes out in: 1, 0 or −1."""
    felt = mood + leaning + BLUR * dice.normal()
    return NEUTRAL if abs(felt) < INDIFFERENCE else BULL if felt > 0 else BEAR
