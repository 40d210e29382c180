"""Signal quality over 500 tickers, 2,520 sessions, 5 horizons and 8 signals: seconds and peak, in a process of its own.

Baselines, in the same run, of the information coefficients alone: alphalens-reloaded on one signal and 250 sessions,
and pandas' own ranks by session on one signal and one horizon. Both are counted per coefficient.
"""

import multiprocessing
import resource
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.evidence.information_coefficient import by_row, information_coefficients
from pipelines.evidence.panel import HORIZONS, Panel
from pipelines.evidence.placebo import shuffled
from pipelines.evidence.signal_quality import signal_quality

TICKERS, SESSIONS, SIGNALS = 500, 2_520, 8
SLICE = 250  # sessions that alphalens gets


def main(shared: Path) -> None:
    """Print seconds and peaks. The panel is drawn, with ties and a third of the sessions without talk."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=measure, args=(results,))
    process.start()
    print(results.get())
    process.join()


def measure(results: Any) -> None:
    """The report, with the peak of this process with and without the study."""
    signal_quality([drawn(60, 6, 2)])  # compiles
    panel = drawn(SESSIONS, TICKERS, SIGNALS)
    given = sum(array.nbytes for array in (*panel.signals.values(), *panel.forward_returns.values(), panel.returns))
    before = peak()
    began = time.perf_counter(), time.process_time()
    table = signal_quality([panel])
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    after = peak()
    shape = f"{TICKERS} tickers × {SESSIONS:,} sessions × {len(HORIZONS)} horizons × {SIGNALS} signals"
    found = table["verdict"].str.startswith("evidence").sum()
    lines = [
        f"{shape}, {given / 2**20:,.0f} MB: {len(table):,} rows in {wall:.1f} s ({processor:.1f} s of processor)",
        f"peak {after:,.0f} MB, {before:,.0f} MB before; found in noise: {found} of {table['family_size'].iloc[0]:,}",
    ]
    began_shuffle = time.perf_counter()
    shuffled(panel, 1)
    lines.append(f"shuffled in {time.perf_counter() - began_shuffle:.1f} s")
    results.put("\n".join([*lines, *coefficients_per_second(panel)]))


def coefficients_per_second(panel: Panel) -> list[str]:
    """Spearman coefficients of a session in a second: ours, pandas, alphalens."""
    signal, ahead = panel.signals["mean_sentiment"], panel.forward_returns
    began = time.perf_counter()
    ordered = by_row(signal)
    for horizon in HORIZONS:
        ours = information_coefficients(ordered, by_row(ahead[horizon])).spearman
    ours_rate = len(HORIZONS) * len(signal) / (time.perf_counter() - began)
    began = time.perf_counter()
    both = np.isfinite(signal) & np.isfinite(ahead[20])
    ranked = [pd.DataFrame(np.where(both, values, np.nan)).rank(axis=1) for values in (signal, ahead[20])]
    pandas = ranked[0].corrwith(ranked[1], axis=1).to_numpy()
    pandas_rate = len(signal) / (time.perf_counter() - began)
    difference = np.nanmax(np.abs(ours - pandas))
    alphalens_rate = with_alphalens(signal[:SLICE], [ahead[horizon][:SLICE] for horizon in HORIZONS])
    return [
        f"coefficients a second: {ours_rate:,.0f}; pandas {pandas_rate:,.0f} (largest difference {difference:.0e}); "
        f"alphalens {alphalens_rate:,.0f}"
    ]


def with_alphalens(signal: np.ndarray, ahead: list[np.ndarray]) -> float:
    """Coefficients a second of ``factor_information_coefficient``; putting its table together is not counted."""
    with warnings.catch_warnings(action="ignore"):  # it uses what pandas 4 will drop
        import alphalens

        index = pd.MultiIndex.from_product(
            [pd.bdate_range("2014-01-01", periods=len(signal)), range(signal.shape[1])], names=["date", "asset"]
        )
        columns = {f"{horizon}D": values.ravel() for horizon, values in zip(HORIZONS, ahead, strict=True)}
        table = pd.DataFrame(columns | {"factor": signal.ravel()}, index=index).dropna()
        began = time.perf_counter()
        found = alphalens.performance.factor_information_coefficient(table)
        return found.size / (time.perf_counter() - began)


def drawn(sessions: int, tickers: int, signals: int) -> Panel:
    """Noise in the shape of the link table."""
    rng = np.random.default_rng(1)
    values = {}
    for number in range(signals):
        one = np.round(rng.standard_normal((sessions, tickers)), 2)
        one[rng.random(one.shape) < 1 / 3] = np.nan
        values[f"signal_{number}" if number else "mean_sentiment"] = one
    ahead = {horizon: 0.02 * rng.standard_normal((sessions, tickers)) for horizon in HORIZONS}
    for horizon, one in ahead.items():
        one[-horizon:] = np.nan
    days = np.datetime64("2014-01-01") + np.arange(sessions)
    names = tuple(f"T{number}" for number in range(tickers))
    returns = 0.02 * rng.standard_normal((sessions, tickers))
    return Panel("vader", "all", "XNYS", days, names, values, ahead, returns, ("abnormal",) * tickers)


def peak() -> float:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
