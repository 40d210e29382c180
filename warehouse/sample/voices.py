"""How the crowd sounds: one short post, comment or remark at a time, from the phrases in ``phrases.toml``.

Here: which words a stance on a ticker comes out in. Not here: long posts and articles (``longform``); who
speaks, when, and what they feel (``crowd``, ``feelings``).
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from warehouse.sample.dice import Dice
from warehouse.sample.market import INSTRUMENTS, Instrument, Scene
from warehouse.sample.texts import Opinion

BULL, NEUTRAL, BEAR = 1, 0, -1
SIDE = {BULL: "bull", NEUTRAL: "neutral", BEAR: "bear"}
PHRASES = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))

COMPANY_TALK = re.compile(
    r"quarter|management|margin|balance sheet|insiders|guid|free cash|cash keeps|estimates|last call|report"
    r"|ex-dividend|beat|miss|executi|filing"
)


class Said(NamedTuple):
    """A short text: its words, its kind of voice, its stance on its ticker and on others named in passing."""

    body: str
    voice: str
    stance: int
    language: str | None = None
    others: tuple[Opinion, ...] = ()


def short_post(dice: Dice, scene: Scene, stance: int) -> Said:
    """A post that names its ticker."""
    roll = dice.unit()
    if roll < 0.05 and abs(scene.move) > 0.002:
        return _claim(dice, scene)
    if roll < 0.08 and stance:
        return _target(dice, scene, stance)
    if roll < 0.10 and stance:
        language = dice.pick(("es", "de"))
        body = dice.pick(PHRASES["foreign"][language][SIDE[stance]]).format(t=f"${scene.instrument.ticker}")
        return Said(body, f"foreign_{language}", stance, language)
    if not stance:
        parts = [_filled(dice, scene, PHRASES["neutral"]), _detail(dice, scene)]
        return Said(_styled(dice, parts), "question", NEUTRAL, others=_compared(scene, parts, NEUTRAL))
    voice = "own_words" if dice.chance(0.7) else "slang"
    parts = [_filled(dice, scene, PHRASES[voice][SIDE[stance]])]
    if dice.chance(0.45):
        parts.append(_filled(dice, scene, PHRASES["reasons"][SIDE[stance]]))
    if dice.chance(0.35):
        parts.append(_detail(dice, scene))
    parts.append(dice.pick(PHRASES["closers"][SIDE[stance]]))
    others = _compared(scene, parts, stance)
    opener = dice.pick(PHRASES["openers"])
    body = _styled(dice, [f"{opener} {parts[0]}" if opener else parts[0], *parts[1:]])
    return Said(body, voice, stance, others=others)


def pair_post(dice: Dice, up: Instrument, down: Instrument) -> str:
    """One sentence for one ticker and against another."""
    body = dice.pick(PHRASES["pairs"]).format(up=spelled(dice, up), down=spelled(dice, down))
    tail = dice.pick(("", "", ".", " 🔁", " imo", f", week {int(dice.between(1, 53))}"))
    return body + tail


def comment(dice: Dice, scene: Scene, stance: int) -> Said:
    """A comment in a thread on ``scene.instrument``: empty, leaning on the thread, or naming the ticker."""
    roll = dice.unit()
    if roll < 0.24:
        return Said(dice.pick(PHRASES["empty_replies"]), "empty_reply", NEUTRAL)
    if roll < 0.66:
        remark = _filled(dice, scene, PHRASES["thread_remarks"][SIDE[stance]])
        return Said(_styled(dice, [remark]), "thread_remark", stance)
    return short_post(dice, scene, stance)


def aside(dice: Dice, voice: str) -> str:
    """A text about no ticker: ``off_topic``, or ``ambiguous`` with words that only look like tickers."""
    return dice.pick(PHRASES[voice]).format(**_small_facts(dice))


def spelled(dice: Dice, instrument: Instrument) -> str:
    """The ticker as people write it: mostly a cashtag, often the name, now and then the bare symbol."""
    roll = dice.unit()
    if roll < 0.66:
        return f"${instrument.ticker}" if roll > 0.05 else f"${instrument.ticker.lower()}"
    return instrument.name if roll < 0.9 else instrument.ticker


def in_cents(price: float) -> str:
    """A price as people type it: no cents where nobody cares for them."""
    return f"{price:.2f}" if price < 1000 else f"{price:.0f}"


@cache
def fitting(is_company: bool, phrases: tuple[str, ...]) -> Sequence[str]:
    """The phrases that make sense: nobody discusses the quarterly margins of a coin or an index."""
    return phrases if is_company else tuple(phrase for phrase in phrases if not COMPANY_TALK.search(phrase))


def _claim(dice: Dice, scene: Scene) -> Said:
    stance = BULL if scene.move > 0 else BEAR
    is_false = dice.chance(1 / 7)
    move = abs(scene.move) * (dice.between(1.5, 3.0) if is_false else 1)
    when = "open" if scene.is_open else "closed"
    body = dice.pick(PHRASES["claims"][when][SIDE[stance]]).format(
        t=spelled(dice, scene.instrument), move=f"{100 * move:.2f}"
    )
    return Said(body, "false_claim" if is_false else f"{when}_claim", stance)


def _target(dice: Dice, scene: Scene, stance: int) -> Said:
    target = scene.price * (dice.between(1.1, 1.6) if stance == BULL else dice.between(0.5, 0.9))
    body = dice.pick(PHRASES["targets"][SIDE[stance]]).format(t=spelled(dice, scene.instrument), target=f"{target:.0f}")
    return Said(body, "target", stance)


def _filled(dice: Dice, scene: Scene, phrases: list[str]) -> str:
    instrument = scene.instrument
    phrase = dice.pick(fitting(instrument.is_company, tuple(phrases)))
    peer = dice.pick(INSTRUMENTS)
    while peer is instrument:
        peer = dice.pick(INSTRUMENTS)
    return phrase.format(
        t=spelled(dice, instrument), topic=dice.pick(PHRASES["topics"][instrument.ticker]), peer=peer.name
    )


def _compared(scene: Scene, parts: list[str], stance: int) -> tuple[Opinion, ...]:
    """The other companies named; a reason for one ticker is a reason against them."""
    said = " ".join(parts)
    others = [each for each in INSTRUMENTS if each is not scene.instrument and each.name in said]
    return tuple((each.ticker, -stance) for each in others)


def _detail(dice: Dice, scene: Scene) -> str:
    price = in_cents(scene.price * dice.between(0.9, 1.1))
    return dice.pick(PHRASES["details"]).format(price=price, **_small_facts(dice))


def _small_facts(dice: Dice) -> dict[str, str]:
    return {
        "hour": f"{int(dice.between(1, 12))}:{int(dice.between(0, 60)):02d}",
        "minutes": str(int(dice.between(2, 240))),
    }


def _styled(dice: Dice, parts: Sequence[str]) -> str:
    """The parts as one text, punctuated and capitalised the way this author does it."""
    parts = [part for part in parts if part]
    roll = dice.unit()
    if roll < 0.4:
        return dice.pick((". ", ", ", " - ", "\n")).join(parts).replace("?.", "?").replace("?,", "?")
    body = ". ".join(part[0].upper() + part[1:] for part in parts).replace("?.", "?")
    if roll > 0.97:
        return body.upper()
    return body + dice.pick((".", "", "!", "!!", ""))
