"""Where a text on a saved page begins: its title, the hashtags above it, the lines down to its first prose.

Here: going up from the first prose of a post or an article to the line where it begins.
Not here: which prose is the text (``page_prose``).

Above a text stand menus and banners, so the nearest line that could be a title is asked for its words: a
title shares most of them with its text, a slogan hardly any. A title that the HTML declares needs no proof.
"""

from typing import NamedTuple

from pipelines.sources.page_lines import FURNITURE_LOOKS, PROSE_LOOKS, Look, Page, is_titled, key, measure
from pipelines.sources.page_words import Vocabulary

TITLE_WORDS_SHARED = 0.45  # of a title's words; slogans above a text share up to a third of theirs by chance
EDGE_WORDS_SHARED = 0.2  # of a sentence's or list item's words; paragraphs of one text share a third and more
LONGEST_TITLE = 250  # characters
HEADLINE_WORDS = 16  # a longer line below a headline is a standfirst
HEAD_LINES = 15  # lines between a title and the first paragraph: byline, date, key points, a heading
TAG_LINES = 40  # short lines between leading hashtags or a declared title and the first paragraph
SHORT_POST_LINES = 6  # lines of a page that holds a post of labels and little else

_NO_TITLE = {Look.BLANK, Look.TAGS, Look.PROSE, Look.ITEM, Look.HEADING, Look.META, Look.BUTTON}


class Head(NamedTuple):
    """Line where a text begins, and the line of its title."""

    start: int
    title: int | None


def post_head(page: Page, first: int, words: Vocabulary) -> Head:
    """Where the post whose first prose is line ``first`` begins."""
    title = _declared_title(page, first)
    if title is None:
        title = _opening_title(page, first, words)
    if title is not None:
        return Head(_tags_above(page, title), title)
    start, is_joined, labels = first, True, 0
    for passed, i in enumerate(_filled_above(page, first)):
        look = page.looks[i]
        if look is Look.TAGS:
            return _tagged_head(page, _tags_above(page, i + 1), first)
        if not labels and is_title(page, i, words):
            return Head(_tags_above(page, i), i)
        if look in FURNITURE_LOOKS or passed == TAG_LINES:
            return Head(start, None)
        labels += look in {Look.LABEL, Look.PHRASE}
        is_joined &= look is Look.HEADING or words.shared(page.lines[i]) >= EDGE_WORDS_SHARED
        start = i if is_joined else start
    return Head(0, _top_title(page, first)) if labels <= 3 else Head(start, None)


def short_post_head(page: Page, end: int) -> Head:
    """Where a post without one sentence, ending above line ``end``, begins.

    At its hashtags; else at the top of a page that holds little else; else after the nearest label.
    """
    above: list[int] = []
    for i in _filled_above(page, end):
        if page.looks[i] in FURNITURE_LOOKS or len(above) > HEAD_LINES:
            break
        if page.looks[i] is Look.TAGS:
            return Head(_tags_above(page, i + 1), None)
        above.append(i)
    if above and _is_top(page, above[-1]) and len(above) <= SHORT_POST_LINES:
        return Head(above[-1], None)
    labels = (place for place, i in enumerate(above) if place and page.looks[i] is Look.LABEL)
    return Head(above[next(labels, len(above)) - 1] if above else end, None)


def article_head(page: Page, first: int, words: Vocabulary) -> Head:
    """Where the article whose first prose is line ``first`` begins: bylines may follow its title."""
    title = _declared_title(page, first)
    if title is None:
        title = _opening_title(page, first, words)
    if title is None:
        title = _article_title(page, first, words)
    return Head(first if title is None else title, title)


def is_title(page: Page, i: int, words: Vocabulary) -> bool:
    """Whether line ``i`` has the words of the text, or a headline's capitals, or tops the page."""
    if not _could_be_title(page, i):
        return False
    if _has_words_of(page, i, words):
        return True
    return page.looks[i] not in FURNITURE_LOOKS and (is_titled(page.lines[i]) or _is_top(page, i))


def is_titled_above(page: Page, i: int, words: Vocabulary) -> bool:
    """Whether the nearest line above ``i`` that is no byline has the words of the text, as its title does."""
    near = next((k for k in _filled_above(page, i) if page.looks[k] is not Look.META), None)
    return near is not None and _could_be_title(page, near) and _has_words_of(page, near, words)


def _has_words_of(page: Page, i: int, words: Vocabulary) -> bool:
    """Whether enough of the line's words are the text's; of a label's one or two, all."""
    return words.shared(page.lines[i]) >= (1 if page.looks[i] is Look.LABEL else TITLE_WORDS_SHARED)


def _could_be_title(page: Page, i: int) -> bool:
    line = page.lines[i]
    if page.looks[i] in _NO_TITLE or len(line) > LONGEST_TITLE or line.endswith((",", ";")):
        return False
    is_statement = line.endswith((".", "。")) and not line.endswith("..")
    if is_statement and not (is_titled(line) and measure(line) <= 20):
        return False
    return measure(line) >= 3


def _declared_title(page: Page, first: int) -> int | None:
    """The nearest line above that the page itself declares as its title; more than a name of the site."""
    if not page.titles:
        return None
    return next((i for i in _filled_above(page, first)[:TAG_LINES] if _is_declared(page, i)), None)


def _is_declared(page: Page, i: int) -> bool:
    folded = key(page.lines[i])
    if measure(folded) < 4:
        return False
    return any(title == folded or (len(folded) >= 15 and title.startswith(folded)) for title in page.titles)


def _opening_title(page: Page, first: int, words: Vocabulary) -> int | None:
    """The first sentence itself, where it is a title ("Is the Rally Over?") with no byline or title above."""
    if page.looks[first] is not Look.SENTENCE or not is_title(page, first, words):
        return None
    if PROSE_LOOKS.isdisjoint(page.looks[first + 1 : first + HEAD_LINES]):
        return None
    above = _filled_above(page, first)[:1]
    is_led = any(page.looks[i] is Look.META or is_title(page, i, words) for i in above)
    return None if is_led else first


def _tagged_head(page: Page, start: int, first: int) -> Head:
    below = [i for i in range(start, first) if page.looks[i] not in {Look.BLANK, Look.TAGS}]
    if below:
        return Head(start, below[0] if _could_be_title(page, below[0]) else None)
    above = _filled_above(page, start)
    if len(above) == 1 and _could_be_title(page, above[0]):
        return Head(above[0], above[0])
    return Head(start, None)


def _article_title(page: Page, first: int, words: Vocabulary) -> int | None:
    above = _filled_above(page, first)[:HEAD_LINES]
    candidates = [i for i in above if _could_be_title(page, i)]
    for place, i in enumerate(candidates):
        if _has_words_of(page, i, words):
            higher = candidates[place + 1 : place + 2]
            return higher[0] if higher and _is_standfirst(page, i, higher[0]) else i
    for i in candidates:
        if page.looks[i] is Look.PHRASE and (is_titled(page.lines[i]) or i in above[:3]):
            return i
    return _top_title(page, first) if above and _is_top(page, above[-1]) else None


def _is_standfirst(page: Page, i: int, above: int) -> bool:
    """Whether line ``i`` is too long for a headline and stands right below one."""
    is_next = not any(page.looks[k] is not Look.BLANK for k in range(above + 1, i))
    is_headline = page.looks[above] in {Look.PHRASE, Look.SENTENCE}
    return is_next and is_headline and measure(page.lines[above]) <= HEADLINE_WORDS < measure(page.lines[i])


def _top_title(page: Page, first: int) -> int | None:
    top = _filled_above(page, first)[-1:]
    return top[0] if top and page.looks[top[0]] in {Look.LABEL, Look.PHRASE} else None


def _tags_above(page: Page, i: int) -> int:
    """First of the hashtag lines directly above line ``i``; ``i`` if there are none."""
    top = i
    for k in _filled_above(page, i):
        if page.looks[k] is not Look.TAGS:
            break
        top = k
    return top


def _filled_above(page: Page, i: int) -> list[int]:
    """Lines above ``i`` that are not blank, the nearest first."""
    return [k for k in range(i - 1, -1, -1) if page.looks[k] is not Look.BLANK]


def _is_top(page: Page, i: int) -> bool:
    return all(look is Look.BLANK for look in page.looks[:i])
