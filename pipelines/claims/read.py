"""The claims of one sentence: every figure and every dated event, with what the words around them add.

Here: which rule reads a figure, and the columns of a claim put together. Not here: the rules themselves;
texts and their main tickers (``find.py``).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pipelines.claims.asserted import hedge_words, is_denied, is_own_trade, looks_ahead
from pipelines.claims.business import read_business
from pipelines.claims.changes import IS_MOVING, read_change
from pipelines.claims.events import find_events
from pipelines.claims.figures import clause_edges, find_figures, fold
from pipelines.claims.horizons import horizon
from pipelines.claims.levels import read_level
from pipelines.claims.multiples import read_multiple
from pipelines.claims.periods import Period, find_periods
from pipelines.claims.speakers import find_speaker
from pipelines.claims.statement import Statement
from pipelines.claims.subjects import Mention, choose_subject
from pipelines.claims.targets import read_target

Claim = dict[str, Any]
_OF_PRICES = ("move", "level")
_WITHIN = re.compile(r"\b(?:in|for|during|over|through|throughout)(?: the)? $")
_BARE = re.compile(r"[qh][1-4]\b|(?:first|second|third|fourth)\b")


class _Place(NamedTuple):
    """Where a statement stands: its clause, and the part of it that no other statement claims."""

    begins: int
    ends: int
    own_begins: int
    own_ends: int
    first_begins: int  # of the first statement of the clause


def read_sentence(sentence: str, said_on: date, mentions: list[Mention], main: str | None) -> list[Claim]:
    """Claims in order of place, with the columns of ``core.claims`` that the sentence decides.

    ``said_on``: the exchange's date when it was said. ``mentions``: tickers named in the sentence.
    ``main``: the ticker that the whole text is about; None where there is no such.
    """
    folded = fold(sentence)
    days = dict(find_events(folded, said_on))
    stated = sorted([*_read_figures(folded), *days], key=lambda statement: statement.start)
    claims = []
    for statement, place in _places(folded, stated):
        if is_denied(folded[place.begins : statement.start]):
            continue
        speaker, speaker_at = (find_speaker(sentence) if statement.kind == "target" else None) or (None, None)
        others = [mention for mention in mentions if mention.start != speaker_at]
        claim = {
            **_words(sentence, folded, statement, place),
            "ticker": choose_subject(sentence, statement, (place.begins, place.ends), others, main),
            "said_by": speaker,
            "claim_number": len(claims) + 1,
        }
        claims.append(claim | _dates(folded, statement, place, claim["hedge"], said_on, days.get(statement)))
    return claims


def _read_figures(folded: str) -> Iterator[Statement]:
    """What each figure states, by the first rule that reads it."""
    multiple: Statement | None = None
    for figure in find_figures(folded):
        if found := read_target(folded, figure):
            yield found
        elif found := read_multiple(figure, multiple):
            multiple = found
            yield found
        elif not is_own_trade(figure.lead, figure.after) and (
            found := read_change(folded, figure) or read_level(folded, figure) or read_business(figure)
        ):
            yield found


def _places(folded: str, stated: list[Statement]) -> Iterator[tuple[Statement, _Place]]:
    edges = clause_edges(folded)
    for number, statement in enumerate(stated):
        begins = max(edge for edge in edges if edge <= statement.start)
        ends = min((edge for edge in edges if edge >= statement.end), default=len(folded))
        before = stated[number - 1].end if number else 0
        after = stated[number + 1].start if number + 1 < len(stated) else len(folded)
        own_begins = begins if before > statement.start else max(begins, before)
        first_begins = next(one.start for one in stated if one.start >= begins)
        yield statement, _Place(begins, ends, own_begins, max(statement.end, min(ends, after)), first_begins)


def _words(sentence: str, folded: str, statement: Statement, place: _Place) -> Claim:
    """Columns that repeat the statement, with its hedge."""
    hedge = hedge_words(folded, place.own_begins, statement.start, statement.end, place.ends)
    columns = statement._asdict()
    start, end = columns["start"], columns.pop("end")
    matched = sentence[start:end]
    return columns | {
        "start": start + len(matched) - len(matched.lstrip()),
        "matched": matched.strip(),
        "hedge": hedge,
        "is_hedged": hedge is not None,
    }


def _dates(
    folded: str, statement: Statement, place: _Place, hedge: str | None, said_on: date, event_on: date | None
) -> Claim:
    """Columns of time: what it is over, by when it is due; and the basis, which knows of the session's hours."""
    dates: Claim = {"period": None, "period_from": None, "period_to": None, "due_on": event_on}
    if statement.kind == "target":
        dates["due_on"] = horizon(folded[place.begins : place.ends], said_on)
    if statement.kind in ("target", "event", "multiple"):
        return dates
    said, follows = folded[place.own_begins : statement.end], folded[statement.end : place.own_ends]
    is_ahead = looks_ahead(said, follows, hedge)
    period = _period(folded, statement, place, said_on, looks_back=not is_ahead)
    if period:
        dates |= {"period": period.name, "period_from": period.first, "period_to": period.last}
        if period.is_outside_session:
            dates["basis"] = None
        elif period.name != "session" and statement.basis == "intraday" and statement.kind == "move":
            dates["basis"] = "close"
    elif statement.kind == "move" and not is_ahead and IS_MOVING.match(folded, statement.start):
        dates["period"] = "session"
    elif is_ahead and statement.kind in _OF_PRICES:
        dates["period_from"] = said_on
    return dates


def _period(folded: str, statement: Statement, place: _Place, said_on: date, *, looks_back: bool) -> Period | None:
    """The span that belongs to a statement: the nearest behind it, else before it, in what is its own."""
    periods = find_periods(folded, said_on, looks_back)
    if statement.kind in _OF_PRICES:  # a quarter that only names results is not what the price moved over
        periods = [span for span in periods if span.name not in ("quarter", "half") or _is_within(folded, span)]
    behind = [span for span in periods if statement.end - 12 <= span.start < place.own_ends]
    before = [span for span in periods if place.own_begins <= span.start and span.end <= statement.end]
    if not (behind or before) and statement.kind == "move":  # "banks YTD: $UBS -3.8%, $DB -25.4%"
        before = [span for span in periods if place.begins <= span.start and span.end <= place.first_begins]
    return behind[0] if behind else before[-1] if before else None


def _is_within(folded: str, span: Period) -> bool:
    """Whether a span is introduced as one: "in the second quarter", "past three months"."""
    return bool(_WITHIN.search(folded[max(0, span.start - 20) : span.start])) or not _BARE.match(folded, span.start)
