"""Hacker News, asked through Algolia: what a search finds in a window, then the whole threads around it.

Pages are followed by time, not by number: Algolia stops after 1,000 hits, and numbered pages shift while items come.
Not here: what an item becomes (``hackernews.py``), HTTP (``web.py``).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec

from pipelines.sources.answers import Answer, Cursors, Incomplete, Refused, TooLarge, WrongShape
from pipelines.sources.records import read_records
from pipelines.sources.rows import Batch, Limits
from pipelines.sources.web import Web
from pipelines.sources.windows import HOUR, Subject, Window, by_day

BASE_URL = "https://hn.algolia.com"
PAUSE_SECONDS = 1.0  # 10,000 questions an hour are said to be allowed from one address
KEYS: tuple[str, ...] = ()
EVERY = HOUR

PAGE = 100  # hits in an answer
MOST_THREADS = 300  # of one window, five minutes of asking; a search that finds more is about too much


class Hit(msgspec.Struct):
    """What paging and the choice of threads rely on; of a story some answers leave ``story_id`` out."""

    objectID: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}$")]
    created_at_i: int
    story_id: int | None = None
    num_comments: int | None = None


class Hits(msgspec.Struct):
    """One answer of the search, newest hit first."""

    hits: list[Hit]
    hitsPerPage: int


class Thread(msgspec.Struct):
    """A story with everything below it, which is read later."""

    id: int
    children: list[msgspec.Raw]


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """A window for each UTC day."""
    return by_day(first, last, now)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """The pages of hits of the search ``subject.name``, then the threads they belong to, the busiest first.

    A thread that is gone meanwhile is passed over. ``Incomplete`` comes last and says how much was left out.
    """
    start, end = (int(moment.timestamp()) for moment in window)
    cursors = Cursors(web.source)
    comments: dict[int, int] = {}  # how many each story has, as far as is known
    crowded: list[str] = []
    while end > start:
        params = _question(subject.name, start, cursors.follow(end))
        answer, found = web.json(f"{web.base_url}/api/v1/search_by_date", Hits, params)
        times = [hit.created_at_i for hit in found.hits]
        if not all(start <= moment < end for moment in times):
            raise WrongShape(f"{web.source}: {answer.url} answered hits whose created_at_i is not in the time asked")
        yield answer
        _count(found.hits, comments)
        if not times or len(times) < min(PAGE, found.hitsPerPage):
            break
        # The oldest second is asked again: the border of the page may have fallen into it.
        if (oldest := min(times)) + 1 == end:
            crowded.append(f"{datetime.fromtimestamp(oldest, UTC):%Y-%m-%d %H:%M:%S}")
        end = min(oldest + 1, end - 1)
    busy = sorted((story for story, count in comments.items() if count), key=lambda story: (-comments[story], story))
    left_out = len(busy[MOST_THREADS:])
    for story in busy[:MOST_THREADS]:
        try:
            yield from _thread(web, story)
        except TooLarge:
            left_out += 1
    _tell(web.source, subject, crowded, left_out, len(busy))


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[Batch]:
    """The stories and comments of landed answers."""
    return read_records(answers, limits)


def _question(query: str, start: int, end: int) -> dict[str, Any]:
    return {
        "query": query,
        "tags": "(story,comment)",
        "numericFilters": f"created_at_i>={start},created_at_i<{end}",
        "hitsPerPage": PAGE,
    }


def _count(hits: list[Hit], comments: dict[int, int]) -> None:
    """Note what the hits say of their stories; a comment is one, an unsaid number may be one."""
    for hit in hits:
        story = hit.story_id or int(hit.objectID)
        known = comments.get(story, 0)
        if story != int(hit.objectID):
            comments[story] = known + 1
        else:
            comments[story] = max(known, 1 if hit.num_comments is None else hit.num_comments)


def _thread(web: Web, story: int) -> Iterator[Answer]:
    """The thread, or nothing where it is gone."""
    try:
        answer, _ = web.json(f"{web.base_url}/api/v1/items/{story}", Thread)
    except Refused as error:
        if error.status != 404:
            raise
    else:
        yield answer


def _tell(source: str, subject: Subject, crowded: list[str], left_out: int, thread_count: int) -> None:
    """Raise ``Incomplete`` where something is missing."""
    missing = []
    if crowded:
        missing.append(f"a page of {PAGE} hits or more share one second ({', '.join(crowded[:3])} UTC), some are lost")
    if left_out:
        missing.append(
            f"{left_out:,} of {thread_count:,} threads were left out (more than {MOST_THREADS}, or too large)"
        )
    if missing:
        raise Incomplete(f"{source}: of {subject} {' and '.join(missing)}; follow something narrower")
