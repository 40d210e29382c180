"""The same study on shuffled sentiment: what it finds there, it finds in noise.

Here: the shuffle, and the signal quality of what comes out. Not here: the alarm when something is found.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipelines.evidence.panel import Panel
from pipelines.evidence.signal_quality import COST_BPS, signal_quality

BLOCK = 20  # sessions that stay together, so that most of the autocorrelation stays
MIN_BLOCKS = 5  # shorter blocks where there are few sessions
DRAWS = 100
SEED = 1  # of the placebo that every run makes: the same data give the same answer


def shuffled(panel: Panel, seed: int) -> Panel:
    """``panel`` with the sessions of its signals permuted in blocks of 20; returns and days stay where they are.

    All tickers and signals move together: who was praised together still is, and any link to prices goes. The same
    seed gives the same panel.
    """
    rows = _permuted(len(panel.days), np.random.default_rng(seed))
    return panel._replace(signals={name: values[rows] for name, values in panel.signals.items()})


def placebo(panels: Iterable[Panel], seed: int, cost_bps: float = COST_BPS) -> pd.DataFrame:
    """``signal_quality`` of the shuffled panels."""
    return signal_quality((shuffled(panel, seed) for panel in panels), cost_bps)


def _permuted(sessions: int, rng: np.random.Generator) -> np.ndarray:
    """(T,) row numbers. Of 100 permutations of the blocks, the one that leaves every row farthest from its place.

    A block that stays, or moves by less than a horizon, would keep its link to the prices.
    """
    block = max(1, min(BLOCK, sessions // MIN_BLOCKS))
    blocks = np.array_split(np.arange(sessions), range(block, sessions, block))
    drawn = [np.concatenate([blocks[at] for at in rng.permutation(len(blocks))]) for _ in range(DRAWS)]
    return max(drawn, key=lambda rows: np.abs(rows - np.arange(sessions)).min(initial=sessions))
