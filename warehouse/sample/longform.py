"""Long posts and news articles, section by section, from the sentences in ``longform.toml``.

Here: their words and structure. Not here: short texts (``voices``), the furniture of saved pages (``pages``).
"""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from warehouse.sample.dice import Dice
from warehouse.sample.market import INSTRUMENTS, Scene
from warehouse.sample.voices import BEAR, BULL, PHRASES, SIDE, in_cents

LONGFORM = tomllib.loads(Path(__file__).with_name("longform.toml").read_text(encoding="utf-8"))
COMPANIES = tuple(instrument for instrument in INSTRUMENTS if instrument.is_company)


class Section(NamedTuple):
    """A heading and what stands under it."""

    heading: str
    sentences: list[str]
    is_list: bool = False

    def __str__(self) -> str:
        """Heading, blank line, then one paragraph or one line per sentence."""
        body = ("\n\n" if self.is_list else " ").join(self.sentences)
        return f"{self.heading}\n\n{body}"


class LongPost(NamedTuple):
    """An essay with its cases for and against."""

    hashtag: str
    title: str
    sections: list[Section]

    def __str__(self) -> str:
        """The essay below its title, sections set apart by blank lines."""
        return "\n\n".join(str(section) for section in self.sections)


class Article(NamedTuple):
    """A news article with its bullet takeaways."""

    title: str
    paragraphs: list[str]
    bullets: list[str]


def long_post(dice: Dice, scene: Scene, stance: int, published_at: int) -> LongPost:
    """An essay that leans to ``stance`` (bull or bear) in its frame and in the number of its arguments."""
    slots = _slots(dice, scene, published_at)
    words, side, kind = LONGFORM["post"], SIDE[stance], "company" if scene.instrument.is_company else "coin"

    def section(name: str, sentences: list[str], at_most: int, is_list: bool = False) -> Section:
        chosen = [sentence.format(**slots) for sentence in _some(dice, sentences, at_most)]
        return Section(dice.pick(words["headings"][name]), [_capital(each) for each in chosen], is_list)

    return LongPost(
        hashtag="#" + dice.pick(words["hashtags"]).format(**slots),
        title=dice.pick(words["titles"][side]).format(**_headline(slots)),
        sections=[
            section("hook", words["hook"][side], 4),
            section("lens", words["lens"], 3),
            section("bull_case", words["bull_case"][kind], 5 if stance == BULL else 3),
            section("bear_case", words["bear_case"][kind], 5 if stance == BEAR else 3),
            section("risks", words["risks"][kind], 4, is_list=True),
            section("outlook", words["outlook"][side], 3),
            section("close", words["close"][side], 1),
        ],
    )


def article(dice: Dice, scene: Scene, stance: int, published_at: int) -> Article:
    """A news article on a company, leaning to ``stance``, bull or bear; the headline agrees with the tape."""
    slots = _slots(dice, scene, published_at)
    words, side = LONGFORM["article"], SIDE[stance]
    headline = side if scene.move * stance > 0 else SIDE[0]
    paragraphs = [
        [*_some(dice, words["lead"][side], 1), *_some(dice, words["tape"], 1)],
        _some(dice, words["middle"][side], 3),
        _some(dice, words["context"], 2),
    ]
    bullets = [*_some(dice, words["bullets"][side], 3), *_some(dice, words["bullets"]["neutral"], 2)]
    return Article(
        title=dice.pick(words["titles"][headline]).format(**_headline(slots)),
        paragraphs=[" ".join(_capital(each.format(**slots)) for each in told) for told in paragraphs],
        bullets=[_capital(each.format(**slots)) for each in bullets],
    )


def _slots(dice: Dice, scene: Scene, published_at: int) -> dict[str, str]:
    instrument = scene.instrument
    topic, other_topic = _some(dice, PHRASES["topics"][instrument.ticker], 2)
    report = datetime.fromtimestamp(published_at, UTC) + timedelta(days=20 + int(dice.between(0, 60)))
    return {
        "n": instrument.name,
        "N": instrument.name.replace(" ", ""),
        "T": instrument.ticker,
        "topic": topic,
        "other_topic": other_topic,
        "peer": dice.pick([each for each in COMPANIES if each is not instrument]).name,
        "move": f"{100 * abs(scene.move):.2f}",
        "rose": "rose" if scene.move > 0 else "fell",
        "price": in_cents(scene.price),
        "target": f"{scene.price * dice.between(1.2, 1.5):.0f}",
        "floor": f"{scene.price * dice.between(0.5, 0.8):.0f}",
        "month": f"{report:%B}",
    }


def _some(dice: Dice, options: Sequence[str], at_most: int) -> list[str]:
    """Up to ``at_most`` different options, in the order given."""
    ranked = sorted((dice.unit(), position) for position in range(len(options)))
    return [options[position] for position in sorted(position for _, position in ranked[:at_most])]


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _headline(slots: dict[str, str]) -> dict[str, str]:
    """The slots with the topic in the capitals of a headline: "the Memory Cycle"."""
    return slots | {"topic": " ".join(word if word == "the" else _capital(word) for word in slots["topic"].split())}
