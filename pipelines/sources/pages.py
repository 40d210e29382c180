"""Saved pages: a Gate Square post with its comments and counts, or a news article, as text or HTML.

Here: telling the two apart, their rows and identities, the sidecar.
Not here: finding the text (``page_prose``), bar and comments (``page_comments``), HTML (``page_html``);
opening files and naming them in errors (the inbox).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pipelines.sources import rows
from pipelines.sources.page_comments import (
    Comment,
    find_action_bar,
    find_disclaimer,
    read_comments,
    signature,
)
from pipelines.sources.page_html import Head, html_lines, is_html
from pipelines.sources.page_lines import byline, key, measure, text_lines
from pipelines.sources.page_prose import Passage, article_passage, is_below_another_text, post_passage
from pipelines.sources.page_times import Stated, age, datelines, stated

MOST_LINES = 200_000  # no page has more; a table or a log does
FEWEST_WORDS = 40  # of an article; what an error page or a login wall says is shorter
REFUSAL_WORDS = 150  # up to which a text that speaks of access is taken for a refusal, not for an article

REFUSAL = re.compile(
    r"access (?:to this page )?(?:is |has been )?denied|\b40[134]\b|\bforbidden\b|page (?:was )?not found|"
    r"unusual traffic|captcha|(?:enable|requires?) (?:javascript|cookies)|verify (?:that )?you are|"
    r"are you a (?:robot|human)|checking your browser|(?:log|sign) ?in to (?:continue|read|view)|"
    r"subscribe to (?:continue|read|keep reading)|you (?:do not|don't) have (?:access|permission)|"
    r"service unavailable|too many requests|internal server error|bad gateway"
)
# Gate's hosts differ by country and year (gate.com, www.gate.io, gate.tr …); the number of a post is the same on all.
_GATE_HOST = re.compile(r"(?:[a-z0-9-]+\.){0,3}gate(?:io)?(?:\.com?)?\.[a-z]{2,10}")
_GATE_POST = re.compile(r"/post/status/([0-9]{1,20})(?:/|$)")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_LIST_MARK = re.compile(r"\n[-•] ")
_SAME = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_EXPECTED = (
    'expected a Gate Square post (text above an action bar "Reward, Comment, Repost, Share" or above '
    '"This page may contain third-party content") or a news article '
    f"(a title and at least {FEWEST_WORDS} words of sentences)"
)


class _Sidecar(NamedTuple):
    url: str | None
    source: str | None
    published_at: datetime | None
    fetched_at: datetime


class _Times(NamedTuple):
    published_at: datetime | None
    edited_at: datetime | None
    precision: str


def read_page(content: str, saved_at: datetime, sidecar: Mapping[str, Any] | None = None) -> rows.Batch:
    """One saved page as rows: its post or article, then the comments in their order, and the counts seen.

    ``saved_at`` is aware. ``sidecar`` may give ``url``, ``source``, ``published_at`` and ``fetched_at``; ages
    such as "1h ago" count back from the fetch. Raises ``rows.UnknownShape`` for a page of neither shape, and
    ``ValueError`` naming the field for a sidecar that is wrong.
    """
    if saved_at.tzinfo is None:
        raise ValueError("saved_at must be aware of its time zone")
    given = _read_sidecar(sidecar or {}, saved_at.astimezone(UTC))
    content = content.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").lstrip("\ufeff")
    lines, head = html_lines(content) if is_html(content) else (text_lines(content), Head())
    if len(lines) > MOST_LINES:
        raise rows.UnknownShape(f"{len(lines):,} lines are more than a page has; {_EXPECTED}")
    bar = find_action_bar(lines)
    disclaimer = find_disclaimer(lines, bar)
    if disclaimer is None and (bar is None or is_below_another_text(lines, bar.first)):
        return _article(lines, head, given)
    post = post_passage(lines, disclaimer if disclaimer is not None else bar.first, head.titles)
    if post is None:
        return _article(lines, head, given)
    below = bar.end if bar else (disclaimer or 0) + 1
    comments = read_comments(lines[below:], given.fetched_at)
    return _post(post, bar.counts if bar else None, comments, head, given)


def _post(
    post: Passage, counts: Mapping[str, int] | None, comments: Sequence[Comment], head: Head, given: _Sidecar
) -> rows.Batch:
    source = given.source or "gate"
    url = given.url or _web_address(head.url)
    text_id = f"{source}:{_gate_number(url) or _digest(post.title or '', post.body)}"
    author, at = signature(post.beside, given.fetched_at)
    shown = None if at is None else Stated(at, is_exact=False)
    text = {
        **_common(text_id, source, "post", given, _times(head, shown, None, given)),
        "author": author or head.author,
        "title": post.title,
        "body": post.body,
        "url": url,
    }
    texts, seen, ids = [text], [], _comment_ids(text_id, source, comments)
    if counts is not None:
        seen.append({"text_id": text_id, "observed_at": given.fetched_at, **counts})
    for comment_id, comment in zip(ids, comments, strict=True):
        times = _Times(comment.published_at, None, "relative")
        texts.append(
            {
                **_common(comment_id, source, "comment", given, times),
                "parent_id": text_id if comment.answered is None else ids[comment.answered],
                "thread_id": text_id,
                "author": comment.author,
                "body": comment.body,
                "url": url,
            }
        )
        if comment.replies is not None:
            seen.append({"text_id": comment_id, "observed_at": given.fetched_at, "replies": comment.replies})
    return rows.batch(texts, seen)


def _article(lines: Sequence[str], head: Head, given: _Sidecar) -> rows.Batch:
    article = article_passage(lines, head.titles)
    if article is None:
        raise rows.UnknownShape(f"no paragraph of sentences in it ({_first(lines)}); {_EXPECTED}")
    words = measure(article.body)
    if words < FEWEST_WORDS:
        raise rows.UnknownShape(f"only {words} words of sentences in it ({_first(lines)}); {_EXPECTED}")
    if words < REFUSAL_WORDS and REFUSAL.search(
        key(f"{' '.join(head.titles)[:400]} {article.title} {article.body[:1000]}")
    ):
        raise rows.UnknownShape(f"it refuses access and is no text ({_first(lines)}); {_EXPECTED}")
    source = given.source or "news"
    title = article.title or (head.titles[0] if head.titles else None)
    text_id = f"{source}:{_digest(title or '', article.body)}"
    published, updated = _dates(article.beside, given.fetched_at)
    published = published or _declared_time(head.shown, given.fetched_at)
    language = (head.language or "").partition("-")[0].lower()
    text = {
        **_common(text_id, source, "article", given, _times(head, published, updated, given)),
        "author": head.author or next(filter(None, map(byline, article.beside)), None),
        "title": title,
        "body": article.body,
        "url": given.url or _web_address(head.url),
        "language": language if re.fullmatch("[a-z]{2}", language) else None,
    }
    return rows.batch([text])


def _common(text_id: str, source: str, kind: str, given: _Sidecar, times: _Times) -> dict[str, Any]:
    return {
        "text_id": text_id,
        "source": source,
        "kind": kind,
        "body_format": "plain",
        "published_at": times.published_at,
        "edited_at": times.edited_at,
        "time_precision": times.precision,
        "fetched_at": given.fetched_at,
        "is_deleted": False,
    }


def _gate_number(url: str | None) -> str | None:
    """The number that Gate gives the post of this address; None for another address."""
    parts = urlsplit(url or "")
    if not _GATE_HOST.fullmatch(parts.hostname or ""):
        return None
    numbered = _GATE_POST.search(parts.path)
    return numbered and numbered[1]


def _digest(*parts: str) -> str:
    """Sixteen hexadecimal digits of what is said; quotes, dashes, list marks, spaces, case do not count."""
    said = _LIST_MARK.sub("\n", "\n".join(parts)).translate(_SAME)
    said = unicodedata.normalize("NFKC", said).casefold()
    invisible = {ord(c): None for c in set(said) if unicodedata.category(c) == "Cf"}
    return blake2b(" ".join(said.translate(invisible).split()).encode()).hexdigest()[:16]


def _comment_ids(post_id: str, source: str, comments: Sequence[Comment]) -> list[str]:
    """Identities that hold when the page is saved again: post, author, words and number of the repetition."""
    told: Counter[tuple[str, str]] = Counter()
    ids = []
    for comment in comments:
        repetition = told[comment.author, comment.body]
        told[comment.author, comment.body] += 1
        ids.append(f"{source}:{_digest(post_id, comment.author, comment.body, str(repetition))}")
    return ids


def _times(head: Head, published: Stated | None, updated: Stated | None, given: _Sidecar) -> _Times:
    """When the text was published and last changed, as the sidecar says, the page declares or the page shows.

    Exact only if both are, for the words on the page are those of the change.
    """
    if given.published_at is not None:
        published = Stated(given.published_at, is_exact=True)
    else:
        published = _declared_time(head.published, given.fetched_at) or published
    updated = _declared_time(head.modified, given.fetched_at) or updated
    if published is None:
        return _Times(None, None, "absent")
    is_changed = updated is not None and updated.at > published.at
    is_exact = published.is_exact and not (is_changed and not updated.is_exact)
    edited_at = updated.at if is_changed and updated.is_exact else None
    return _Times(published.at, edited_at, "exact" if is_exact else "relative")


def _declared_time(text: str | None, now: datetime) -> Stated | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
        is_exact = moment.tzinfo is not None
        return Stated(moment.astimezone(UTC) if is_exact else moment.replace(tzinfo=UTC), is_exact)
    except (ValueError, OverflowError):
        return stated(text or "", now)


def _dates(lines: Sequence[str], now: datetime) -> tuple[Stated | None, Stated | None]:
    """First time of publication and first time of a change that the lines beside a title show."""
    shown: dict[bool, Stated] = {}
    for dated in (dated for line in lines for dated in datelines(line)):
        at = age(dated.text, now)
        moment = stated(dated.text, now) or (Stated(at, is_exact=False) if at else None)
        if moment is not None:
            shown.setdefault(dated.is_update, moment)
    return shown.get(False), shown.get(True)


def _first(lines: Sequence[str]) -> str:
    first = next(filter(None, lines), None)
    return "it is empty" if first is None else f"it begins {rows.excerpt(first)[:80]!r}"


def _web_address(text: str | None) -> str | None:
    """``text`` if it is an http address, else None."""
    if not text or len(text) > 2048 or re.search(r"[\s\x00-\x20]", text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


def _read_sidecar(sidecar: Mapping[str, Any], saved_at: datetime) -> _Sidecar:
    url, source = sidecar.get("url"), sidecar.get("source")
    if url is not None and (not isinstance(url, str) or _web_address(url) is None):
        raise ValueError(_wrong("url", url, "an address such as https://www.gate.com/post/status/1"))
    if source is not None and (not isinstance(source, str) or not _SOURCE.fullmatch(source)):
        raise ValueError(_wrong("source", source, "a short lower-case name such as gate or reuters"))
    return _Sidecar(
        url, source, _sidecar_time(sidecar, "published_at"), _sidecar_time(sidecar, "fetched_at") or saved_at
    )


def _sidecar_time(sidecar: Mapping[str, Any], field: str) -> datetime | None:
    value = sidecar.get(field)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC) if datetime.fromisoformat(value).tzinfo else None
    except (TypeError, ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValueError(_wrong(field, value, "an ISO 8601 time with its zone, such as 2026-06-05T13:30:00Z"))
    return moment


def _wrong(field: str, value: Any, expected: str) -> str:
    return f"sidecar field {field!r} must be {expected}, not {rows.excerpt(repr(value)[:200])}"
