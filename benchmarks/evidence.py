"""Evidence, whole: the verdicts on a year of real tweets, and seconds and memory of all studies on a large market.

The year: 2014's tweets, 87 tickers against SPY, through the job as ``year`` runs it. The baseline of each figure is the
placebo of the same run: the same tests on shuffled sentiment. The large market is noise, 500 tickers × 2,520 sessions ×
5 horizons × 8 signals of one scorer, read from DuckDB as the job reads it.
"""

import multiprocessing
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from benchmarks.lead_lag import peak
from benchmarks.year import fill_inbox, launch
from pipelines.evidence.event_study import study
from pipelines.evidence.event_verdicts import judged_events
from pipelines.evidence.events import sentiment_events, without_overlaps
from pipelines.evidence.granger import granger
from pipelines.evidence.lead_lag import lead_lag
from pipelines.evidence.panel import HORIZONS, SIGNALS
from pipelines.evidence.placebo import SEED, placebo
from pipelines.evidence.read import all_panels, whole_panels
from pipelines.evidence.signal_quality import signal_quality
from pipelines.sql_files import marts_in_order, sql_file
from pipelines.tables import frame
from pipelines.warehouse import PUBLISHED, Warehouse

TICKERS, SESSIONS = 500, 2_520
COUNTS = """
    select 'signal_quality' as study, 'sentiment first' as question, count(p) as tests, count_if(p < 0.05) as p_below_5,
        count_if(q <= 0.05) as evidence, count(*) - count(p) as not_tested from mart.signal_quality
    union all
    select 'lead_lag', question, count(p), count_if(p < 0.05), count_if(q <= 0.05), count(*) - count(p)
    from mart.lead_lag group by question
    union all
    select 'granger', direction, count(p), count_if(p < 0.05), count_if(q <= 0.05), count(*) - count(p)
    from mart.granger group by direction
    union all
    select 'event_study', question, count(p), count_if(p < 0.05), count_if(q <= 0.05), count(*) - count(p)
    from mart.event_study group by question
    order by study, question
"""
MARKET = """
    select scorer, signal, horizon, round(ic, 4) as ic, round(icir, 3) as icir, round(hit_rate, 2) as hits,
        round(spread_bps, 1) as spread, round(net_spread_bps, 1) as net, round(t_hac, 2) as t, round(p, 3) as p,
        round(out_of_sample_ic, 4) as out_of_sample, session_count as n, round(name_count, 1) as names, verdict
    from mart.signal_quality
    where universe = 'XNYS' and source = 'all' and signal in ('mean_sentiment', 'decayed_sentiment')
    order by scorer, signal, horizon
"""
PROFILE = """
    select scorer, lag, question, round(correlation, 4) as correlation, round(correlation_low, 4) as low,
        round(correlation_high, 4) as high, ticker_count as tickers, session_count as n, verdict
    from mart.lead_lag
    where universe = calendar and reason is null
    order by scorer, lag
"""
EVENTS = """
    select scorer, window_start as first, window_end as last, event_count as n, dropped_count as dropped,
        excluded_count as excluded, round(1e4 * mean_car, 1) as car_bps, round(naive_t, 2) as naive_t,
        round(bmp_t, 2) as bmp_t, round(kp_t, 2) as kp_t, round(mean_correlation, 4) as r, verdict
    from mart.event_study
    where event_group = 'all' and model = 'market'
    order by scorer, window_start, window_end
"""


def main(shared: Path) -> None:
    """Print both."""
    real(shared)
    large()


def real(shared: Path) -> None:
    """Run 2014 and print what its evidence tables say."""
    home = Path(tempfile.mkdtemp(prefix="crowdtape-evidence-"))
    try:
        fill_inbox(shared, home / "inbox")
        took, _ = launch(home)
        con = duckdb.connect(home / PUBLISHED, read_only=True)
        print(f"stocknet, 2014, the whole job {took:.1f} s")
        for title, query in (("tests", COUNTS), ("ahead", MARKET), ("lead and lag", PROFILE), ("events", EVENTS)):
            print(f"\n{title}\n{con.execute(query).df().to_string(index=False)}")
        noise = placebo(all_panels(con), SEED)
        below = (noise["p"] < 0.05).sum()
        print(
            f"\nplacebo: {noise['p'].count():,} tests, p < 0.05 in {below:,}, q <= 0.05 in {(noise['q'] <= 0.05).sum()}"
        )
        con.close()
    finally:
        shutil.rmtree(home)


def large() -> None:
    """Draw the large market in one process, study it in another, and print what that one took."""
    home = Path(tempfile.mkdtemp(prefix="crowdtape-large-"))
    context = multiprocessing.get_context("spawn")
    try:
        for work in (draw, measure):
            results = context.Queue()
            process = context.Process(target=work, args=(home, results))
            process.start()
            print(results.get())
            process.join()
    finally:
        shutil.rmtree(home)


def draw(home: Path, results: Any) -> None:
    """Write the large market, and a small one on which the studies compile."""
    for name, tickers, sessions in (("small", 6, 60), ("large", TICKERS, SESSIONS)):
        with Warehouse(home=str(home / name)).connect() as con:
            drawn(con, tickers, sessions)
    results.put("")


def measure(home: Path, results: Any) -> None:
    """The report of the large market, with this process's peak."""
    with Warehouse(home=str(home / "small")).connect() as con:
        studied(con)
    before = peak()
    began = time.perf_counter(), time.process_time()
    with Warehouse(home=str(home / "large")).connect() as con:
        steps = studied(con)
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    shape = f"{TICKERS} tickers × {SESSIONS:,} sessions × {len(HORIZONS)} horizons × {len(SIGNALS)} signals"
    results.put(
        f"{shape}: all evidence {wall:.1f} s ({processor:.1f} s of processor), peak {peak():,.0f} MB "
        f"({before:,.0f} MB before)\n" + "\n".join(steps)
    )


def studied(con: duckdb.DuckDBPyConnection) -> list[str]:
    """All studies as the assets call them; a line for each."""
    lines = []
    for name, work in (
        ("signal quality", lambda: signal_quality(whole_panels(con))),
        ("lead and lag", lambda: lead_lag(whole_panels(con))),
        ("granger", lambda: granger(whole_panels(con))),
        ("event study", lambda: events(con)),
    ):
        began = time.perf_counter()
        table = work()
        seconds = time.perf_counter() - began
        tests, found = table["p"].count(), (table["q"] <= 0.05).sum()
        rows = f"{len(table):>7,} rows, {seconds:5.1f} s, peak so far {peak():,.0f} MB"
        lines.append(f"  {name:<15}{rows}; found in noise: {found} of {tests:,} tests")
    return lines


def events(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The groups of the event study of sentiment."""
    found = without_overlaps(sentiment_events(frame(con, sql_file("evidence/said"), {"z": 2.0})), (-5, 20))
    return judged_events(study(found, frame(con, sql_file("evidence/market"))).groups)


def drawn(con: duckdb.DuckDBPyConnection, tickers: int, sessions: int) -> None:
    """Fill the tables that the studies read with noise: half of the sessions silent, one common factor."""
    for mart in marts_in_order():
        Warehouse(home="").build_mart(con, mart)
    for table in ("core.scorers", "core.instruments", "core.sessions", "core.returns"):
        con.execute(f"delete from {table}")
    con.execute("insert into core.scorers values ('noise', '1', true)")
    con.execute(
        """insert into core.sessions
        select 'XNYS', date '1990-01-01' + n, opens, closes, false, n, closes, n + 1
        from (select n::integer as n, timestamptz '1990-01-01 14:00:00+00' + to_days(n::integer) as opens,
            opens + interval 6 hours as closes from range(1, ?) as days(n))""",
        [sessions + 1],
    )
    con.execute(
        """insert into core.instruments by name
        select 'T' || n as ticker, 't' || n as instrument_id, 'XNYS' as calendar, 'T0' as benchmark, false as is_word
        from range(0, ?) as tickers(n)""",
        [tickers],
    )
    dice = np.random.default_rng(1)
    common = dice.standard_normal((sessions, 1))
    days = np.arange(1, sessions + 1)
    rows = {
        "ticker": np.repeat([f"T{n}" for n in range(tickers)], sessions),
        "session_number": np.tile(days, tickers),
    }
    returns = rows | {
        name: (0.01 * (common + dice.standard_normal((sessions, tickers)))).T.ravel()
        for name in ("return_1d", *(f"forward_return_{horizon}d" for horizon in HORIZONS))
    }
    returns |= {f"abnormal_{name}": values for name, values in returns.items() if "return" in name}
    silent = dice.random((sessions, tickers)).T.ravel() < 0.5
    said = {name: np.where(silent, np.nan, dice.standard_normal(silent.size)) for name in (*SIGNALS, "sentiment_z")}
    counts = {name: np.where(silent, 0, 9) for name in ("text_count", "scored_count")}
    con.register("drawn", pd.DataFrame(returns | said | counts | {"scorer": "noise", "copy_count": 0}))
    con.execute(
        """insert into mart.ticker_days by name
        select drawn.*, sessions.trading_day from drawn join core.sessions using (session_number)"""
    )
    con.execute(
        """insert into core.returns by name
        select ticker, trading_day, calendar, 'T0' as benchmark, return_1d
        from drawn join core.sessions using (session_number)"""
    )
    con.unregister("drawn")
