"""Many sentences as one run of bytes: a search is one pass over a batch and not one call per sentence.

Here: the joining; what no reader sees or means (zero-width characters, addresses, code) taken out; a copy in
which words are parted by single spaces; the way back from any byte to its sentence and character.
Not here: what is searched for.

Three coordinates: *raw* bytes as given; *visible* bytes, without zero-width characters, with addresses and
code blanked; *word* bytes, where every run of spaces and punctuation is one space: ``Micron's`` reads
``micron s``, ``Coca-Cola`` reads ``coca cola``. Each holds the byte 0xFF, which no UTF-8 text contains, after
every sentence: nothing found can reach over it.
"""

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

END = 0xFF  # stands after each sentence
_SPACE = 0x20
_IS_WORD = [byte >= 0x80 or chr(byte).isalnum() or chr(byte) == "_" for byte in range(256)]
_PART = bytes(byte if _IS_WORD[byte] else _SPACE for byte in range(256))
_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_ADDRESS = re.compile(
    rb"[A-Za-z]{2,10}://[^\s<>\"|`\x80-\xff]+"
    rb"|(?<![A-Za-z0-9_.@-])(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}/[^\s<>\"|`\x80-\xff]*"
    rb"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
)
_BARE_ADDRESS = re.compile(rb"www\.[^\s<>\"|`\x80-\xff]+")
_CODE_SPAN = re.compile(rb"`[^`\xff]{1,2000}`")


class Joined(NamedTuple):
    """A batch of sentences as bytes in three coordinates; the arrays map one coordinate to the next."""

    raw: bytes
    characters: np.ndarray  # for each raw byte, how many characters began up to it, itself included
    starts: np.ndarray  # raw offset of the first byte of each sentence
    visible: np.ndarray  # uint8
    to_raw: np.ndarray  # raw offset of each visible byte
    words: np.ndarray  # uint8, letters as written
    to_visible: np.ndarray  # visible offset of each word byte
    is_gap: np.ndarray  # whether a visible byte parts words

    def rows(self, visible: np.ndarray) -> np.ndarray:
        """Which sentence each visible offset lies in."""
        return np.searchsorted(self.starts, self.to_raw[visible], side="right") - 1

    def offsets(self, visible: np.ndarray) -> np.ndarray:
        """Each visible offset as a character offset in its own sentence."""
        raw = self.to_raw[visible]
        return self.characters[raw] - self.characters[self.starts[self.rows(visible)] - 1] - 1

    def written(self, starts: np.ndarray, ends: np.ndarray) -> list[str]:
        """The words between visible offsets, as the author wrote them."""
        last = self.to_raw[ends - 1]
        lead = np.frombuffer(self.raw, dtype=np.uint8)[last]
        after = last + 1 + (lead >= 0xC2) + (lead >= 0xE0) + (lead >= 0xF0)
        spans = zip(self.to_raw[starts].tolist(), after.tolist(), strict=True)
        return [self.raw[start:end].decode("utf-8", "replace") for start, end in spans]


def join(sentences: pa.ChunkedArray, texts: np.ndarray) -> Joined:
    """Join ``sentences``; ``texts`` numbers the text of each, sentences of one text stand together."""
    empty, end = pa.scalar(b"", pa.large_binary()), pa.scalar(bytes([END]), pa.large_binary())
    values = pc.fill_null(sentences.cast(pa.large_string()), "").cast(pa.large_binary()).combine_chunks()
    whole = pc.binary_join_element_wise(empty, values, end, pa.scalar(b" ", pa.large_binary()))
    offsets = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    data = np.frombuffer(whole.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    offsets = offsets - offsets[0]
    visible, to_raw = _visible(data)
    _blank_addresses(visible)
    _blank_code(visible, to_raw, offsets, texts)
    words, to_visible, is_gap = _words(visible)
    return Joined(
        raw=data.tobytes(),
        characters=np.cumsum((data & 0xC0) != 0x80, dtype=np.int32),
        starts=offsets[:-1] + 1,
        visible=visible,
        to_raw=to_raw,
        words=words,
        to_visible=to_visible,
        is_gap=is_gap,
    )


def lower(words: np.ndarray) -> bytes:
    """Word bytes with the letters A to Z lowered; offsets stay."""
    return words.tobytes().translate(_LOWER)


def as_words(name: str) -> bytes:
    """A name as it stands among the word bytes, with a space before and after."""
    if name.isascii():
        return b" %b " % b" ".join(name.encode().translate(_PART).split())
    return _words(np.frombuffer(f" {name} ".encode(), dtype=np.uint8))[0].tobytes()


def _visible(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without what has no width; letters of fancy alphabets as the plain ones that they show."""
    keep = np.ones(len(data), dtype=bool)
    shown = data.copy()
    lead = np.flatnonzero((data >= 0xC2) & (data < 0xF8))
    if len(lead):
        padded = np.concatenate([data, np.zeros(3, dtype=np.uint8)])
        first = padded[lead].astype(np.int32)
        second, third, fourth = (padded[lead + step].astype(np.int32) & 63 for step in (1, 2, 3))
        two = (first & 31) << 6 | second
        three = (first & 15) << 12 | second << 6 | third
        four = (first & 7) << 18 | second << 12 | third << 6 | fourth
        code = np.where(first < 0xE0, two, np.where(first < 0xF0, three, four))
        length = 2 + (first >= 0xE0) + (first >= 0xF0)
        plain = _plain_letter(code)
        shown[lead[plain > 0]] = plain[plain > 0]
        for step in range(4):
            unseen = lead[(length > step) & (_is_unseen(code) | ((plain > 0) & (step > 0)))] + step
            keep[unseen[unseen < len(keep)]] = False
    return shown[keep], np.flatnonzero(keep)


def _is_unseen(code: np.ndarray) -> np.ndarray:
    """Soft hyphen, zero-width and direction marks, word joiner, byte order mark, variation selectors."""
    unseen = (code == 0xAD) | (code == 0xFEFF) | ((code >= 0x200B) & (code <= 0x200F))
    marks = ((code >= 0x202A) & (code <= 0x202E)) | ((code >= 0x2060) & (code <= 0x206F))
    return unseen | marks | ((code >= 0xFE00) & (code <= 0xFE0F))


def _plain_letter(code: np.ndarray) -> np.ndarray:
    """ASCII byte that a full-width form or a mathematical letter shows, else 0."""
    wide = (code >= 0xFF01) & (code <= 0xFF5E)
    styled = (code >= 0x1D400) & (code < 0x1D400 + 13 * 52)
    letter = (code - 0x1D400) % 52
    letter = np.where(letter < 26, ord("A") + letter, ord("a") + letter - 26)
    return np.where(wide, code - 0xFEE0, np.where(styled, letter, 0)).astype(np.uint8)


def _blank_addresses(visible: np.ndarray) -> None:
    """Overwrite links and e-mail addresses with spaces: what stands in them is not said by the author."""
    slash, at = visible == ord("/"), visible == ord("@")
    spots = np.flatnonzero(slash | at)
    text = visible.tobytes()
    for match in _BARE_ADDRESS.finditer(text):
        visible[match.start() : match.end()] = _SPACE
    if not len(spots):
        return
    gaps = np.flatnonzero((visible <= _SPACE) | (visible == END))
    token = np.searchsorted(gaps, spots)
    token = token[np.diff(token, prepend=-1) > 0]
    starts = np.where(token > 0, gaps[token - 1] + 1, 0)
    ends = np.append(gaps, len(visible))[token]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for match in _ADDRESS.finditer(text, start, end):
            visible[match.start() : match.end()] = _SPACE


def _blank_code(visible: np.ndarray, to_raw: np.ndarray, offsets: np.ndarray, texts: np.ndarray) -> None:
    """Overwrite code with spaces: `spans` in one sentence, ``` blocks over the sentences of a text."""
    text = visible.tobytes()
    if b"`" not in text:
        return
    fences = np.array([match.start() for match in re.finditer(rb"```", text)], dtype=np.int64)
    if len(fences):
        text_of = texts[np.searchsorted(offsets, to_raw[fences], side="right") - 1]
        ends = np.searchsorted(to_raw, offsets[np.searchsorted(texts, text_of, side="right")])
        opened = None
        for spot, number, end in zip(fences.tolist(), text_of.tolist(), ends.tolist(), strict=True):
            if opened and opened[1] == number:
                _blank(visible, opened[0], spot + 3)
                opened = None
                continue
            if opened:
                _blank(visible, opened[0], opened[2])
            opened = (spot, number, end)
        if opened:
            _blank(visible, opened[0], opened[2])
        text = visible.tobytes()
    for match in _CODE_SPAN.finditer(text):
        visible[match.start() : match.end()] = _SPACE


def _blank(visible: np.ndarray, start: int, end: int) -> None:
    """Spaces over a stretch, sentence ends left standing."""
    part = visible[start:end]
    part[part != END] = _SPACE


def _words(visible: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Words parted by single spaces, where each byte stood, and which bytes part words.

    All that is not Latin parts words too: symbols, emoji, and the letters around a name in a Chinese text.
    """
    parted = np.frombuffer(visible.tobytes().translate(_PART), dtype=np.uint8).copy()
    lead = np.flatnonzero((visible >= 0xC2) & (visible < END))
    if len(lead):
        first = visible[lead]
        length = np.where(first < 0xE0, 2, np.where(first < 0xF0, 3, 4))
        apart = (first == 0xC2) | ((first >= 0xCE) & (first != 0xE1))
        for step in range(4):
            spot = lead[apart & (length > step)] + step
            parted[spot[spot < len(parted)]] = _SPACE
    is_space = parted == _SPACE
    keep = np.ones(len(parted), dtype=bool)
    keep[1:] = ~(is_space[1:] & is_space[:-1])
    return parted[keep], np.flatnonzero(keep), is_space
