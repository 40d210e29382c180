"""Lead-lag and Granger over 500 tickers × 2,520 sessions, one scorer. Each in a process of its own.

Baseline, in the same run: statsmodels in a loop over some of the tickers, without the pooled rows and the families.
"""

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.evidence.granger import LAGS as GRANGER_LAGS
from pipelines.evidence.granger import granger
from pipelines.evidence.lead_lag import LAGS, lead_lag
from pipelines.evidence.panel import Panel

TICKERS, SESSIONS = 500, 2_520
LOOPED = 20  # tickers of the baseline
MISSING = 0.1  # of the sessions of a ticker have no text


def main(shared: Path) -> None:
    """Print seconds, peaks, and how often noise looks like evidence."""
    for work, baseline in ((lead_lag, loop_lead_lag), (granger, loop_granger)):
        context = multiprocessing.get_context("spawn")
        results = context.Queue()
        process = context.Process(target=measure, args=(results, work, baseline))
        process.start()
        print(results.get())
        process.join()


def measure(results: Any, work: Callable[[list[Panel]], Any], baseline: Callable[[Panel], None]) -> None:
    """Seconds of both, and by how much ``work`` raised the peak of this process."""
    panel = noise(TICKERS)
    work([noise(2)])
    before = peak()
    began = time.perf_counter(), time.process_time()
    table = work([panel])
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    above = peak() - before
    began = time.process_time()
    baseline(panel)
    looped = (time.process_time() - began) / LOOPED * TICKERS
    tests = table["p"].dropna()
    results.put(
        f"{work.__name__}: {len(tests):,} tests in {wall:.2f} s ({processor:.2f} s of processor), {above:,.0f} MB "
        f"above the panel; statsmodels {looped:,.0f} s ({LOOPED} tickers, scaled), {looped / processor:,.0f} ×; "
        f"of noise {(tests < 0.05).mean():.1%} has p < 0.05, {(table['q'] <= 0.05).sum()} q ≤ 0.05"
    )


def peak() -> float:
    """Peak memory of this process so far, MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def noise(tickers: int) -> Panel:
    """Sentiment with gaps and memory, returns with fat tails, nothing between them."""
    chance = np.random.default_rng(6)
    sentiment = chance.standard_normal((SESSIONS, tickers))
    for at in range(1, SESSIONS):
        sentiment[at] += 0.4 * sentiment[at - 1]
    sentiment[chance.random(sentiment.shape) < MISSING] = np.nan
    returns = 0.01 * chance.standard_t(4, (SESSIONS, tickers))
    days = np.datetime64("2014-01-01") + np.arange(SESSIONS)
    names = tuple(f"T{at:03}" for at in range(tickers))
    return Panel("vader", "all", "XNYS", days, names, {"mean_sentiment": sentiment}, {}, returns, ("raw",) * tickers)


def loop_lead_lag(panel: Panel) -> None:
    """OLS with HAC errors, ticker by ticker and lag by lag."""
    import pandas as pd
    import statsmodels.api as sm

    for ticker in range(LOOPED):
        pair = pd.DataFrame({"x": panel.signals["mean_sentiment"][:, ticker], "y": panel.returns[:, ticker]})
        for lag in LAGS:
            both = pair.assign(y=pair["y"].shift(-lag)).dropna()
            both = (both - both.mean()) / both.std(ddof=0)
            fit = sm.OLS(both["y"], sm.add_constant(both["x"])).fit(
                cov_type="HAC", cov_kwds={"maxlags": 8, "use_correction": True}, use_t=True
            )
            fit.conf_int()


def loop_granger(panel: Panel) -> None:
    """OLS with HC3 errors and the joint test, ticker by ticker and both ways."""
    import pandas as pd
    import statsmodels.api as sm

    for ticker in range(LOOPED):
        pair = pd.DataFrame({"x": panel.signals["mean_sentiment"][:, ticker], "y": panel.returns[:, ticker]})
        lagged = {f"{name}{lag}": pair[name].shift(lag) for name in ("x", "y") for lag in range(1, GRANGER_LAGS + 1)}
        both = pair.assign(constant=1.0, **lagged).dropna()
        for today, other in (("y", "x"), ("x", "y")):
            fit = sm.OLS(both[today], both[["constant", *lagged]]).fit(cov_type="HC3", use_t=True)
            fit.f_test(", ".join(f"{other}{lag} = 0" for lag in range(1, GRANGER_LAGS + 1)))
