"""The words of a linked article: a page in, its text out, by trafilatura.

Here: which pages are an article. Not here: asking for the page (``rss.py``), the process it is read in (``worker.py``).
"""

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from pipelines.sources import pages
from pipelines.sources.answers import Answer
from pipelines.sources.page_lines import key, measure
from pipelines.sources.streams import HTML_CHARACTER_SET, decode
from pipelines.sources.worker import Unreadable, within

ARTICLE_BYTES = 4 * 2**20  # pages of newspapers are 0.1 to 2 MiB, most of it scripts
SECONDS = 10.0  # of one page or feed; real ones take 0.01 to 0.5
MOST_TEXT = 1_000_000  # characters of one text

_CHARACTER_SET = re.compile(
    r"charset=[\"']?(utf-8|utf-16(?:le|be)?|us-ascii|windows-125[0-8]|iso-8859-[0-9]{1,2}|koi8-[ru]|gb18030|gbk|gb2312"
    r"|big5|shift_jis|euc-jp|euc-kr)\b",
    re.IGNORECASE,
)


class Article(NamedTuple):
    """What a page says: its text, and for an item that lacks them title and day (aware, midnight UTC)."""

    text: str
    title: str | None
    day: datetime | None


def read_article(answer: Answer) -> Article:
    """The article on a page; ``Unreadable`` where there is none, or only a refusal such as "access denied"."""
    if len(answer.body) > ARTICLE_BYTES:
        raise Unreadable(f"a page of {len(answer.body):,} bytes is longer than the {ARTICLE_BYTES:,} allowed")
    found = within(SECONDS, extract, page_text(answer), answer.asked_at.date().isoformat())
    if found is None:
        raise Unreadable("no text found on the page")
    text, title, day = found
    first, _, rest = text.partition("\n")
    if rest and title and key(first) == key(title):
        text = rest.strip()
    word_count = sum(map(measure, text.splitlines()))
    if word_count < pages.FEWEST_WORDS:
        raise Unreadable(f"{word_count} words on the page are no article")
    if word_count < pages.REFUSAL_WORDS and pages.REFUSAL.search(key(f"{(title or '')[:400]} {text[:1000]}")):
        raise Unreadable("the page speaks of access and not of anything else")
    return Article(text, title, None if day is None else datetime.fromisoformat(day).replace(tzinfo=UTC))


def is_cut(page: bytes) -> bool:
    """Whether a page opens ``html`` and never closes it: some are written so, and one that broke off looks so."""
    return b"<html" in page[:4096].lower() and b"</html" not in page[-4096:].lower()


def page_text(answer: Answer) -> str:
    """A page decoded as its header or its head declares, else as UTF-8 or cp1252; never fails."""
    declared = _CHARACTER_SET.search(answer.headers.get("content-type", "")[:200])
    name = declared[1] if declared else None
    if name is None and (meta := HTML_CHARACTER_SET.search(answer.body, 0, 4096)):
        name = meta[1].decode()
    if name and name.lower() not in ("utf-8", "us-ascii", "iso-8859-1"):  # the last two are mostly cp1252
        with suppress(LookupError):
            return answer.body.decode(name, "replace")
    return decode(answer.body)


def extract(page: str, today: str) -> tuple[str, str | None, str | None] | None:
    """Text, title and ISO day, none later than ``today``, of a page; to be called through ``within`` alone."""
    import trafilatura  # half a second, and only the worker needs it

    found = trafilatura.bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        # The newest day that is believed is given, so that the same page reads the same next year.
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": today},
    )
    if found is None or not found.text:
        return None
    day = found.date if found.date and re.fullmatch(r"\d{4}-\d\d-\d\d", found.date) and found.date <= today else None
    return found.text[:MOST_TEXT], (found.title or "")[:1000] or None, day
