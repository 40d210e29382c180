"""The moment of a session up to which texts count in it, and the session whose open can be traded after that.

Here: the setting ``CROWDTAPE_CUTOFF`` applied to a calendar. Not here: the calendar (``sessions.py``), any text.
"""

import re

import numpy as np
import pyarrow as pa

CUTOFF = re.compile(r"^(?:open|close|close-(?P<minutes>[1-9]\d{0,2})m)$")
MOST_MINUTES = 360  # of a session of 390; the cut-offs of two sessions must not change places

AT = pa.field("cutoff_at", pa.timestamp("us", tz="UTC"), nullable=False)
ENTRY = pa.field("entry_session_number", pa.int32())


def checked_cutoff(cutoff: str) -> str:
    """``cutoff`` as given; raises ``ValueError`` saying what it may be."""
    found = CUTOFF.match(cutoff)
    if not found or int(found["minutes"] or 0) > MOST_MINUTES:
        raise ValueError(
            f"{cutoff!r} is no cut-off; it may be close, open, or minutes before the close from close-1m to "
            f"close-{MOST_MINUTES}m"
        )
    return cutoff


def with_cutoffs(sessions: pa.Table, cutoff: str) -> pa.Table:
    """All consecutive sessions of one calendar, oldest first, with ``cutoff_at`` and ``entry_session_number``.

    A text counts in the first session whose cut-off is after ``known_at``. The entry is the first session, numbered
    from 1, that opens at or after the cut-off: what was known by then can be traded there. NULL for the last session.
    """
    minutes = CUTOFF.match(checked_cutoff(cutoff))["minutes"]
    opens = sessions["open_at"].to_numpy()
    closes = sessions["close_at"].to_numpy()
    at = opens if cutoff == "open" else closes - np.timedelta64(int(minutes or 0), "m")
    entry = np.searchsorted(opens, at, side="left") + 1
    return sessions.append_column(AT, pa.array(at, AT.type)).append_column(
        ENTRY, pa.array(entry, ENTRY.type, mask=entry > len(opens))
    )
