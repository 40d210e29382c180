"""Where, among the lines of a saved page, the text is, and the text itself.

Here: the stretch of lines that is densest in prose, its paragraphs, the lists and short lines of it.
Not here: the look of a line (``page_lines``), the title (``page_title``), comments (``page_comments``).

The page around a text is short labels, slogans and promises; a text is paragraphs that speak of one thing. So
lines are weighed (prose by its length, the rest against it), the heaviest stretch is the text, and whether a
line at its edge belongs is asked of its words: are they used in the text?
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.sources.page_lines import (
    PROSE_LOOKS,
    SHORTEST_PARAGRAPH,
    Look,
    Page,
    clean_items,
    is_item,
    key,
    looks,
    measure,
)
from pipelines.sources.page_title import (
    EDGE_WORDS_SHARED,
    TITLE_WORDS_SHARED,
    article_head,
    is_title,
    is_titled_above,
    post_head,
    short_post_head,
)
from pipelines.sources.page_words import Vocabulary

BANNER_WORDS_SHARED = 0.3  # of a banner's words, for each sign (hashtags, a title) that a text begins below it
BANNER_LINES = 12
HEAVIEST_LINE = 800  # characters of a paragraph that weigh
LINES_BESIDE = 4  # lines above a title in which author and date are looked for

_WEIGHTS = {
    Look.BLANK: 0,
    Look.TAGS: 0,
    Look.HEADING: 0,
    Look.META: -5,
    Look.ITEM: -10,
    Look.LABEL: -60,
    Look.PHRASE: -60,
    Look.BUTTON: -60,
    Look.FURNITURE: -200,
    Look.ENDING: -1000,
}
# Part of its words that the last prose must share with the text, by its look and by whether it stands apart.
_NEEDED = {
    (Look.PROSE, False): 0.1,
    (Look.PROSE, True): 0.2,
    (Look.SENTENCE, False): 0.2,
    (Look.SENTENCE, True): 0.45,
}
_KEY_POINTS = frozenset({"key takeaways", "takeaways", "key points", "highlights", "the bottom line", "summary"})
_NEVER_SAID = frozenset(
    {"post-image", "view original", "translate", "see translation", "show more", "show less", "see more"}
)
_PRICE_CHIP = re.compile(r"\$?[A-Z0-9]{2,10}\s?[-+]?\d{1,6}(?:\.\d{1,4})?%")


class Passage(NamedTuple):
    """A text found in a page: ``beside`` are the lines around its title that say who and when, or may."""

    title: str | None
    body: str
    beside: tuple[str, ...]


def post_passage(lines: Sequence[str], end: int, titles: Sequence[str]) -> Passage | None:
    """The post that ends above line ``end`` (its disclaimer or action bar); None if nothing there is one.

    Leading hashtag lines become the first paragraphs of the body: they may carry the ticker.
    """
    page = _page(lines[:end], titles)
    while end and (page.looks[end - 1] is Look.BLANK or _is_appended(lines[end - 1])):
        end -= 1
    first = _first_prose(page, _heaviest_suffix(_weights(page)[:end]), end)
    head = post_head(page, first, _vocabulary(page, first, end)) if first < end else short_post_head(page, end)
    said = [
        i
        for i in range(head.start, end)
        if i != head.title and page.looks[i] is not Look.BLANK and key(lines[i]) not in _NEVER_SAID
    ]
    said.sort(key=lambda i: not (i < first and page.looks[i] is Look.TAGS))
    if not said and head.title is None:
        return None
    above = [line for line in lines[: head.start] if line][-LINES_BESIDE:]
    return Passage(_title(page, head.title), paragraphs([lines[i] for i in said]), tuple(above))


def is_below_another_text(lines: Sequence[str], end: int) -> bool:
    """Whether the densest prose above line ``end`` is parted from it by the heading of something else.

    So it is where an article is followed by related stories and a feed of posts with their own action bars.
    """
    page = _page(lines[:end], ())
    _, last = _heaviest_stretch(_weights(page))
    return Look.ENDING in page.looks[last:end]


def article_passage(lines: Sequence[str], titles: Sequence[str]) -> Passage | None:
    """The article in a page; None if no stretch of it is prose."""
    page = _page(lines, titles)
    start, end = _heaviest_stretch(_weights(page))
    first = _first_prose(page, start, end)
    if first >= end:
        return None
    words = _vocabulary(page, first, end)
    last = _article_end(page, _last_prose(page, first, end, words), words)
    head = article_head(page, first, words)
    said = [
        lines[i]
        for i in range(head.start, last)
        if i != head.title and (_is_of_article(page, i, words) if i >= first else _is_lead(page, i, words))
    ]
    near = range(max(head.start - LINES_BESIDE, 0), first)
    beside = tuple(lines[i] for i in near if page.looks[i] in {Look.META, Look.LABEL, Look.PHRASE})
    return Passage(_title(page, head.title), paragraphs(said), beside)


def paragraphs(lines: Sequence[str]) -> str:
    """Lines as paragraphs parted by an empty line; the items of one list on lines of their own."""
    parts: list[str] = []
    for line in filter(None, clean_items(lines)):
        is_next_item = is_item(line) and parts and is_item(parts[-1])
        parts += ["\n" if is_next_item else "\n\n", line]
    return "".join(parts[1:])


def _page(lines: Sequence[str], titles: Sequence[str]) -> Page:
    return Page(lines, looks(lines), [key(title) for title in titles])


def _title(page: Page, i: int | None) -> str | None:
    return None if i is None else page.lines[i]


def _vocabulary(page: Page, first: int, end: int) -> Vocabulary:
    """Words of the paragraphs; of single sentences too where these say most, for a banner is a sentence."""
    prose = _prose(page, first, end)
    paragraphs = [i for i in prose if page.looks[i] is Look.PROSE]
    if 2 * sum(len(page.lines[i]) for i in paragraphs) < sum(len(page.lines[i]) for i in prose):
        paragraphs = prose
    return Vocabulary(page.lines[i] for i in paragraphs)


def _prose(page: Page, first: int, end: int) -> list[int]:
    return [i for i in range(first, end) if page.looks[i] in PROSE_LOOKS]


def _is_appended(line: str) -> bool:
    """Whether a line below a post's text is a picture, a button or a coin's price, which moves."""
    return key(line) in _NEVER_SAID or _PRICE_CHIP.fullmatch(line[:40]) is not None


def _weights(page: Page) -> list[int]:
    weights = [0] * len(page.lines)
    filled = [i for i, look in enumerate(page.looks) if look is not Look.BLANK]
    said: set[str] = set()
    for place, i in enumerate(filled):
        look = page.looks[i]
        if look in PROSE_LOOKS and page.lines[i] in said:
            continue  # a text does not repeat its paragraphs, a page does
        said.add(page.lines[i])
        if look is Look.PROSE:
            weights[i] = min(len(page.lines[i]), HEAVIEST_LINE)
        elif look is Look.SENTENCE:
            beside = filled[max(place - 1, 0) : place] + filled[place + 1 : place + 2]
            weights[i] = len(page.lines[i]) // 2 if any(page.looks[k] in PROSE_LOOKS for k in beside) else 0
        else:
            weights[i] = _WEIGHTS[look]
    return weights


def _heaviest_suffix(weights: Sequence[int]) -> int:
    best, start, total = 0, len(weights), 0
    for i in range(len(weights) - 1, -1, -1):
        total += weights[i]
        if total > best:
            best, start = total, i
    return start


def _heaviest_stretch(weights: Sequence[int]) -> tuple[int, int]:
    best, found, total, start = 0, (0, 0), 0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, start = 0, i
        total += weight
        if total > best:
            best, found = total, (start, i + 1)
    return found


def _first_prose(page: Page, start: int, end: int) -> int:
    """First prose line of the stretch, past banners; ``end`` if it has none.

    Banners are the smaller part, stand above what could be hashtags or a title but have no title themselves,
    and are on another matter.
    """
    prose = _prose(page, start, end)
    words = _vocabulary(page, start, end)
    place, passed, whole = 0, 0, sum(len(page.lines[i]) for i in prose)
    for cut in range(1, min(len(prose), BANNER_LINES)):
        passed += len(page.lines[prose[cut - 1]])
        if 2 * passed > whole:
            break
        signs = _signs_of_beginning(page, range(prose[cut - 1] + 1, prose[cut] + 1), words)
        if not signs or is_titled_above(page, prose[place], words):
            continue
        shared = words.shared_apart([page.lines[i] for i in prose[place:cut]])
        place = cut if shared < BANNER_WORDS_SHARED * signs else place
    return prose[place] if prose else end


def _signs_of_beginning(page: Page, between: range, words: Vocabulary) -> int:
    has_tags = any(page.looks[i] is Look.TAGS for i in between)
    return has_tags + any(page.looks[i] is not Look.PROSE and is_title(page, i, words) for i in between)


def _last_prose(page: Page, first: int, end: int, words: Vocabulary) -> int:
    """Line after the last prose on the text's matter; a paragraph right below another need share least."""
    prose = _prose(page, first, end)
    while len(prose) > 1:
        look, is_apart = page.looks[prose[-1]], _stands_apart(page, prose)
        if words.shared(page.lines[prose[-1]]) >= _NEEDED[look, is_apart]:
            break
        prose.pop()
    return prose[-1] + 1


def _stands_apart(page: Page, prose: Sequence[int]) -> bool:
    """Whether a list or a label parts the last prose line, or the few sentences it ends, from the text."""
    for place in range(len(prose) - 1, max(len(prose) - 1 - BANNER_LINES, 0), -1):
        above, below = prose[place - 1], prose[place]
        if not {Look.BLANK, Look.HEADING}.issuperset(page.looks[above + 1 : below]):
            return True
        if page.looks[above] is Look.PROSE:
            break
    return False


def _article_end(page: Page, last: int, words: Vocabulary) -> int:
    """Line after the last of the text, going down from its last prose: lists, closing sentences."""
    end, mark = last, None
    for i in range(last, len(page.lines)):
        line, look = page.lines[i], page.looks[i]
        if look in {Look.BLANK, Look.HEADING} or key(line) in _KEY_POINTS:
            continue
        if look is Look.ITEM:
            mark = mark or line[0]
            belongs = line[0] == mark and measure(line) >= 5 and words.shared(line) >= EDGE_WORDS_SHARED
        else:
            belongs = look in PROSE_LOOKS and words.shared(line) >= TITLE_WORDS_SHARED
        if not belongs:
            break
        end = i + 1
    return end


def _is_lead(page: Page, i: int, words: Vocabulary) -> bool:
    """Whether a line between title and first prose is text: key points, a standfirst, a heading."""
    if page.looks[i] in PROSE_LOOKS | {Look.HEADING, Look.ITEM}:
        return True
    return page.looks[i] is Look.PHRASE and words.shared(page.lines[i]) >= TITLE_WORDS_SHARED


def _is_of_article(page: Page, i: int, words: Vocabulary) -> bool:
    """Whether a line between first and last prose is text, not a button, a byline or a call to subscribe."""
    line, look = page.lines[i], page.looks[i]
    if look is Look.FURNITURE:
        return len(line) >= SHORTEST_PARAGRAPH or words.shared(line) >= EDGE_WORDS_SHARED
    return look not in {Look.BLANK, Look.BUTTON, Look.META}
