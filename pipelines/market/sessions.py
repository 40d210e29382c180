"""Trading sessions of an exchange: when each one opens and closes, and which are half days.

Here: the calendar of a range of days as a table, from exchange_calendars. Not here: which session a text
belongs to, any price.
"""

import warnings
from datetime import date

import exchange_calendars
import pandas as pd
import pyarrow as pa
from pandas.errors import Pandas4Warning

FIRST_DAY = date(1990, 1, 1)

SESSIONS = pa.schema(
    [
        pa.field("calendar", pa.string(), nullable=False),
        pa.field("trading_day", pa.date32(), nullable=False),
        pa.field("open_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("close_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("is_half_day", pa.bool_(), nullable=False),
    ]
)


def sessions(calendar: str, first: date, last: date) -> pa.Table:
    """Return the sessions of ``calendar`` from ``first`` to ``last``, both included, oldest first.

    ``calendar`` is an exchange_calendars name: ``"XNYS"``, or ``"24/7"`` for crypto, whose session is the UTC
    day and closes at the next midnight. ``trading_day`` is the exchange's date. A half day closes before the
    regular close of its date. No session in the range gives an empty table, and some calendars know fewer years
    (Tokyo's begins in 1997); an unknown calendar raises ``exchange_calendars.errors.InvalidCalendarName``.
    """
    # Whole years from 1990 on: exchange_calendars keeps its last calendar, and calls share it.
    start, end = min(first, FIRST_DAY).replace(month=1, day=1), date(max(last, FIRST_DAY).year + 1, 12, 31)
    with warnings.catch_warnings():
        # exchange_calendars 4.13 reads Series.values of instants, which pandas 3.1 is going to change.
        warnings.simplefilter("ignore", Pandas4Warning)
        exchange = _calendar(calendar, pd.Timestamp(start), pd.Timestamp(end))
    schedule = exchange.schedule.loc[pd.Timestamp(first) : pd.Timestamp(last)]
    return pa.Table.from_arrays(
        [
            pa.array([calendar] * len(schedule), pa.string()),
            pa.array(schedule.index).cast(pa.date32()),
            pa.array(schedule["open"]).cast(SESSIONS.field("open_at").type),
            pa.array(schedule["close"]).cast(SESSIONS.field("close_at").type),
            pa.array(schedule.index.isin(exchange.early_closes)),
        ],
        schema=SESSIONS,
    )


def _calendar(name: str, start: pd.Timestamp, end: pd.Timestamp) -> exchange_calendars.ExchangeCalendar:
    """The calendar over the years asked, or over those of them that it knows."""
    try:
        return exchange_calendars.get_calendar(name, start=start, end=end)
    except ValueError:
        known = exchange_calendars.get_calendar(name)
        earliest, latest = known.bound_min() or start, known.bound_max() or end
        return exchange_calendars.get_calendar(name, start=max(start, earliest), end=min(end, latest))
