"""The minutes around texts: a million bars, a hundred thousand texts. Each way in a process of its own.

Baseline, in the same run: the same five as-of joins with pandas' ``merge_asof``, of bars that are unique, ordered and
in memory. Ours reads ``raw.prices``, chooses a vendor for each day and one row for each minute, and gives reasons.
"""

import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.market.sessions import sessions
from pipelines.schema import apply_schema
from pipelines.settings import Settings
from pipelines.sql_files import sql_file

TICKERS, TEXTS = 20, 100_000
FIRST, LAST = date(2024, 1, 2), date(2024, 7, 10)
MOVES = {"return_5m": 5, "return_1h": 60}
STALE = pd.Timedelta(minutes=Settings().stale_minutes)


def main(shared: Path) -> None:
    """Print seconds and peak memory of both, and how far they differ."""
    del shared  # made by chance: the real minutes are too few
    context = multiprocessing.get_context("spawn")
    moves = []
    for way in (ours, with_pandas):
        results = context.Queue()
        process = context.Process(target=measure, args=(results, way))
        process.start()
        report, found = results.get()
        process.join()
        moves.append(found)
        print(report)
    gap = max(float((moves[0][name] - moves[1][name]).abs().max()) for name in moves[0].columns)
    same = bool((moves[0].isna() == moves[1].isna()).all().all())
    print(
        f"{moves[0]['return_1h'].count():,} moves over an hour; NULL in the same places: {same}; greatest gap {gap:.1e}"
    )


def measure(results: Any, way: Callable[[], tuple[float, pd.DataFrame]]) -> None:
    """Seconds of the joins (making the data is not counted), the peak of this process, and the moves."""
    seconds, found = way()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1024
    results.put((f"{way.__name__:12} {seconds:6.2f} s, peak {peak:,.0f} MB", found))


def tape() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Sessions; bars of their regular minutes, one in fifty missing; texts, four of five in regular hours."""
    chance = np.random.default_rng(5)
    calendar = sessions("XNYS", FIRST, LAST).to_pandas()
    lengths = ((calendar["close_at"] - calendar["open_at"]).dt.total_seconds() // 60).astype(int)
    starts = pd.concat(
        [
            pd.Series(pd.date_range(row.open_at, periods=n, freq="min"))
            for row, n in zip(calendar.itertuples(), lengths, strict=True)
        ]
    )
    bars = pd.DataFrame({"start_at": np.tile(starts.to_numpy(), TICKERS)})
    bars["start_at"] = bars["start_at"].astype("datetime64[us, UTC]")
    bars["ticker"] = np.repeat([f"T{n:02d}" for n in range(TICKERS)], len(starts))
    close = 100 * np.exp(np.cumsum(chance.normal(0, 1e-4, len(bars))))
    bars["close"], bars["open"], bars["volume"] = close, np.roll(close, 1), 100.0
    bars = bars[chance.random(len(bars)) > 0.02].reset_index(drop=True)
    picked = calendar.iloc[chance.integers(len(calendar), size=TEXTS)]
    seconds = pd.to_timedelta(chance.integers(-5_850, 23_400, size=TEXTS), unit="s")
    texts = pd.DataFrame(
        {"known_at": (picked["open_at"].reset_index(drop=True) + seconds).astype("datetime64[us, UTC]")}
    )
    texts["ticker"] = [f"T{n:02d}" for n in chance.integers(TICKERS, size=TEXTS)]
    texts["text_id"] = [f"{n:06d}" for n in range(TEXTS)]
    return calendar, bars, texts


def ours() -> tuple[float, pd.DataFrame]:
    """The query of ``core.minute_moves`` over the tables that the job fills."""
    calendar, bars, texts = (pa.Table.from_pandas(frame, preserve_index=False) for frame in tape())
    con = duckdb.connect(config={"memory_limit": Settings().memory_limit})
    con.execute("set TimeZone = 'UTC'")
    con.execute("set enable_progress_bar = false")
    con.execute("set preserve_insertion_order = false")
    apply_schema(con)
    con.register("calendar", calendar)
    con.register("bars", bars)
    con.register("texts", texts)
    con.execute(
        """insert into core.sessions by name
        select *, row_number() over (order by trading_day) as session_number from calendar"""
    )
    con.execute(
        """insert into core.instruments by name
        select distinct ticker, lower(ticker) as instrument_id, 'XNYS' as calendar, false as is_word from bars"""
    )
    con.execute(
        """insert into raw.prices by name
        select *, '1min' as bar, start_at::date as trading_day, 'made' as vendor, ticker || '.csv' as path from bars"""
    )
    con.execute("insert into core.scorers by name select 'vader' as scorer, '1' as scorer_version, true as is_current")
    con.execute(
        """insert into core.opinions by name
        select *, 'vader' as scorer, '1' as scorer_version, 'own' as basis, 1 as sentence_count, 1 as relevance,
            1 as weight, known_at::date as day
        from texts"""
    )
    del calendar, bars, texts
    began = time.perf_counter()
    con.execute(
        f"insert into core.minute_moves by name {sql_file('core/minute_moves')}",
        {"stale_minutes": Settings().stale_minutes},
    )
    seconds = time.perf_counter() - began
    return seconds, con.execute(
        "select price_at_known, return_5m, return_1h, return_to_close from core.minute_moves order by text_id"
    ).df()


def with_pandas() -> tuple[float, pd.DataFrame]:
    """Five calls of ``merge_asof``."""
    calendar, bars, texts = tape()
    began = time.perf_counter()
    bars["end_at"] = bars["start_at"] + pd.Timedelta(minutes=1)
    bars = bars.sort_values("start_at")
    hours = calendar[["open_at", "close_at"]].astype("datetime64[us, UTC]")
    texts = pd.merge_asof(
        texts.sort_values("known_at"),
        hours,
        left_on="known_at",
        right_on="close_at",
        direction="forward",
        allow_exact_matches=False,
    )
    columns = ["ticker", "start_at", "end_at", "close"]
    following = bars[["ticker", "start_at", "open"]].rename(columns={"start_at": "entry_at"})
    texts = pd.merge_asof(
        texts, following, left_on="known_at", right_on="entry_at", by="ticker", direction="forward", tolerance=STALE
    )
    is_entered = (texts["known_at"] >= texts["open_at"]) & (texts["entry_at"] < texts["close_at"])
    moments = {name: texts["known_at"] + pd.Timedelta(minutes=minutes) for name, minutes in MOVES.items()}
    found = pd.DataFrame({"text_id": texts["text_id"]})
    for name, moment in {"price_at_known": texts["known_at"], **moments, "return_to_close": texts["close_at"]}.items():
        asked = texts.assign(moment=moment).sort_values("moment", kind="stable")
        last = pd.merge_asof(
            asked, bars[columns], left_on="moment", right_on="end_at", by="ticker", tolerance=STALE
        ).set_index(asked.index)
        if name == "price_at_known":
            found[name] = last["close"]
        else:
            holds = is_entered & (moment <= texts["close_at"]) & (last["start_at"] >= texts["entry_at"])
            found[name] = (last["close"] / texts["open"] - 1).where(holds)
    return time.perf_counter() - began, found.sort_values("text_id", ignore_index=True).drop(columns="text_id")
