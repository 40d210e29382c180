"""A simulated market as the studies take it: panels of moods and returns, without any text between.

Here: what hundreds of markets are studied by. Not here: the market (``market``), any statistic.
"""

from collections.abc import Iterator

import numpy as np

from pipelines.evidence.panel import HORIZONS, Panel
from warehouse.sample.market import Market, Tape


def panels(market: Market) -> Iterator[Panel]:
    """A panel per calendar: the mood itself, the mood seen through noise, and noise."""
    rng = np.random.default_rng(market.seed)
    for calendar in ("XNYS", "24/7"):
        tapes = [tape for tape in market.tapes.values() if tape.instrument.calendar == calendar]
        mood = np.column_stack([tape.mood for tape in tapes])
        yield Panel(
            scorer="vader",
            source="all",
            calendar=calendar,
            days=tapes[0].days,
            tickers=tuple(tape.instrument.ticker for tape in tapes),
            signals={
                "mean_sentiment": mood,
                "bullishness": mood + rng.standard_normal(mood.shape),
                "volume_z": rng.standard_normal(mood.shape),
            },
            forward_returns={h: np.column_stack([forward_return(tape, h) for tape in tapes]) for h in HORIZONS},
            returns=np.column_stack([tape.return_1d for tape in tapes]),
            return_kinds=("raw",) * len(tapes),
        )


def forward_return(tape: Tape, horizon: int) -> np.ndarray:
    """(n,) close(s + horizon) / open(s + 1) − 1, NaN at the end."""
    closes = np.cumprod(1 + tape.return_1d)
    opens = closes / (1 + tape.open_to_close)
    ahead = np.full(len(closes), np.nan)
    ahead[:-horizon] = closes[horizon:] / opens[1 : len(opens) - horizon + 1] - 1
    return ahead
