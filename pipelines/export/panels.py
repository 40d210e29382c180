"""Point-in-time panels of one calendar, in the layout of alphalens and vectorbt.

A row dated t has what was known before the open of session t, and ``prices`` of t is that open: the first price at
which it can be acted on (``entry_session`` of ``mart.ticker_days``; with the cut-off at the close, the session after
the one that the row speaks of). So prices[t + 1] / prices[t] − 1, the forward return of alphalens over one period,
begins after the last text. Nothing is to be shifted.
Not here: the studies' own panels (``evidence/panel.py``), files (``__main__.py``).
"""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import pandas as pd

from pipelines.sql_files import sql_file
from pipelines.tables import frame

INDEX = ["date", "asset"]


class TradingPanel(NamedTuple):
    """One signal by one scorer, on the sessions and priced tickers of one calendar.

    ``factor`` is a series by (date, asset) of what is there; the frames have a row per session, none left out, and a
    column per ticker. Missing is NaN, never filled. Prices are adjusted for splits and dividends, and end with the last
    bar: a reading whose open is still to come is in ``factor`` alone.
    """

    factor: pd.Series
    signal: pd.DataFrame  # the factor, wide
    prices: pd.DataFrame  # opens
    close: pd.DataFrame


def trading_panel(
    con: duckdb.DuckDBPyConnection, calendar: str, scorer: str = "finance", signal: str = "mean_sentiment"
) -> TradingPanel:
    """The panel of ``signal``, one of the columns of ``factors``; ``KeyError`` for another."""
    factor = factors(con, calendar, scorer)[signal].dropna().rename("factor")
    prices, close = opens_and_closes(con, calendar)
    wide = factor.unstack("asset").reindex(index=prices.index, columns=prices.columns)
    return TradingPanel(factor, wide, prices, close)


def forward_returns(prices: pd.DataFrame, periods: Sequence[int] = (1, 5)) -> pd.DataFrame:
    """prices[t + n] / prices[t] − 1 by (date, asset), a column "<n>D" per period: for alphalens' ``get_clean_factor``.

    Where both prices are there. Alphalens' own forward returns fill a missing price with the one before, which makes
    the return over a gap, or after a ticker's last bar, 0.
    """
    ahead = {f"{period}D": prices.shift(-period) / prices - 1 for period in periods}
    return pd.concat(ahead, axis=1).stack("asset").dropna(how="all")


def calendars(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Calendars on which there is something to act on: priced tickers of which texts speak."""
    found = con.execute(
        """select distinct calendar from core.returns
        where ticker in (select ticker from mart.ticker_days where entry_session is not null) order by calendar"""
    )
    return [calendar for (calendar,) in found.fetchall()]


def scorers(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Scorers of the link table."""
    return [scorer for (scorer,) in con.execute("select distinct scorer from mart.ticker_days order by 1").fetchall()]


def factors(con: duckdb.DuckDBPyConnection, calendar: str, scorer: str) -> pd.DataFrame:
    """One row per (date, asset) and one column per signal, NaN where nothing was said."""
    rows = frame(con, sql_file("export/factors"), {"calendar": calendar, "scorer": scorer})
    return rows.assign(date=rows["date"].astype("datetime64[ns]")).set_index(INDEX)


def opens_and_closes(con: duckdb.DuckDBPyConnection, calendar: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Adjusted opens, and closes: sessions × tickers, from the first session that has a factor to the last bar."""
    rows = frame(con, sql_file("export/prices"), {"calendar": calendar})
    rows["date"] = rows["date"].astype("datetime64[ns]")
    days = pd.DatetimeIndex(rows["date"].unique(), name="date")
    priced = rows.dropna(subset="asset").set_index(INDEX)
    opens, closes = (priced[name].unstack("asset").reindex(days) for name in ("open", "close"))
    return opens, closes
