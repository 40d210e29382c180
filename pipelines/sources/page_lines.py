"""The lines of a saved page and what each looks like on its own: prose, heading, label, list item, furniture.

Here: cutting text into lines (hard-wrapped text is joined again), the look of one line, list marks and their
mis-encoded forms.
Not here: what a line is in its page (``page_prose``), the vocabulary of furniture (``page_furniture``), HTML.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from pipelines.sources.page_furniture import is_button, is_ending, is_furniture
from pipelines.sources.page_times import datelines

SEEN = 4000  # characters of a line that decide how it looks
SHORTEST_PARAGRAPH = 150  # characters; slogans and promises of a page are shorter

_TERMINAL = re.compile(r"[.!?…。！？]\W*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)|[。！？]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,4})[.)]\s+\S")
_RULE = re.compile(r"[-–—=_*~·•.#|+ \t]{1,400}")
_BYLINE = re.compile(r"(?i:by|written by|author:?|posted by|reported by)\s+(?=[^\W\d_a-z]|@)(.{2,120}[^.])")
_AFTER_NAME = re.compile(r"\s*(?:[|·•,;]|\s[-–—]\s|\b(?i:updated|published|on behalf of|for)\b)")
_CHANGED = re.compile(r"(?i:published|updated|posted|modified)\b.{0,40}")
_MINUTES_TO_READ = re.compile(r"(?:\d{1,2}|an?) min(?:ute)?s?(?: read)?", re.IGNORECASE)

# List marks, and each as it looks after its UTF-8 was read in a one-byte code page, with and without the
# control characters in between: "→" becomes "â†’", "β†’" or, once the controls are lost, a bare "β".
_MARKS = "•‣◦▪▫■□●○◆◇►▶▸▹→➔➜➤➢✓✔"
_DASHES = "–—"
_CODE_PAGES = ("cp1252", "cp1253", "cp1251", "mac_roman", "latin-1", "iso8859-7")
_MISREAD = {
    form.strip()
    for mark in _MARKS + _DASHES
    for page in _CODE_PAGES
    for whole in [mark.encode().decode(page, "ignore")]
    for form in (whole, "".join(filter(str.isprintable, whole)))
} - {""}
_MISREAD_MARK = re.compile("|".join(re.escape(form) for form in sorted(_MISREAD, key=len)[::-1] if len(form) > 1))
_MISREAD_STUB = re.compile("|".join(re.escape(form) for form in sorted(_MISREAD) if len(form) == 1))
_MARK = re.compile(rf"(?:[-{_DASHES}*+·](?=\s)|[{_MARKS}])\s*")
_NUMBER = re.compile(r"[\d$€£+–-]")
_BEGINS_ANEW = re.compile(r"[A-ZÀ-ÖØ-Þ\d$\"“'‘]")
_GLYPHS = re.compile(rf"[{_MARKS}]\s*")


class Look(Enum):
    """What a line looks like by itself."""

    BLANK = auto()
    # hashtags and nothing else
    TAGS = auto()
    # a paragraph
    PROSE = auto()
    # one short sentence
    SENTENCE = auto()
    # ends in a colon or begins with a number
    HEADING = auto()
    ITEM = auto()
    # byline, date, minutes to read
    META = auto()
    # up to three words: a menu entry, a button, a name
    LABEL = auto()
    # longer, yet no sentence: a title, a headline, a slogan
    PHRASE = auto()
    # as in ``page_furniture``
    BUTTON = auto()
    FURNITURE = auto()
    ENDING = auto()


PROSE_LOOKS = frozenset({Look.PROSE, Look.SENTENCE})
FURNITURE_LOOKS = frozenset({Look.BUTTON, Look.FURNITURE, Look.ENDING})


class Page(NamedTuple):
    """The lines of a page, their looks, and the titles that it declares, folded."""

    lines: Sequence[str]
    looks: Sequence[Look]
    titles: Sequence[str]


def text_lines(content: str) -> list[str]:
    """Lines of a saved text, stripped; empty ones stay as "", for they part blocks."""
    return _unwrapped([line.strip() for line in content.splitlines()])


def _unwrapped(lines: list[str]) -> list[str]:
    """Join lines that a text browser broke at a fixed width: where the next word would not have fitted."""
    width = max(map(len, lines), default=0)
    if not 50 <= width <= 100:
        return lines
    breaks = [_is_break(*pair, width) for pair in zip(lines, [*lines[1:], ""], strict=True)]
    continued = sum(lines[i + 1][0].islower() for i, is_break in enumerate(breaks) if is_break)
    if continued < 5 or continued * 2 < sum(breaks):
        return lines
    joined: list[list[str]] = []
    for is_continued, line in zip([False, *breaks], lines, strict=False):
        if is_continued:
            joined[-1].append(line)
        else:
            joined.append([line])
    return [" ".join(parts) for parts in joined]


def _is_break(line: str, following: str, width: int) -> bool:
    if not line or not following or _MARK.match(following):
        return False
    return len(line) + 1 + len(following.split(None, 1)[0]) > width


def key(line: str) -> str:
    """A line as compared with known words: case folded, spaces single, invisible characters gone."""
    seen = line[:SEEN]
    if not seen.isprintable():
        seen = "".join(c for c in seen if c.isprintable() or c.isspace())
    return " ".join(seen.casefold().split())


def measure(line: str) -> int:
    """Words in the visible start of a line; two Chinese, Japanese or Korean characters count as one."""
    seen = line[:SEEN]
    return len(seen.split()) + (0 if seen.isascii() else len(_CJK.findall(seen)) // 2)


def looks(lines: Sequence[str]) -> list[Look]:
    """The look of each line."""
    known = {line: _look(line) for line in set(lines)}
    return [known[line] for line in lines]


def _look(line: str) -> Look:
    if not line or _RULE.fullmatch(line):
        return Look.BLANK
    if is_tag_line(line):
        return Look.TAGS
    words, folded = measure(line), key(line[:600])
    if words <= 8 and is_button(folded):
        return Look.BUTTON
    if words <= 8 and is_ending(folded):
        return Look.ENDING
    if words <= 16 and (
        byline(line) or datelines(line) or _CHANGED.fullmatch(line) or _MINUTES_TO_READ.fullmatch(line)
    ):
        return Look.META
    if is_furniture(folded):
        return Look.FURNITURE
    return _shape(line, words)


def _shape(line: str, words: int) -> Look:
    seen = line[:SEEN]
    if len(seen) + len(_CJK.findall(seen)) >= SHORTEST_PARAGRAPH and words >= 15 and _SENTENCE_END.search(seen):
        return Look.PROSE
    if _MARK.match(seen) or _MISREAD_MARK.match(seen):
        return Look.ITEM
    if words >= 6 and _TERMINAL.search(line[-40:]):
        return Look.SENTENCE
    if words <= 15 and (line.endswith((":", "：")) or _NUMBERED.match(seen)):
        return Look.HEADING
    return Look.LABEL if words <= 3 else Look.PHRASE


def is_tag_line(line: str) -> bool:
    """Whether a line is hashtags (and cashtags) only: "#MicronEarnings #AI", "#Gate Blue Challenge#"."""
    if not line.startswith(("#", "$")) or line.startswith(("##", "# ")) or len(line) > 600:
        return False
    words = line.split()
    if all(word[0] in "#$" and any(map(str.isalpha, word)) for word in words):
        return any(word[0] == "#" for word in words)
    return len(words) <= 6 and line.endswith("#") and line.count("#") == 2 and line[1].isalpha()


def is_titled(line: str) -> bool:
    """Whether most longer words begin with a capital, as in an English headline."""
    words = [word.strip("\"'“”‘’($") for word in line.split()]
    longer = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    return len(longer) >= 2 and sum(not word[0].islower() for word in longer) >= 0.7 * len(longer)


def byline(line: str) -> str | None:
    """Name in "By Jane Doe" or "Written by Jane Doe | June 5, 2026"; else None."""
    found = _BYLINE.fullmatch(line) if len(line) <= 140 else None
    name = _AFTER_NAME.split(found[1], maxsplit=1)[0].strip() if found else ""
    return name if name and measure(name) <= 6 else None


def clean_items(lines: Iterable[str]) -> list[str]:
    """Lines whose list marks are written "- ", and mis-encoded or decorative glyphs after the mark gone.

    The mark is "• " before a number, where a dash would be a minus; a line that has only a dash stays as it
    is. A lone letter such as "β" is taken for the stub of a mis-encoded mark only where no word begins so
    (before a capital, a digit or a quote) or where two items of the page begin with it.
    """
    lines = list(lines)
    stubs: set[str] = set()
    repeated: set[str] = set()
    for line in lines:
        mark = _MARK.match(line)
        if mark and (stub := _MISREAD_STUB.match(line, mark.end())):
            (repeated if stub[0] in stubs else stubs).add(stub[0])
    return [_clean_item(line, repeated) for line in lines]


def _clean_item(line: str, repeated: set[str]) -> str:
    mark = _MARK.match(line) or _MISREAD_MARK.match(line)
    if mark is None:
        return line
    text = line[mark.end() :]
    if glyph := _GLYPHS.match(text) or _MISREAD_MARK.match(text):
        text = text[glyph.end() :]
    elif stub := _stub(text, repeated):
        text = text[stub.end() :]
    elif mark[0][0] in "-" + _DASHES:
        return line
    text = text.strip()
    return f"{'•' if _NUMBER.match(text) else '-'} {text}" if text else ""


def _stub(text: str, repeated: set[str]) -> re.Match[str] | None:
    stub = _MISREAD_STUB.match(text)
    return stub if stub and (stub[0] in repeated or _BEGINS_ANEW.match(text, stub.end())) else None


def is_item(line: str) -> bool:
    """Whether a line cleaned by ``clean_items`` is an item of a list."""
    return line.startswith(("- ", "• "))
