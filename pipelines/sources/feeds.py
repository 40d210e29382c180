"""The items of a feed as rows: RSS, RDF and Atom by feedparser, JSON Feed by msgspec.

Here: one answer's items, their identity, their times. Not here: asking (``rss.py``), linked pages (``articles.py``).

- An item is the address it links to, without what only tracks readers, so that two feeds with one article have one
  text. Where several items of a feed share an address, or it is a site's front page, an item is its guid at its feed.
- A time is exact where it has a clock and a zone. Without them it is read as UTC and counts as known when it was seen.
- ``updated`` is an edit where it is later than the publication. It is not believed where it is the time of the answer:
  within a minute before it, or within an hour and the same for most items.
"""

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit
from xml.sax import SAXException

import msgspec
import pyarrow as pa

from pipelines.sources.answers import Answer, NotPublic, TooLarge, WrongShape, sample
from pipelines.sources.articles import MOST_TEXT, SECONDS
from pipelines.sources.fields import language, repaired, without_nul
from pipelines.sources.page_html import is_html
from pipelines.sources.page_times import Stated, stated
from pipelines.sources.public import LONGEST_URL, SCHEMES, split_url
from pipelines.sources.streams import decode, join_surrogates
from pipelines.sources.worker import within
from pipelines.text.markup import strip_markup

FEED_BYTES = 8 * 2**20
MOST_ITEMS = 1_000
SKEW = timedelta(minutes=5)  # their clocks may be so much ahead
ANSWERING, FRESH = timedelta(minutes=1), timedelta(hours=1)
FIRST_YEAR = 1990  # an earlier time is a clock that was never set
LONGEST_ID = 200

_TRACKS = re.compile(r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|cmpid|ref_src)(?:=|\Z)", re.IGNORECASE)
_FRONT_PAGE = re.compile(r"[^/?]*")
# References to characters that there are none of, or that are half of one: parsers fail on them.
_REFERENCES = re.compile(rb"(?:&#(?:[0-9]{5,}+|[xX][0-9a-fA-F]{4,}+);)+")
_SAFE = "/%:=&?~+!$,;'@()*[]#"


class Item(NamedTuple):
    """One item as its feed gives it; times as written, ``link`` an absolute http(s) address or None."""

    text_id: str
    link: str | None
    title: str | None
    body: str | None
    body_format: str
    author: str | None
    language: str | None
    published: str | None
    updated: str | None


class Feed(NamedTuple):
    """The items of one answer in its order, each once, and what was refused: reason and record."""

    title: str | None
    items: list[Item]
    refused: list[tuple[str, str]]


class _JsonAuthor(msgspec.Struct):
    name: str | None = None


class _JsonItem(msgspec.Struct):
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _JsonAuthor | None = None
    authors: list[_JsonAuthor] | None = None
    language: str | None = None


class _JsonFeed(msgspec.Struct):
    version: str
    items: list[msgspec.Raw]
    title: str | None = None
    language: str | None = None


def read_feed(answer: Answer) -> Feed:
    """The feed in an answer; ``WrongShape`` where it is none, such as a page of HTML, ``TooLarge`` beyond a limit."""
    if len(answer.body) > FEED_BYTES:
        raise TooLarge(f"rss: {answer.url} is longer than the {FEED_BYTES:,} bytes allowed for a feed")
    base = answer.about.get("at", answer.url)
    body = answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        is_json = body.startswith(b"{")
        found = _json_feed(body) if is_json else within(SECONDS, parse_xml, answer.body, answer.headers, base)
    except (ValueError, RecursionError) as error:
        raise WrongShape(f"rss: {answer.url} is no feed ({error}); it begins {sample(answer)}") from None
    if not found["version"] or (not found["items"] and is_html(decode(body[:4096]))):
        what = "a page of HTML" if is_html(decode(body[:4096])) else "neither RSS nor Atom nor JSON Feed"
        raise WrongShape(f"rss: {answer.url} answered {what}; is the address right? It begins {sample(answer)}")
    return _feed(found, base)


def rows(feed: Feed, answer: Answer) -> list[dict[str, Any]]:
    """A row of ``rows.TEXT_ROWS`` for each item."""
    made_at = _made_at(feed, answer.asked_at)
    # Their markup goes here, because the cleaning takes titles beside plain bodies for plain.
    titles = pa.array([item.title for item in feed.items], pa.string())
    for _ in range(2):  # some feeds escape it twice
        titles = strip_markup(titles, pa.repeat(True, len(titles)), pa.repeat(False, len(titles)))
    community = feed.title or split_url(answer.url).hostname
    found = []
    for item, title in zip(feed.items, titles.to_pylist(), strict=True):
        published_at, edited_at, precision = times(item, answer.asked_at, made_at)
        row = {
            "text_id": item.text_id,
            "source": "rss",
            "kind": "article",
            "author": item.author,
            "community": community,
            "title": " ".join(title.split()) or None if title else None,
            "body": item.body,
            "body_format": item.body_format,
            "url": item.link,
            "language": item.language,
            "published_at": published_at,
            "edited_at": edited_at,
            "fetched_at": answer.asked_at,
            "time_precision": precision,
            "is_deleted": False,
        }
        found.append(without_nul(row))
    return found


def times(
    item: Item, asked_at: datetime, made_at: frozenset[datetime] = frozenset()
) -> tuple[datetime | None, datetime | None, str]:
    """When an item was published and edited, and how far that is to be trusted: exact, relative or absent."""
    published = _moment(item.published, asked_at)
    updated = _moment(item.updated, asked_at)
    if updated and (updated.at > asked_at - ANSWERING or _minute(updated.at) in made_at):
        updated = None
    published, updated = (published, updated) if published else (updated, None)
    if published is None:
        return None, None, "absent"
    if not published.is_exact:
        return min(published.at, asked_at), None, "relative"
    is_edited = updated is not None and updated.is_exact and updated.at > published.at
    return published.at, updated.at if updated and is_edited else None, "exact"


def parse_xml(body: bytes, headers: dict[str, str], base: str) -> dict[str, Any]:
    """What feedparser finds, as plain values; to be called through ``within`` alone.

    The bytes go in as a file: a text that looks like an address would be fetched, or opened.
    """
    import feedparser  # only the worker needs it

    given = {"content-type": headers.get("content-type", ""), "content-location": base}
    file = io.BytesIO(_REFERENCES.sub(_characters, body))
    found = feedparser.parse(file, response_headers=given, sanitize_html=False, resolve_relative_uris=False)
    about, is_cut = found.feed, isinstance(found.get("bozo_exception"), SAXException)
    return {
        "version": "" if is_cut and not found.entries else found.version,
        "title": dict.get(about, "title"),
        "link": dict.get(about, "link"),
        "language": dict.get(about, "language"),
        "item_count": len(found.entries),
        "items": [_xml_item(entry) for entry in found.entries[:MOST_ITEMS]],
        "refused": [],
    }


def _xml_item(entry: dict[str, Any]) -> dict[str, Any]:
    # Not entry.get: feedparser answers a missing "updated" with the publication.
    def given(name: str) -> Any:
        return dict.get(entry, name)

    bodies = [part for part in [*(given("content") or []), given("summary_detail")] if part and part.get("value")]
    body = max(bodies, key=lambda part: len(part["value"]), default={})
    author = (given("author_detail") or {}).get("name") or given("author")
    return {
        "guid": given("id"),
        "link": given("feedburner_origlink") or given("link"),
        "title": (given("title") or "")[:2000],
        "body": body.get("value", "")[:MOST_TEXT],
        "body_format": "plain" if body.get("type") == "text/plain" else "html",
        "author": author,
        "language": None,
        "published": given("published"),
        "updated": given("updated"),
    }


def _json_feed(body: bytes) -> dict[str, Any]:
    found = _decoded(body, _JsonFeed)
    items, refused = [], []
    for raw in found.items[:MOST_ITEMS]:
        try:
            items.append(_json_item(_decoded(bytes(raw), _JsonItem)))
        except (ValueError, RecursionError) as error:
            refused.append((str(error)[:300], decode(bytes(raw)[:2000])))
    return {
        "version": found.version if "jsonfeed" in found.version else "",
        "title": found.title,
        "link": None,
        "language": found.language,
        "item_count": len(found.items),
        "items": items,
        "refused": refused,
    }


def _decoded(record: bytes, shape: type[Any]) -> Any:
    try:
        return msgspec.json.decode(record, type=shape)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(repaired(decode(record)), type=shape)


def _json_item(item: _JsonItem) -> dict[str, Any]:
    body = item.content_html or item.content_text or item.summary or ""
    authors = [*(item.authors or ()), *([item.author] if item.author else ())]
    return {
        "guid": None if item.id is None else str(item.id),
        "link": item.url or item.external_url,
        "title": (item.title or "")[:2000],
        "body": body[:MOST_TEXT],
        "body_format": "html" if item.content_html else "plain",
        "author": next((author.name for author in authors if author.name), None),
        "language": item.language,
        "published": item.date_published,
        "updated": item.date_modified,
    }


def _feed(found: dict[str, Any], base: str) -> Feed:
    items: dict[str, Item] = {}
    refused = list(found["refused"])
    if found["item_count"] > MOST_ITEMS:
        refused.append((f"only the first {MOST_ITEMS:,} of {found['item_count']:,} items are read", base))
    links = [web_address(one["link"], base) for one in found["items"]]
    shared = {name for name, count in Counter(map(link_name, links)).items() if count > 1}
    shared.add(link_name(web_address(found["link"], base)))
    for one, link in zip(found["items"], links, strict=True):
        if not (one["title"] or one["body"]):
            refused.append(("an item with neither title nor text", str(link or one["guid"] or "")))
            continue
        name = link_name(link)
        own = name if name and name not in shared and not _FRONT_PAGE.fullmatch(name) else _guid_name(one, base)
        text_id = f"rss:{own}" if _is_plain(own) else f"rss:{_digest(own)}"
        item = Item(
            text_id,
            link,
            one["title"] or None,
            one["body"] or None,
            one["body_format"],
            (one["author"] or "").strip()[:200] or None,
            language(one["language"] or found["language"]),
            one["published"],
            one["updated"],
        )
        items.setdefault(text_id, item)
    return Feed((found["title"] or "").strip()[:200] or None, list(items.values()), refused)


def web_address(link: str | None, base: str) -> str | None:
    """An item's link as an absolute http(s) address in ASCII; None where it is none."""
    if not link or len(link) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
        return split_url(quote(parts._replace(netloc=host, fragment="").geturl(), safe=_SAFE)).geturl()
    except (NotPublic, ValueError):
        return None


def link_name(link: str | None) -> str | None:
    """What two spellings of one address share: host, path and query, without scheme, www., tracking and last slash."""
    if link is None:
        return None
    parts = split_url(link)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in SCHEMES.values() else ""
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKS.match(part))
    return f"{host}{port}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def _guid_name(one: dict[str, Any], base: str) -> str:
    """A guid is only known to be unique at its feed; without one it is the title, without that the text."""
    return f"{link_name(base)}#{one['guid'] or _digest(one['title'] or one['body'])}"


def _is_plain(name: str) -> bool:
    return len(name) <= LONGEST_ID and name.isascii() and name.isprintable() and " " not in name


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _made_at(feed: Feed, asked_at: datetime) -> frozenset[datetime]:
    """Minutes of the last hour in which most of the items claim to be updated: when the feed was made, not they."""
    moments = [moment.at for item in feed.items if (moment := _moment(item.updated, asked_at))]
    counts = Counter(_minute(at) for at in moments if at > asked_at - FRESH)
    return frozenset(minute for minute, count in counts.items() if count > 1 and count * 2 > len(moments))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _moment(text: str | None, asked_at: datetime) -> Stated | None:
    """A time as written; None where it is none, lies ahead, or is that of a clock that was never set."""
    text = (text or "").strip()
    if not text or len(text) > 80:
        return None
    try:
        at = datetime.fromisoformat(text)
        found = Stated(at.astimezone(UTC), True) if at.tzinfo else Stated(at.replace(tzinfo=UTC), False)
    except (ValueError, OverflowError):
        found = stated(text, asked_at)
    is_believed = found is not None and found.at.year >= FIRST_YEAR and found.at <= asked_at + SKEW
    return found if is_believed else None


def _characters(references: re.Match[bytes]) -> bytes:
    """References with halves joined to the characters they mean, and impossible ones as U+FFFD."""
    codes = [int(code[1:], 16) if code[:1] in b"xX" else int(code[:9]) for code in references[0][2:-1].split(b";&#")]
    text = join_surrogates("".join(chr(code) if code <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}" for code in codes))
    return "".join(f"&#{ord(character)};" for character in text).encode()
