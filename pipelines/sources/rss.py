"""Feeds and the articles they link to: what to ask, and the rows of what was answered.

Here: ``ask`` and ``read``. Subjects: ``feed``, an address with the linked articles, and ``headlines``, the feed alone.
Not here: a feed's items (``feeds.py``), a page's words (``articles.py``), robots.txt (``robots.py``).

An item of a ``feed`` is stored once, with its article's words, or with the feed's own where the article is not to be
had. So the feed's answer names in ``about["by_article"]`` the items that wait for a page, now or at a later look, and
``read`` yields such an item only beside the answer that settles it: its page, or an empty one whose
``about["summary"]`` says why there is none. An empty answer with ``about["earlier"]`` stands for a page that an earlier
look landed; what lands in one look tells the next what need not be asked again.

A page is still to come where a look asked for as many as it may, and where a failure may be an outage: a server that
is silent, a page that breaks off. It is not where the page is refused with a status in ``FINAL``, and no longer when
``PATIENCE`` is over. While one is to come, the look is ``Incomplete``, and the feed's answer is landed without its
etag, because "not modified" would end the wait.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from protego import Protego

from pipelines.sources.answers import (
    Answer,
    FetchFailed,
    Incomplete,
    NotPublic,
    Refused,
    SourceDown,
    Throttled,
    TooLarge,
)
from pipelines.sources.articles import is_cut, read_article
from pipelines.sources.feeds import LONGEST_ID, Item, link_name, read_feed, rows, times
from pipelines.sources.fields import Found, without_nul
from pipelines.sources.public import port_of, split_url
from pipelines.sources.records import Pile
from pipelines.sources.robots import AGENT, rules_for
from pipelines.sources.rows import Batch, Limits
from pipelines.sources.web import Web
from pipelines.sources.windows import HOUR, Subject, Window, only_today
from pipelines.sources.worker import Unreadable

BASE_URL = ""  # the subject is the address
PAUSE_SECONDS = 1.0
KEYS: tuple[str, ...] = ()
EVERY = HOUR

MOST_ARTICLES = 100  # of one look; the rest waits for the next
FINAL = (401, 402, 403, 404, 410, 451)  # statuses of a page that will not come
MOST_SILENT = 5  # pages that do not come, until a look leaves the rest to the next
PATIENCE = timedelta(hours=6)  # after its publication, for a page that does not come: it may be an outage
LONGEST_DELAY_SECONDS = 10.0  # a longer Crawl-delay means one page a look
CONDITIONS = ("etag", "last-modified")


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """Today alone: a feed tells only what it holds now."""
    return only_today(first, last, now)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Yield the feed, then of a ``feed`` an answer for each item that is settled. Nothing where it has not changed.

    Raises ``FetchFailed``: a page that is not to be had fails nothing, unless the feed's own server is down.
    ``Incomplete`` at the end where pages are still to come, and with them their items.
    """
    address = subject.name
    answer = web.get(address, is_set_by_user=True, is_conditional=True)
    if answer is None:
        return
    answer = replace(answer, url=address, about={} if answer.url == address else {"at": answer.url})
    feed = read_feed(answer)
    if subject.kind == "headlines":
        yield answer
        return
    own = (address, answer.about.get("at"))
    linked = [item for item in feed.items if _has_page(item) and item.link not in own]
    earlier = [item for item in linked if item.link in web.landed]
    new = sorted(
        (item for item in linked if item.link not in web.landed),
        key=lambda item: _published(item, answer.asked_at) or answer.asked_at,
        reverse=True,
    )
    kept = {name: value for name, value in answer.headers.items() if not new or name not in CONDITIONS}
    yield replace(answer, headers=kept, about={**answer.about, "by_article": [item.text_id for item in linked]})
    for item in earlier:
        yield _note(item, answer.asked_at, 208, earlier=True)
    waiting = yield from _articles(web, address, new)
    if waiting:
        raise Incomplete(f"rss: {address}: {waiting} of {len(new)} new articles are to come at the next look")


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[Batch]:
    """The rows of landed answers; the line of a reject is its answer."""
    pile = None
    waiting: dict[str, dict[str, Any]] = {}
    for number, answer in enumerate(answers, 1):
        pile = pile or Pile(answer.url, limits, answer.asked_at)
        if "item" not in answer.about:
            waiting = _take_feed(number, answer, pile)
        elif row := waiting.pop(str(answer.about["item"]), None):
            _take_article(number, answer, row, pile)
        yield from pile.ready()
    if pile:
        yield from pile.rest()


def _take_feed(number: int, answer: Answer, pile: Pile) -> dict[str, dict[str, Any]]:
    """Put the items of a feed into the pile; those that wait for their article are returned by identity."""
    try:
        feed = read_feed(answer)
    except FetchFailed as failure:
        pile.refuse(number, str(failure), answer.body[:2000].decode("utf-8", "replace"))
        return {}
    for reason, record in feed.refused:
        pile.refuse(number, reason, record)
    by_article = set(answer.about.get("by_article", ()))
    waiting = {}
    for row in rows(feed, answer):
        if row["text_id"] in by_article:
            waiting[row["text_id"]] = row
        else:
            _add(row, pile)
    return waiting


def _take_article(number: int, answer: Answer, row: dict[str, Any], pile: Pile) -> None:
    """Put an item with its article's words into the pile, or with its own where the page has none."""
    if "earlier" in answer.about:
        return
    if "summary" in answer.about:
        _add(row, pile)
        return
    try:
        article = read_article(answer)
    except Unreadable as error:
        pile.refuse(number, f"{answer.url}: {error}; the item keeps what its feed says", row["title"] or "")
        _add(row, pile)
        return
    row |= {"body": article.text, "body_format": "plain", "fetched_at": answer.asked_at}
    row["title"] = row["title"] or article.title
    if row["published_at"] is None and article.day is not None:
        row |= {"published_at": article.day, "time_precision": "relative"}
    _add(without_nul(row), pile)


def _add(row: dict[str, Any], pile: Pile) -> None:
    """Put a row into the pile.

    Words first seen long after their publication may have been changed since, and nothing says so: they count as known
    when they were seen, and not before.
    """
    if row["time_precision"] == "exact" and row["fetched_at"] > (row["edited_at"] or row["published_at"]) + PATIENCE:
        row = {**row, "time_precision": "relative"}
    pile.add(Found([row], []), len(row["body"] or ""))


def _articles(web: Web, address: str, items: list[Item]) -> Generator[Answer, None, int]:
    """The answer that settles each item, of as many as one look asks for; how many wait for the next. Why is said."""
    home = _origin(address)
    known: dict[Any, Protego] = {}
    unheard: dict[Any, FetchFailed] = {}
    settled: Counter[str] = Counter()
    asked_count = silent_count = 0
    for item in items:
        if asked_count == MOST_ARTICLES or silent_count == MOST_SILENT:
            break
        origin = _origin(item.link or "")
        failure: FetchFailed | None = unheard.get(origin)
        question_count = web.question_count
        try:
            if failure is None:
                asked_count += 1
                answer = _page(web, item, known, is_set_by_user=origin == home)
                settled["keep what the feed says" if "summary" in answer.about else "have their page"] += 1
                yield answer
                continue
        except (SourceDown, Throttled) as error:
            failure, silent_count = error, silent_count + 1
            if origin != home:
                unheard[origin] = error
            elif isinstance(error, Throttled):
                raise
            elif web.question_count > question_count:  # and not held back by a Crawl-delay
                web.get(address, is_set_by_user=True)  # raises where the feed's server itself is down
        except (Refused, NotPublic, TooLarge) as error:  # also what an outage looks like
            failure = error
        is_final = isinstance(failure, Refused) and failure.status in FINAL
        if is_final or not _may_wait(item, web.now()):
            web.say(f"{failure}; {item.link} keeps what its feed says")
            settled["are given up"] += 1
            yield _note(item, web.now(), 204, summary=str(failure)[:300])
        else:
            web.say(f"{failure}; {item.link} is asked again at the next look")
    waiting = len(items) - settled.total()
    if items:
        settled["wait for the next look"] = waiting
        told = ", ".join(f"{count} {what}" for what, count in settled.items())
        web.say(f"rss: {address}: {len(items)} new articles: {told}")
    return waiting


def _page(web: Web, item: Item, known: dict[Any, Protego], *, is_set_by_user: bool) -> Answer:
    """The page of an item, where its host's robots.txt allows that. Raises ``FetchFailed``.

    An address from a feed may be local only where the feed's address is, which the user set.
    """
    link = item.link or ""
    origin = _origin(link)
    is_first = origin not in known
    if is_first:
        known[origin] = rules_for(web, link, is_set_by_user=is_set_by_user)
    if not known[origin].can_fetch(link, AGENT):
        return _without_page(web, item, f"rss: robots.txt does not let {AGENT} read {link}")
    delay = known[origin].crawl_delay(AGENT) or 0
    if delay > LONGEST_DELAY_SECONDS and not is_first:
        raise SourceDown(f"rss: {link} is to be asked {delay:g} seconds after the last page")
    if delay > web.manners.pause_seconds:
        web.sleep(min(delay, LONGEST_DELAY_SECONDS) - web.manners.pause_seconds)
    answer = web.get(link, is_set_by_user=is_set_by_user)
    if answer is None or not answer.body:
        raise Refused(f"rss: {link} answered with nothing")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and "html" not in kind:
        return _without_page(web, item, f"rss: {link} is {kind[:80]!r} and no page")
    try:
        read_article(answer)
    except Unreadable as error:
        raise Refused(f"rss: {link}: {error}") from None
    if is_cut(answer.body) and _may_wait(item, answer.asked_at):
        raise Refused(f"rss: {link} begins as a page and does not end as one")
    return replace(answer, url=link, about={"item": item.text_id, "at": answer.url})


def _has_page(item: Item) -> bool:
    """Whether an item is what it links to: an address that items share, or a front page, is the article of none."""
    name = link_name(item.link)
    return name is not None and (item.text_id == f"rss:{name}" or len(name) > LONGEST_ID)


def _may_wait(item: Item, now: datetime) -> bool:
    """Whether the page of an item may still come; of one without a date nobody knows how long it has been waiting."""
    published = _published(item, now)
    return published is not None and published >= now - PATIENCE


def _without_page(web: Web, item: Item, reason: str) -> Answer:
    web.say(f"{reason}; it keeps what its feed says")
    return _note(item, web.now(), 204, summary=reason[:300])


def _note(item: Item, asked_at: datetime, status: int, **about: Any) -> Answer:
    """An empty answer that settles an item without a page."""
    return Answer(item.link or "", asked_at, b"", status, about={"item": item.text_id, **about})


def _published(item: Item, asked_at: datetime) -> datetime | None:
    return times(item, asked_at)[0]


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = split_url(url)
    return parts.scheme, parts.hostname, port_of(parts)
