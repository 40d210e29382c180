"""A JSON document as a stream: its top values one by one, and of an array its elements one by one.

Here: cutting the text by brackets and quotes alone, so that neither an enormous array nor an enormous element
is ever held in memory, and a bad element does not hide the next.
Not here: what an element says (``shapes.py``).
"""

import re
from collections.abc import Iterator

from pipelines.sources.rows import EXCERPT_CHARACTERS, BrokenFile, excerpt
from pipelines.sources.streams import Line

DEEPEST = 1000

INSIDE_STRING = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
FLAT = rf'[^"\[\]{{}}]++|"{INSIDE_STRING}"'
# A value up to 8 levels deep is matched whole: many times faster than from bracket to bracket.
VALUE = rf"[\[{{](?:{FLAT})*+[\]}}]"
for _ in range(7):
    VALUE = rf"[\[{{](?:{FLAT}|{VALUE})*+[\]}}]"

REST_OF_STRING = re.compile(INSIDE_STRING, re.DOTALL)
UP_TO_BRACKET = re.compile(rf"(?:{FLAT})*+", re.DOTALL)
UP_TO_UNPAIRED_BRACKET = re.compile(rf"(?:{FLAT}|{VALUE})*+", re.DOTALL)
WHOLE_VALUE = re.compile(VALUE, re.DOTALL)


def elements(pieces: Iterator[str], name: str, longest: int) -> Iterator[Line]:
    """Objects and arrays at the top, or in an array at the top, each with the line on which it begins.

    Refused, with a ``reason``: an element longer than ``longest`` characters, and what stands between two
    elements and is not a comma. ``BrokenFile`` when the file ``name`` ends inside a value, or nests more than
    1,000 deep.
    """
    text, kept = _Text(pieces), _Kept(longest)
    depth = top = 0  # top is 1 inside an array whose elements are given one by one
    while cut := text.up_to_bracket(UP_TO_UNPAIRED_BRACKET if depth > top else UP_TO_BRACKET):
        before, bracket = cut
        kept.add(before)
        if depth > top:
            kept.add(bracket)
            depth += {"": 0, "[": 1, "{": 1}.get(bracket, -1)
            if depth == top:
                yield kept.take()
            elif depth > DEEPEST:
                raise BrokenFile(f"{name}: line {kept.line}: nested more than {DEEPEST:,} deep")
        elif bracket == ("]" if top else "["):
            yield from kept.stray()
            depth = top = 1 - top
        elif bracket in ("[", "{"):
            yield from kept.stray()
            rest = text.rest_of_value()
            kept.add(bracket + rest)
            if rest:
                yield kept.take()
            else:
                depth += 1
        else:
            kept.add(bracket)
    if depth:
        raise BrokenFile(f"{name}: ends inside the JSON value that begins on line {kept.begun}")
    yield from kept.stray()


class _Text:
    """The pieces, read from bracket to bracket; a bracket inside a string is none."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = _whole_escapes(pieces)
        self._piece = ""
        self._place = 0
        self._in_string = False

    def up_to_bracket(self, pattern: re.Pattern[str]) -> tuple[str, str] | None:
        """What ``pattern`` passes over, and the bracket there or "" where the piece ends; None at the end."""
        if self._place == len(self._piece):
            self._piece, self._place = next(self._pieces, None), 0
            if self._piece is None:
                return None
        piece, start = self._piece, self._place
        place = start
        if self._in_string:
            place = REST_OF_STRING.match(piece, place).end()
            self._in_string = place == len(piece)
            place += not self._in_string
        place = pattern.match(piece, place).end()
        bracket = piece[place : place + 1]
        if bracket == '"':  # of a string that goes on in the next piece
            self._in_string, place, bracket = True, len(piece), ""
        self._place = place + len(bracket)
        return piece[start:place], bracket

    def rest_of_value(self) -> str:
        """The rest of the value whose bracket was just read, "" unless all of it lies in this piece."""
        value = WHOLE_VALUE.match(self._piece, self._place - 1)
        if value is None:
            return ""
        start, self._place = self._place, value.end()
        return self._piece[start : self._place]


class _Kept:
    """The text since the last cut, of which no more than ``longest`` characters are held."""

    def __init__(self, longest: int) -> None:
        self.line = self.begun = 1
        self._longest = longest
        self._parts: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        self._size += len(text)
        self._parts.append(text)
        if self._size > self._longest:
            self._parts = ["".join(self._parts)[:EXCERPT_CHARACTERS]]
        self.line += text.count("\n")

    def take(self) -> Line:
        """What was kept, as an element."""
        text, size, begun = "".join(self._parts), self._size, self.begun
        self._parts, self._size, self.begun = [], 0, self.line
        if size > self._longest:
            reason = f"element of {size:,} characters is longer than the {self._longest:,} allowed"
            return Line(begun, excerpt(text), reason)
        return Line(begun, text)

    def stray(self) -> Iterator[Line]:
        """What was kept, refused unless it is the space or the comma between two elements."""
        text = self.take().text
        blank = len(text) - len(text.lstrip())
        if text.strip() not in ("", ","):
            begun = self.begun - text.count("\n", blank)
            yield Line(begun, excerpt(text.strip()), "neither a JSON object nor the comma between two")


def _whole_escapes(pieces: Iterator[str]) -> Iterator[str]:
    """The same text, cut so that no backslash is parted from what it escapes; no piece is empty."""
    carried = ""
    for piece in pieces:
        whole = carried + piece
        is_cut = (len(whole) - len(whole.rstrip("\\"))) % 2
        carried = whole[len(whole) - is_cut :]
        if len(whole) > is_cut:
            yield whole[: len(whole) - is_cut]
    if carried:
        yield carried
