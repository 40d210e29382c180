"""Watching the inbox: whether it holds something new that is no longer being written.

What is remembered between two looks is a digest of all names, sizes and times: it stays small however many files
there are. Something new is waited for until two looks find the inbox the same and nothing in it is seconds old. A file
that goes on growing holds the others up for some minutes at most: a run leaves it alone (``inbox.no_longer_written``).
Not here: reading any file, starting a run (``pipelines/defs/sensors.py``).
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipelines.sources.inbox import files_below

WATCHED = ("texts", "prices", "events")  # folders of the inbox
FRESH_SECONDS = 10.0
LONGEST_WAIT = timedelta(minutes=10)


class Listing(NamedTuple):
    """What lies in the inbox: a digest of it, how many files, whether one was written to seconds ago."""

    digest: str
    file_count: int
    is_fresh: bool


class Watched(msgspec.Struct, frozen=True):
    """What a look leaves for the next: the listing a run was asked for, the one just seen, and since when it is new."""

    asked: str
    seen: str
    new_since: datetime | None = None


def listing(inbox: Path, now: datetime) -> Listing:
    """The files of the inbox as they lie there; a folder that is not there or cannot be read is an empty one."""
    found = [
        (path, stats.st_size, stats.st_mtime_ns) for folder in WATCHED for path, stats in files_below(inbox / folder)
    ]
    digest = hashlib.blake2b(digest_size=16)
    for one in sorted(found):
        digest.update(repr(one).encode("utf-8", "surrogateescape"))
    is_fresh = any(0 <= now.timestamp() - written / 1e9 < FRESH_SECONDS for _, _, written in found)
    return Listing(digest.hexdigest(), len(found), is_fresh)


def look(last: Watched | None, found: Listing, now: datetime) -> tuple[Watched, bool]:
    """What to remember of this look, and whether there is something new to take in.

    The first look finds everything new that is there. A file that was removed counts as a change, too.
    """
    if last is None:
        last = Watched(asked=found.digest if not found.file_count else "", seen="")
    if found.digest == last.asked:
        return Watched(last.asked, found.digest), False
    # A clock set back makes no wait longer.
    new_since = min(last.new_since or now, now)
    is_still = found.digest == last.seen and not found.is_fresh
    if is_still or now - new_since >= LONGEST_WAIT:
        return Watched(found.digest, found.digest), True
    return Watched(last.asked, found.digest, new_since), False
