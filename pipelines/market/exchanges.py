"""Which trading calendar an exchange suffix means: ``7203.T`` trades in Tokyo.

Here: the list ``warehouse/reference/exchanges.csv``, read and checked. The suffixes are those of Yahoo, the calendars
the names of exchange_calendars. Not here: which tickers there are (``warehouse/core/instruments.sql``). Left out are
exchanges whose calendar exchange_calendars 4.13 cannot build under pandas 3.1 (Athens, Tel Aviv, Bucharest).
"""

from pathlib import Path

import exchange_calendars
import pyarrow as pa
from pyarrow import csv

EXCHANGES = pa.schema([("suffix", pa.string()), ("calendar", pa.string()), ("exchange", pa.string())])


def read_exchanges(path: Path) -> pa.Table:
    """The exchanges in the CSV file ``path`` as an ``EXCHANGES`` table; ``ValueError`` for a calendar nobody knows."""
    options = csv.ConvertOptions(column_types=EXCHANGES, strings_can_be_null=False)
    exchanges = csv.read_csv(path, convert_options=options)
    known = exchange_calendars.get_calendar_names(include_aliases=True)
    if unknown := sorted(set(exchanges["calendar"].to_pylist()).difference(known)):
        raise ValueError(f"{path}, column calendar: no calendars of exchange_calendars: {', '.join(unknown)}")
    return exchanges
