"""The foot of a Gate Square page: its action bar, whose counts stand in place of labels, and the comments.

Here: finding and reading both.
Not here: the post above them (``page_prose``), identities and rows (``pages``).

The bar is Reward, Comment, Repost, Share, or the same with Like second. A count stands where its label would:
in "Reward, 1, Repost, Share" the 1 counts comments. So a label that is shown says that there is nothing to
count, and is read as 0; only what the bar does not have (likes, in the bar of four) is unknown, NULL. Shares
have no column.
A comment is its author, its age, its lines and "Reply" with the number of replies.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from pipelines.sources.page_lines import FURNITURE_LOOKS, Look, key, looks
from pipelines.sources.page_times import age

DISCLAIMER = "this page may contain third-party content"
LARGEST_COUNT = 10**15
LINES_ABOVE_BAR = 8  # lines in which its disclaimer is looked for
LONGEST_COMMENT = 200  # lines
LONGEST_BREAK = 20  # lines of a comment in which the page breaks off

_BARS = (
    ("rewards", "likes", "replies", "reposts", "shares"),
    ("rewards", "replies", "reposts", "shares"),
    ("likes", "replies", "reposts", "shares"),
)
_LABELS = {
    "reward": "rewards", "like": "likes", "comment": "replies", "repost": "reposts", "share": "shares",
    "rewards": "rewards", "likes": "likes", "comments": "replies", "reposts": "reposts", "shares": "shares",
}  # fmt: skip
_MARK = re.compile(r"^[•·▪◦*+-]\s*")
_COUNT = re.compile(r"(\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+|\d{1,15}(?:[.,]\d{1,2})?)\s?([kmb万亿]?)\+?")
_TIMES = {"": 1, "k": 1000, "m": 10**6, "b": 10**9, "万": 10**4, "亿": 10**8}
_ON_ONE_LINE = re.compile(r"(?:reward|like|comment|repost|share)(?:s(?![a-z]))?|\d[\d.,]{0,15}[kmb]?\+?")
_INVITATION = re.compile(r"(?:(?:all )?comments?|add (?:a )?comment)(?:\s?\(?\d{1,9}\)?)?")
_REPLY = re.compile(r"(?:reply|replies)\s?[(:]?\s?(\S{1,12}?)?\)?")
_REPLIES_AFTER = re.compile(r"(\S{1,12}) repl(?:y|ies)")
_AGE_MARK = re.compile(r"^[·•∙・]\s*")
_SURE_AGE = re.compile(r"[·•∙・]|\bago\b|\d\d-\d\d|\d{4}")  # not the "today" or "1D" of a menu
_AUTHOR_AND_AGE = re.compile(r"([^·•∙・]{1,64}?)\s*[·•∙・]\s*([^·•∙・]{1,40})")
_BADGES = re.compile(r"author|creator|verified|pinned|op|follow(?:ing)?|vip ?\d{0,2}|lv\.? ?\d{1,3}")
_BUTTONS = re.compile(
    r"view original|translate|see (?:translation|more)|show (?:more|less)|likes?|report|post-image|more"
)
_ANSWERED = re.compile(
    r"(?:reply(?:ing)? to |reply )?@\s?([^\s:,]{1,64})|reply(?:ing)? to ([^\s:,@]{1,64})", re.IGNORECASE
)

_Word = str | int | list[str | int] | None


class ActionBar(NamedTuple):
    """Lines ``first`` to before ``end``, and what they count; "shares" among them."""

    first: int
    end: int
    counts: dict[str, int]


class Comment(NamedTuple):
    """A comment as listed; ``answered`` is the place of the earlier comment it answers, None for the post."""

    author: str
    published_at: datetime
    body: str
    replies: int | None
    answered: int | None


def count(text: str) -> int | None:
    """Number in "7", "12,345", "1.2K", "3,4K", "2M", "1.2万", "99+"; None for anything else."""
    match = _COUNT.fullmatch(text.strip().casefold()) if len(text) <= 24 else None
    if match is None:
        return None
    digits, unit = match.groups()
    if re.fullmatch(r"\d{1,3}([,.\u00a0\u202f ]\d{3})+", digits) and not unit:
        number = Decimal(re.sub(r"\D", "", digits))
    else:
        number = Decimal(re.sub(r"[,.](?=\d{3}[,.])", "", digits).replace(",", ".").replace(" ", ""))
        if not unit and number != int(number):
            return None
    counted = int(number * _TIMES[unit])
    return counted if counted <= LARGEST_COUNT else None


def find_action_bar(lines: Sequence[str]) -> ActionBar | None:
    """The post's action bar: the first that comments follow, else the first; None if there is none."""
    filled = [i for i, line in enumerate(lines) if line]
    known = {line: _bar_word(line) for line in set(lines)}
    words = [known[lines[i]] for i in filled]
    invitations = {line for line in known if len(line) <= 40 and _INVITATION.fullmatch(key(line))}
    first_bar = None
    for place, word in enumerate(words):
        if word is None:
            continue
        found = _bar_at(words, place) if isinstance(word, str | int) else _bar_of(word)
        if found is None:
            continue
        length, counts, labels = found
        last = place + length
        bar = ActionBar(filled[place], filled[last - 1] + 1, counts)
        if any(lines[i] in invitations for i in filled[last : last + 2]):
            return bar
        first_bar = first_bar or (bar if labels >= 2 else None)
        if first_bar and not invitations:
            break
    return first_bar


def _bar_word(line: str) -> _Word:
    """A line of a bar: its label or count; for a whole bar on one line, all of them."""
    if len(line) > 100:
        return None
    text = _MARK.sub("", line).strip().casefold()
    number = count(text)
    if number is not None or text in _LABELS:
        return number if number is not None else _LABELS[text]
    parts = _ON_ONE_LINE.findall(text)
    if not 4 <= len(parts) <= 5 or _ON_ONE_LINE.sub("", text).strip(" \t|•·-/"):
        return None
    whole = [_LABELS.get(part, count(part)) for part in parts]
    return whole if None not in whole else None  # type: ignore[return-value]


def _bar_at(words: Sequence[_Word], place: int) -> tuple[int, dict[str, int], int] | None:
    """Length, counts and number of labels of the bar that begins at ``place``; None if none does."""
    for bar in _BARS:
        run = words[place : place + len(bar)]
        if len(run) == len(bar) and all(isinstance(w, int) or w == name for w, name in zip(run, bar, strict=True)):
            counts = {name: w if isinstance(w, int) else 0 for name, w in zip(bar, run, strict=True)}
            return len(bar), counts, sum(isinstance(w, str) for w in run)
    return None


def _bar_of(words: list[str | int]) -> tuple[int, dict[str, int], int] | None:
    found = _bar_at(words, 0)
    return (1, found[1], found[2]) if found and found[0] == len(words) and found[2] >= 2 else None


def find_disclaimer(lines: Sequence[str], bar: ActionBar | None) -> int | None:
    """Line of Gate's disclaimer: just above the bar, or the first on a page without bar; else None."""
    if bar is None:
        near: Iterable[int] = range(len(lines))
    else:
        near = islice((i for i in range(bar.first - 1, -1, -1) if lines[i]), LINES_ABOVE_BAR)
    return next((i for i in near if key(lines[i][:200]).startswith(DISCLAIMER)), None)


def read_comments(lines: Sequence[str], now: datetime) -> list[Comment]:
    """Comments in the lines below an action bar, in their order; what follows the last of them is not read.

    A comment without "Reply" is one only where the page breaks off in it, right below the one before.
    """
    filled = [line for line in lines if line]
    has_marks = any(_age_of(line, now) is not None and _AGE_MARK.match(line) for line in filled)
    heads = [head for place in range(len(filled)) if (head := _head(filled, place, now, has_marks)) is not None]
    comments: list[Comment] = []
    places: dict[str, int] = {}
    previous_end = 0
    for number, head in enumerate(heads):
        end = heads[number + 1].first if number + 1 < len(heads) else len(filled)
        told = filled[head.body_from : min(end, head.body_from + LONGEST_COMMENT)]
        reply = next((i for i, line in enumerate(told) if _replies(line) is not None), None)
        is_whole = reply is not None or (
            end == len(filled) and _may_end(told) and _is_gap(filled[previous_end : head.first])
        )
        if not is_whole or find_action_bar(told[:reply]) is not None:
            break
        previous_end = end if reply is None else head.body_from + reply + 1
        body = [line for line in told[:reply] if not _BUTTONS.fullmatch(key(line))]
        replies = None if reply is None else _replies(told[reply])
        comments.append(Comment(head.author, head.at, "\n".join(body), replies, _answered(body, places)))
        places[head.author.casefold()] = len(comments) - 1
    return comments


def _may_end(told: Sequence[str]) -> bool:
    return 0 < len(told) <= LONGEST_BREAK and (FURNITURE_LOOKS | {Look.TAGS}).isdisjoint(looks(told))


def _is_gap(lines: Sequence[str]) -> bool:
    return all(_INVITATION.fullmatch(key(line)) or _BUTTONS.fullmatch(key(line)) for line in lines)


def signature(lines: Sequence[str], now: datetime) -> tuple[str | None, datetime | None]:
    """Author and moment in the last "name, age" of the lines above a post; None, None without one."""
    filled = [line for line in lines if line]
    for place in range(len(filled) - 1, -1, -1):
        if _SURE_AGE.search(filled[place]) and (head := _head(filled, place, now, has_marks=False)):
            return head.author, head.at
    return None, None


def _age_of(line: str, now: datetime) -> datetime | None:
    return age(_AGE_MARK.sub("", line), now) if len(line) <= 44 else None


class _Head(NamedTuple):
    author: str
    at: datetime
    first: int
    body_from: int


def _head(filled: Sequence[str], place: int, now: datetime, has_marks: bool) -> _Head | None:
    """Author and moment where line ``place`` is an age, alone or after its author's name; else None."""
    line = filled[place]
    at = _age_of(line, now)
    if at is not None and (not has_marks or _AGE_MARK.match(line)):
        first = place - 1
        while first > 0 and _BADGES.fullmatch(key(filled[first])):
            first -= 1
        is_named = first >= 0 and _is_name(filled[first])
        return _Head(filled[first], at, first, place + 1) if is_named else None
    both = _AUTHOR_AND_AGE.fullmatch(line) if len(line) <= 110 else None
    at = age(both[2], now) if both else None
    return _Head(both[1], at, place, place + 1) if both and at is not None and _is_name(both[1]) else None


def _is_name(line: str) -> bool:
    folded = key(line)
    is_button = (
        _REPLY.fullmatch(folded) or _INVITATION.fullmatch(folded) or _BUTTONS.fullmatch(folded) or folded in _LABELS
    )
    return len(line) <= 64 and not is_button


def _replies(line: str) -> int | None:
    folded = key(line) if len(line) <= 24 else ""
    match = _REPLY.fullmatch(folded) or _REPLIES_AFTER.fullmatch(folded)
    if match is None:
        return None
    return count(match[1]) if match[1] else 0


def _answered(body: Sequence[str], places: dict[str, int]) -> int | None:
    match = _ANSWERED.match(body[0]) if body else None
    return places.get((match[1] or match[2]).casefold()) if match else None
