"""Whether the stamps of one-minute bars mark the start or the end of the minute, told by the bars themselves.

Here: the votes of the New York sessions that a file shows. Not here: vendors whose format says it, and what
is done when nobody knows (``inbox_prices.py``).

A minute that starts at 09:30 is stamped 09:30 or 09:31; the last one of the day 15:59 or 16:00, of a half day
12:59 or 13:00. So each session is asked, with the calendar's own open and close:

- Only regular hours are there (no stamp before the open, none after the close): a first stamp at the open
  says *start*, a last one at the close says *end*, both together nothing. Only if no session shows either,
  the weaker signs count, which a minute without trade also leaves: a first stamp one minute after the open
  says *end*, a last one a minute before the close says *start*.
- Extended hours are there too: of the stamps at the open and one minute later, the one with three times the
  volume of the other is the minute of the opening auction. A first stamp at 04:00 says *start*; a last one at
  20:00, or at 17:00 on a half day, says *end*.

Decided when at least half of the sessions say something and three of four of these the same.
"""

import pandas as pd

from pipelines.market.sessions import sessions

NEW_YORK = "America/New_York"
EXTENDED_OPEN = pd.Timedelta(hours=4)
EXTENDED_CLOSE = pd.Timedelta(hours=20)
EXTENDED_CLOSE_OF_HALF_DAY = pd.Timedelta(hours=17)
AUCTION_VOLUME = 3  # times the volume of the minute beside it; 5 to 100 in liquid names
MAJORITY = 0.75
QUORUM = 0.5
STRAY = 0.05


def is_round_the_clock(instants: pd.Series) -> bool:
    """True where bars are on New York weekends or from 20:01 to 03:59: no US equity, or not in its time zone.

    One in twenty must be there, so that a stray row decides nothing.
    """
    local = instants.dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    time = local - local.dt.floor("D")
    is_closed = (local.dt.day_of_week >= 5) | (time < EXTENDED_OPEN) | (time > EXTENDED_CLOSE)
    return bool(is_closed.mean() > STRAY)


def stamp_seen(instants: pd.Series, volume: pd.Series, is_zone_known: bool) -> str | None:
    """Return ``"start"`` or ``"end"``, or None where the file does not show it.

    ``instants`` are the stamps of XNYS minutes in UTC, ``volume`` is theirs, NaN where not given. Where their
    time zone is only supposed (``is_zone_known`` False), a session with extended hours counts only if it has
    a bar at its open, so that clocks of another zone decide nothing.
    """
    if instants.empty:
        return None
    if volume.gt(0).any():
        traded = volume.gt(0)  # vendors add rows without a trade at the close
        instants, volume = instants[traded], volume[traded]
    days = _sessions_seen(instants, volume)
    regular = (days["first"] >= 0) & (days["last"] <= 0)
    extended = ~regular & (is_zone_known | days["has_open"] | days["has_second"])
    auction_first = (days["at_open"] > 0) & (days["at_open"] >= AUCTION_VOLUME * days["at_second"])
    auction_second = (days["at_second"] > 0) & (days["at_second"] >= AUCTION_VOLUME * days["at_open"])
    starts = (regular & (days["first"] == 0)) | (extended & (auction_first | days["is_from_extended_open"]))
    ends = (regular & (days["last"] == 0)) | (extended & (auction_second | days["is_to_extended_close"]))
    if not (starts | ends).any():
        starts, ends = regular & (days["last"] == -1), regular & (days["first"] == 1)
    start_count, end_count = int((starts & ~ends).sum()), int((ends & ~starts).sum())
    voting = start_count + end_count
    if voting == 0 or voting < QUORUM * len(days):
        return None
    if max(start_count, end_count) < MAJORITY * voting:
        return None
    return "start" if start_count > end_count else "end"


def _sessions_seen(instants: pd.Series, volume: pd.Series) -> pd.DataFrame:
    """One row per XNYS session: minutes from its open to its first stamp, from its close to its last."""
    local = instants.dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    day = local.dt.floor("D")
    bars = pd.DataFrame({"at": instants, "local": local, "trading_day": day, "volume": volume})
    calendar = sessions("XNYS", day.min().date(), day.max().date()).to_pandas()
    calendar["trading_day"] = pd.to_datetime(calendar["trading_day"]).astype(day.dtype)
    bars = bars.merge(calendar, on="trading_day")
    bars["past_open"] = (bars["at"] - bars["open_at"]).dt.total_seconds() / 60
    bars["past_close"] = (bars["at"] - bars["close_at"]).dt.total_seconds() / 60
    by_day = bars.groupby("trading_day")
    days = by_day.agg(first=("past_open", "min"), last=("past_close", "max"), is_half_day=("is_half_day", "first"))
    for name, minute in (("open", 0), ("second", 1)):
        there = bars[bars["past_open"] == minute].groupby("trading_day")["volume"].max()
        days[f"has_{name}"] = days.index.isin(there.index)
        days[f"at_{name}"] = there.reindex(days.index).fillna(0.0)
    first_time = by_day["local"].min() - days.index
    last_time = by_day["local"].max() - days.index
    days["is_from_extended_open"] = first_time == EXTENDED_OPEN
    days["is_to_extended_close"] = (last_time == EXTENDED_CLOSE) | (
        (last_time == EXTENDED_CLOSE_OF_HALF_DAY) & days["is_half_day"]
    )
    return days
