"""Events of sentiment, and which events are too close to an earlier one of the same ticker.

Here: days whose sentiment stands far from its usual level, the groups that such a day belongs to, and the rule that
keeps the first of two overlapping events. Not here: a user's own events (``listed_events.py``), any price.
"""

import numpy as np
import pandas as pd

EVENTS = (
    "ticker",
    "trading_day",
    "session_number",  # Int64; NULL where the ticker has no session for the event
    "scorer",
    "origin",  # "sentiment" or "listed"
    "direction",  # "positive" or "negative"; NULL where nobody says
    "label",  # the user's own group of a listed event
    "sentiment_z",
    "text_count",
    "voice",
    "newness",
)
SIDE = 0.05  # a mean opinion nearer to 0 takes no side; VADER's own threshold


def sentiment_events(ticker_days: pd.DataFrame, threshold: float = 2.0, least_texts: int = 5) -> pd.DataFrame:
    """One row per ticker, trading day and scorer with ``|sentiment_z| > threshold`` and ``least_texts`` scored texts.

    ``ticker_days``: columns ticker, trading_day, session_number, scorer, sentiment_z, text_count, scored_count,
    copy_count, post_sentiment, comment_sentiment, as in ``mart.ticker_days``. Returns the columns ``EVENTS``, ordered.

    ``direction`` is the sign of z. ``voice``: "author against crowd" where posts and comments take opposite sides,
    "together" where they take the same, NULL where either takes none. ``newness``: "copied" where at least half of
    the texts repeat an earlier one, else "novel". A z that is missing or infinite is no event.
    """
    z = _floats(ticker_days["sentiment_z"])
    with np.errstate(invalid="ignore"):
        is_event = np.isfinite(z) & (np.abs(z) > threshold) & (_floats(ticker_days["scored_count"]) >= least_texts)
    days = ticker_days.loc[is_event]
    texts, copies = _floats(days["text_count"]), _floats(days["copy_count"])
    sides = [_side(_floats(days[column])) for column in ("post_sentiment", "comment_sentiment")]
    events = pd.DataFrame(
        {
            "ticker": days["ticker"].astype(object),
            "trading_day": pd.to_datetime(days["trading_day"]),
            "session_number": days["session_number"].astype("Int64"),
            "scorer": days["scorer"].astype(object),
            "origin": "sentiment",
            "direction": np.where(z[is_event] > 0, "positive", "negative").astype(object),
            "label": None,
            "sentiment_z": z[is_event],
            "text_count": days["text_count"].astype("Int64"),
            "voice": _named(sides[0] * sides[1], {-1: "author against crowd", 1: "together"}),
            "newness": _named(np.where(texts > 0, np.sign(copies - texts / 2), np.nan), {-1: "novel"}, "copied"),
        },
        columns=list(EVENTS),
    ).astype({"origin": object, "label": object})
    return events.sort_values(["ticker", "scorer", "trading_day"], ignore_index=True)


def without_overlaps(
    events: pd.DataFrame, window: tuple[int, int] = (-10, 20), first_sessions: pd.Series | None = None
) -> pd.DataFrame:
    """Return the events with ``is_used`` and ``dropped_reason``, ordered by ticker, scorer, origin and session.

    ``window``: first and last session of the event window, relative to the event, both included. Per ticker, scorer
    and origin the first event is kept; those whose window shares a session with that of the last kept one are
    dropped, whatever their direction or label: their returns are the same returns. Of two events of one session the
    one whose direction and label come first in the alphabet is kept, so that the order of the rows says nothing. An
    event without a session is kept: it overlaps nothing, and the study counts it as excluded. So is one before its
    ticker's session in ``first_sessions``, from which on there is room for an estimate: it must not displace another.
    """
    keys = ["ticker", "scorer", "origin"]
    ordered = events.sort_values([*keys, "session_number", "direction", "label"], ignore_index=True)
    session = ordered["session_number"].to_numpy(dtype="float64", na_value=np.nan)
    first = np.full(len(ordered), -np.inf)
    if first_sessions is not None:
        first = ordered["ticker"].map(first_sessions).to_numpy(dtype="float64", na_value=np.inf)
    placed = np.flatnonzero(np.isfinite(session) & (session >= first))
    is_used = np.ones(len(ordered), dtype=bool)
    reason = np.full(len(ordered), None, dtype=object)
    if len(placed):
        length = window[1] - window[0] + 1
        number = session[placed].astype(np.int64) - int(session[placed].min())
        group = ordered.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()[placed]
        # One line of sessions for all groups, each further from the next than any window is long.
        line = group * (int(number.max()) + length) + number
        following = np.searchsorted(line, line + length).tolist()
        kept, place = [], 0
        while place < len(line):  # over kept events only: where the next one begins depends on this one
            kept.append(place)
            place = following[place]
        is_kept = np.zeros(len(line), dtype=bool)
        is_kept[kept] = True
        is_used[placed] = is_kept
        dropped, keeper = placed[~is_kept], placed[np.asarray(kept)[np.cumsum(is_kept) - 1][~is_kept]]
        day = pd.to_datetime(ordered["trading_day"]).dt.strftime("%Y-%m-%d").to_numpy(dtype=object)
        reason[dropped] = "its window overlaps that of the event of " + day[keeper]
    return ordered.assign(is_used=is_used, dropped_reason=pd.Series(reason, dtype=object))


def _floats(column: pd.Series) -> np.ndarray:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _side(sentiment: np.ndarray) -> np.ndarray:
    """1, -1, or 0 for no side; 0 too where it is missing."""
    with np.errstate(invalid="ignore"):
        return (sentiment > SIDE).astype(int) - (sentiment < -SIDE)


def _named(values: np.ndarray, names: dict[int, str], other: str | None = None) -> np.ndarray:
    """``names`` of the values, ``other`` for the rest, None for NaN."""
    named = np.full(len(values), other, dtype=object)
    for value, name in names.items():
        named[values == value] = name
    named[np.isnan(values)] = None
    return named
