"""The event study: how often each test finds an effect where there is none, and seconds for many events.

Right is 5 %. The baseline is the naive t of the same studies. Returns are drawn: a market, a shock that all tickers
share beyond the market, and their own, so that the residuals of two tickers on one day correlate by 0.2.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.evidence import event_tests
from pipelines.evidence.abnormal_returns import cumulated, market_model
from pipelines.evidence.event_clustering import mean_correlation
from pipelines.evidence.event_returns import TIMELINE, Around
from pipelines.evidence.event_study import WINDOWS, study
from pipelines.evidence.events import without_overlaps

STUDIES, EVENTS, CORRELATION, LEVEL = 2_000, 30, 0.2, 0.05
SHOWN_WINDOWS = ((1, 1), (1, 5), (1, 20))
TESTS = ("naive", "Patell", "BMP", "KP", "GRANK", "sign")


def main(_: Path) -> None:
    """Print the rates of rejection and the seconds."""
    print(
        f"{STUDIES:,} studies of {EVENTS} events without an effect, rejected at 5 %; residual correlation {CORRELATION}"
    )
    print(f"{'':30}" + "".join(f"{name:>9}" for name in TESTS) + "   mean r")
    for name, gap in (
        ("a day for each event", 40),
        ("an event every 2.5 sessions", 2.5),
        (f"{EVENTS} events of one day", 0),
    ):
        chance = np.random.default_rng(5)
        rows = [one_study(chance, gap) for _ in range(STUDIES)]
        for window in SHOWN_WINDOWS:
            p = np.array([row[window][0] for row in rows])
            r = np.mean([row[window][1] for row in rows])
            rates = "".join(f"{rate:9.1%}" for rate in (p < LEVEL).mean(axis=0))
            print(f"{name if window == SHOWN_WINDOWS[0] else '':30}{rates}{r:9.3f}   window {window}")
    speed()


def one_study(chance: np.random.Generator, gap: float) -> dict[tuple[int, int], tuple[list[float], float]]:
    """p of each test, and r̄, per window, of events ``gap`` sessions apart."""
    length = TIMELINE.longest + TIMELINE.last - TIMELINE.first + 1
    start = np.floor(np.arange(EVENTS) * gap).astype(np.int64)
    # The estimation ends before the window: what lies between is drawn as well, and left out.
    relative = np.arange(length) + np.where(np.arange(length) < TIMELINE.longest, 0, TIMELINE.gap - 1)
    days = start[:, None] + relative
    market, common = chance.normal(0, 0.01, (2, int(days.max()) + 1))
    own = chance.normal(0, 0.02, days.shape) * np.sqrt(1 - CORRELATION) + 2 * common[days] * np.sqrt(CORRELATION)
    benchmark = market[days]
    names = np.full(EVENTS, "SPY", dtype=object)
    rows = Around(benchmark + own, benchmark, days.astype(np.int32), names, np.ones(EVENTS, dtype=bool), TIMELINE)
    found = market_model(rows)
    residuals = found.residuals / found.sigma[:, None]
    ranks, share = event_tests.ranks_of(residuals), (residuals > 0).mean(axis=1)
    results = {}
    for window in SHOWN_WINDOWS:
        car, scar = cumulated(found, window)
        window_days = rows.days[:, TIMELINE.longest :][:, TIMELINE.within(window)]
        r = mean_correlation(residuals, rows.days[:, : TIMELINE.longest], window_days)
        tests = (
            event_tests.naive(car),
            event_tests.patell(scar, found.degrees_of_freedom),
            event_tests.boehmer(scar),
            event_tests.kolari_pynnonen(scar, r),
            event_tests.generalised_rank(scar, residuals, ranks, r),
            event_tests.generalised_sign(car, share),
        )
        results[window] = [test.p for test in tests], r
    return results


def speed(tickers: int = 500, sessions: int = 2_520, count: int = 5_000) -> None:
    """Seconds of a whole study, both models and all windows, on ten years of returns."""
    chance = np.random.default_rng(6)
    days, market = pd.bdate_range("2014-01-02", periods=sessions), chance.normal(0, 0.01, sessions)
    returns = pd.DataFrame(
        {
            "ticker": np.repeat([f"T{number:03}" for number in range(tickers)], sessions),
            "trading_day": np.tile(days, tickers),
            "session_number": np.tile(np.arange(sessions), tickers),
            "return_1d": np.tile(market, tickers) + chance.normal(0, 0.02, tickers * sessions),
            "benchmark": "SPY",
            "benchmark_return_1d": np.tile(market, tickers),
        }
    )
    is_late = returns["session_number"].between(300, sessions - 21)
    events = returns[is_late].sample(count, random_state=6)[["ticker", "trading_day", "session_number"]]
    events = events.assign(
        scorer="vader",
        origin="sentiment",
        direction=chance.choice(["positive", "negative"], count),
        label=None,
        voice=chance.choice(["together", "author against crowd"], count),
        newness=chance.choice(["novel", "copied"], count),
    )
    study(without_overlaps(events.iloc[:100]), returns.iloc[: 20 * sessions])  # compiled once
    whole = events.assign(is_used=True, dropped_reason=None)  # overlapping ones too: all of them are worked out
    began = time.perf_counter(), time.process_time()
    groups, _ = study(whole, returns)
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    print(
        f"{count:,} events x {TIMELINE.longest} estimation sessions, 2 models, {len(WINDOWS)} windows, "
        f"{len(groups):,} rows of statistics: {wall:.1f} s ({processor:.1f} s of processor)"
    )
