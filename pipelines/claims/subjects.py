"""Whom a claim is about: the nearest mention of its clause, else the text's main ticker.

Here: choosing among mentions that were found. Not here: finding them (``pipelines/text/mentions.py``).
"""

import re
from typing import NamedTuple

from pipelines.claims.statement import Statement
from pipelines.text.finance_words import COMPANY_WORDS, DETERMINERS, FINANCE_WORDS

CLEARLY_MORE = 1.5  # the main ticker of a text is this many times as relevant as the next
NEAR_BEHIND = 60  # characters behind a statement in which a mention is still its subject

_NAME = re.compile(r"\$[A-Za-z]{1,6}\b|(?<![\w$#@])[A-Z][\w&'’-]*(?: (?:of |& )?[A-Z][\w&'’-]*){0,4}")
_COMPARED = re.compile(r"\b(?:compared (?:to|with)|versus|vs)\b")
_WORD = re.compile(r"[^\W\d_][\w&'’-]*")
_OPENING_WORDS = """
i we he she they it you there here with if when while as and but or so also then now just after before since
during on in at of for to from by over under up down only about nearly more less not still even yet last this
next all both consider finally first second third however meanwhile today yesterday tomorrow monday tuesday
wednesday thursday friday saturday sunday january february march april may june july august september october
november december gross operating net adjusted free cash capex ebitda gaap full data center cloud wall street
management analysts chipmaker maker giant firm group sector deal anyway today's premarket overall
"""
_OPENERS = frozenset(_OPENING_WORDS.split())
_COMMON = FINANCE_WORDS | COMPANY_WORDS | DETERMINERS | _OPENERS


def main_ticker(relevance: dict[str, float]) -> str | None:
    """The ticker that a text is clearly about, from the relevance of each to it; None where two come close."""
    if not relevance:
        return None
    first, *others = sorted(relevance, key=relevance.__getitem__, reverse=True)
    is_clear = not others or relevance[first] >= CLEARLY_MORE * relevance[others[0]]
    return first if is_clear else None


class Mention(NamedTuple):
    """A ticker and where in the sentence it is named."""

    ticker: str
    start: int


def choose_subject(
    sentence: str, statement: Statement, clause: tuple[int, int], mentions: list[Mention], main: str | None
) -> str | None:
    """The ticker of a statement, or None.

    In its clause the nearest mention before the end of the statement, else the nearest behind; else the
    same in the sentence; else ``main``, the main ticker of the text. Nobody's where the last name before
    it is no mention, and where it is the other side of a comparison.
    """
    begins, ends = clause
    compared = _comparison(sentence, begins, statement.start)
    inside = [mention for mention in mentions if max(begins, compared or 0) <= mention.start < ends]
    if compared is not None and not inside:
        return None
    before = [mention for mention in inside if mention.start < statement.end]
    is_money = statement.kind in ("amount", "ratio")
    is_first = not any(mention.start < statement.end for mention in mentions)
    since = 0 if not inside and (is_money or is_first) else begins  # "Anthropic, the $965 billion lab"
    if (is_money or not before) and _names_a_stranger(sentence[since : statement.start], since, mentions):
        return None
    before = before or [mention for mention in mentions if not inside and mention.start < statement.end]
    if before:
        return max(before, key=lambda mention: mention.start).ticker
    behind = [mention for mention in inside or mentions if mention.start < statement.end + NEAR_BEHIND]
    return min(behind, key=lambda mention: mention.start).ticker if behind else main


def _comparison(sentence: str, begins: int, start: int) -> int | None:
    """Where somebody else's figure to compare with begins: "(peers 25.5x)", "versus 25x for Nvidia"; None for none."""
    if sentence[:begins].endswith("(") and any(map(str.isalpha, sentence[begins:start])):
        return begins
    found = _COMPARED.search(sentence, max(0, begins - 20), start)
    return found.end() if found else None


def _names_a_stranger(said: str, begins: int, mentions: list[Mention]) -> bool:
    """Whether the last name before a statement is nobody we follow: "Anthropic raised $65 billion".

    In a headline, where every word is a name, only the one right before the statement tells.
    """
    names = [match for match in _NAME.finditer(said) if not _is_common(match[0])]
    if not names:
        return False
    last = names[-1]
    if any(begins + last.end() <= mention.start < begins + len(said) for mention in mentions):
        return False
    if _is_headline(said) and said[last.end() :].strip():
        return False
    return not any(begins + last.start() <= mention.start < begins + last.end() for mention in mentions)


def _is_common(name: str) -> bool:
    words = [re.sub(r"['’]s?$", "", word) for word in name.split()]
    return all(word.lower() in _COMMON or (word.isupper() and len(word) <= 4) for word in words)


def _is_headline(said: str) -> bool:
    long = [word for word in _WORD.findall(said) if len(word) > 3]
    return len(long) >= 3 and sum(word[0].isupper() for word in long) >= 0.7 * len(long)
