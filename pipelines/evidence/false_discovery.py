"""How many of the tests that look significant would look so by chance: q-values and the verdict in words.

Here: Benjamini & Hochberg (1995) and Benjamini & Yekutieli (2001) over one family of tests. Not here: what is tested.
"""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

MAX_Q = 0.05


def q_values(p: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """q by BH, q by BY (valid under any dependence), and how many tests the family has.

    ``p`` (m,): NaN is no test; it comes back as NaN and does not count. Raises ValueError for a p outside [0, 1].
    """
    p = np.asarray(p, dtype=float)
    is_test = ~np.isnan(p)
    tests = p[is_test]
    if ((tests < 0) | (tests > 1)).any():
        raise ValueError(f"a p-value lies outside [0, 1]: {tests[(tests < 0) | (tests > 1)][0]}")
    bh, by = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    if len(tests):
        bh[is_test] = false_discovery_control(tests, method="bh")
        by[is_test] = false_discovery_control(tests, method="by")
    return bh, by, len(tests)


def verdict(
    q: float, n: float, effect: float, reason: str | None = None, cause: str = "sentiment", outcome: str = "return"
) -> str:
    """What a test says in plain words; ``n`` counts sessions, ``effect`` gives the direction by its sign."""
    if reason is None and not np.isfinite([q, n, effect]).all():
        reason = "no p-value"
    if reason is not None:
        return f"not tested: {reason}"
    if q <= MAX_Q and effect != 0:
        claim = f"evidence: higher {cause}, {'higher' if effect > 0 else 'lower'} {outcome}"
    else:
        claim = "no evidence"
    return f"{claim} ({written(q)}, n = {int(n)})"


def judged(table: pd.DataFrame, outcome: str = "return") -> pd.DataFrame:
    """``table`` with ``q``, ``q_by``, ``family_size`` and ``verdict``; the whole table is one family.

    Columns read: ``p``, ``effect``, ``n``, ``reason`` (missing where there is a test), ``cause`` (what is higher, in
    words). A row with a reason is no test, whatever its p.
    """
    is_test = table["reason"].isna().to_numpy()
    bh, by, size = q_values(np.where(is_test, table["p"].to_numpy(dtype=float), np.nan))
    words = [
        verdict(q, n, effect, None if tested else reason, cause, outcome)
        for q, n, effect, tested, reason, cause in zip(
            bh, table["n"], table["effect"], is_test, table["reason"], table["cause"], strict=True
        )
    ]
    return table.assign(q=bh, q_by=by, family_size=size, verdict=pd.Series(words, index=table.index, dtype="str"))


def written(q: float) -> str:
    """``q < 0.001``, ``q = 0.042`` or ``q = 0.66``."""
    if q < 0.001:
        return "q < 0.001"
    return f"q = {q:.3f}" if q < 0.1 else f"q = {q:.2f}"
