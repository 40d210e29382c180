"""How often noise is called evidence, and what was planted is found: 200 simulated markets with and without an effect.

9 tickers, 272 sessions, sentiment that follows the price of its own session everywhere. Baseline, in the same run: the
same tests by their HAC p alone (p < 0.05), as published tools judge.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.evidence.false_discovery import MAX_Q
from pipelines.evidence.granger import granger
from pipelines.evidence.lead_lag import lead_lag
from pipelines.evidence.panel import HORIZONS
from pipelines.evidence.signal_quality import signal_quality
from warehouse.sample.market import EFFECT_BPS, INSTRUMENTS, simulate
from warehouse.sample.panels import panels

MARKETS = range(1_000, 1_200)
PLANTED = {each.ticker for each in INSTRUMENTS if each.is_planted}


def main(_: Path) -> None:
    """Print the shares."""
    for effect in (0.0, EFFECT_BPS):
        found = [studied(seed, effect) for seed in MARKETS]
        where = ", ".join(sorted(PLANTED)) if effect else "no ticker"
        print(f"{len(MARKETS)} markets, {effect:.0f} bps planted on {where}; false among the discoveries, on average:")
        for name in found[0]:
            shares = np.mean([false_share(each[name], effect, "q", MAX_Q) for each in found])
            naive = np.mean([false_share(each[name], effect, "p_hac", 0.05) for each in found])
            print(f"  {name:<16}{shares:6.1%}; by one p alone {naive:6.1%}")
        by_horizon(pd.concat([each["signal quality"] for each in found]), effect)


def by_horizon(table: pd.DataFrame, effect_bps: float) -> None:
    """Print how often a test on nothing has p < 0.05, and how often evidence is found where it was planted."""
    rows = table[(table["method"] == "regression") & (table["signal"] == "mean_sentiment")]
    is_planted = rows["universe"].isin(PLANTED) & (effect_bps > 0)
    for horizon in HORIZONS:
        at = rows["horizon"] == horizon
        bare, planted = rows[at & ~is_planted], rows[at & is_planted]
        line = f"  {horizon:>2} sessions: p < 0.05 on nothing {(bare['p'] < 0.05).mean():5.1%}"
        line += f" (HAC {(bare['p_hac'] < 0.05).mean():5.1%})"
        print(line + (f"; evidence where planted {(planted['q'] <= MAX_Q).mean():4.0%}" if len(planted) else ""))


def studied(seed: int, effect_bps: float) -> dict[str, pd.DataFrame]:
    """The three studies of one market; of lead and lag what asks whether sentiment comes first."""
    market = list(panels(simulate(seed, effect_bps=effect_bps)))
    lags, tests = lead_lag(market), granger(market)
    return {
        "signal quality": signal_quality(market),
        "lead and lag": lags[lags["question"] == "sentiment first"],
        "granger": tests[tests["direction"] == "sentiment to returns"].assign(p_hac=tests["p_classical"]),
    }


def false_share(table: pd.DataFrame, effect_bps: float, column: str, most: float) -> float:
    """Of the rows with ``column`` up to ``most``, the share where nothing was planted; 0 where there are none."""
    found = table[table[column] <= most]
    is_true = found["universe"].isin(PLANTED | {"XNYS"}) & (found["signal"] != "volume_z") & (effect_bps > 0)
    return float(1 - is_true.mean()) if len(found) else 0.0
