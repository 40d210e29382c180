"""How often each scorer agrees with people about labelled texts: VADER, finance, and the Hu-Liu lexicon.

Every set is split in two by the hash of each text. The words of the finance scorer were chosen by hand with
an eye on the train halves; nothing was chosen by the test halves, which alone say how good it is. A binary
set is decided at a compound of 0 (0 is positive), one with a neutral class at ±0.05. All three scorers are
the rules of vaderSentiment, the first and the last as the installed package runs them, over another lexicon.
"""

import csv
import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.sentiment import score

SIDES = {"positive": 1, "neutral": 0, "negative": -1}
NEUTRAL_BAND = 0.05
HU_LIU_VALENCE = 1.5
REQUIRED_MEAN_F1, REQUIRED_R = 0.76, 0.80

Scorer = Callable[[list[str]], np.ndarray]


class Labelled(NamedTuple):
    """Texts and what people made of them: a side (1, 0, -1), or a mean rating."""

    texts: list[str]
    labels: np.ndarray


class Agreement(NamedTuple):
    """Share of texts on whose side the scorer and people agree, and F1 averaged over the classes."""

    accuracy: float
    macro_f1: float


def sentfin(folder: Path) -> Labelled:
    """SEntFiN headlines that name one entity, with the label of that entity."""
    pairs = []
    for row in _rows(folder / "labelled/sentfin/SEntFiN.csv", ","):
        labels = re.findall(r"['\"]: *['\"](positive|negative|neutral)['\"]", row["Decisions"])
        if len(labels) == 1:
            pairs.append((row["Title"], SIDES[labels[0]]))
    return _labelled(pairs)


def surge(folder: Path, name: str, column: str) -> Labelled:
    """Posts about stocks or coins, positive or negative."""
    rows = _rows(folder / f"labelled/surge-{name}/sentiment.csv", ",")
    return _labelled([(row[column], SIDES[row["Sentiment"].lower()]) for row in rows])


def taborda(folder: Path) -> Labelled:
    """Tweets about stocks that were labelled."""
    rows = _rows(folder / "labelled/taborda/tweets_labelled_09042020_16072020.csv", ";")
    return _labelled([(row["text"], SIDES[row["sentiment"]]) for row in rows if row["sentiment"]])


def icwsm_tweets(folder: Path) -> Labelled:
    """Tweets about anything, with the mean rating (-4 to 4) of twenty people."""
    lines = (folder / "vader-icwsm2014/tweets_GroundTruth.txt").read_text(encoding="utf-8").splitlines()
    return _labelled([(text, float(rating)) for _, rating, text in (line.split("\t", 2) for line in lines)])


def part(labelled: Labelled, name: str) -> Labelled:
    """The train or the test half: the last bit of the first byte of the text's hash, line ends made equal."""
    bit = {"train": 0, "test": 1}[name]
    chosen = [
        index
        for index, text in enumerate(labelled.texts)
        if hashlib.blake2b(text.replace("\r\n", "\n").encode(), digest_size=8).digest()[0] & 1 == bit
    ]
    return Labelled([labelled.texts[index] for index in chosen], labelled.labels[chosen])


def vader() -> Scorer:
    """The package as it is."""
    return _compounds(SentimentIntensityAnalyzer())


def finance() -> Scorer:
    """Ours, as the pipeline runs it."""
    return lambda texts: score(pa.array(texts), "finance")["compound"].to_numpy()


def hu_liu(folder: Path) -> Scorer:
    """The Hu-Liu opinion words in place of VADER's, all of one strength."""
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.clear()
    with zipfile.ZipFile(folder / "lexicons/opinion_lexicon.zip") as archive:
        for side, sign in (("positive", 1), ("negative", -1)):
            text = archive.read(f"opinion_lexicon/{side}-words.txt").decode("latin-1")
            words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(";")]
            analyzer.lexicon |= dict.fromkeys(words, sign * HU_LIU_VALENCE)
    return _compounds(analyzer)


def agreement(sides: np.ndarray, compounds: np.ndarray) -> Agreement:
    """How well the compounds, cut into the classes that occur, agree with the sides."""
    classes = np.unique(sides)
    if 0 in classes:
        decided = np.where(compounds >= NEUTRAL_BAND, 1, np.where(compounds <= -NEUTRAL_BAND, -1, 0))
    else:
        decided = np.where(compounds >= 0, 1, -1)
    f1 = [
        2 * np.sum((sides == side) & (decided == side)) / max(1, np.sum(sides == side) + np.sum(decided == side))
        for side in classes
    ]
    return Agreement(float(np.mean(decided == sides)), float(np.mean(f1)))


def main(folder: Path) -> None:
    """Print the tables of both halves, and what is required of the test half."""
    sets = {
        "SEntFiN": sentfin(folder),
        "surge-stock": surge(folder, "stock", "Tweet Text"),
        "surge-crypto": surge(folder, "crypto", "Comment Text"),
        "Taborda": taborda(folder),
    }
    tweets = icwsm_tweets(folder)
    scorers = {"vader": vader(), "finance": finance(), "Hu-Liu": hu_liu(folder)}
    _half(sets, tweets, scorers, "train")
    agreements, r = _half(sets, tweets, scorers, "test")
    pairs = list(zip(agreements["finance"], agreements["vader"], strict=True))
    is_worse = [
        name
        for name, (ours, theirs) in zip(sets, pairs, strict=True)
        if any(mine < its for mine, its in zip(ours, theirs, strict=True))
    ]
    mean_f1 = _mean_f1(agreements["finance"])
    print(f"required on the test half: mean F1 {REQUIRED_MEAN_F1}, reached {mean_f1:.3f};", end=" ")
    print(f"r {REQUIRED_R}, reached {r['finance']:.3f};", end=" ")
    print(f"worse than vader on no set, is on {', '.join(is_worse) or 'none'}")


def _half(
    sets: Mapping[str, Labelled], tweets: Labelled, scorers: Mapping[str, Scorer], half: str
) -> tuple[dict[str, list[Agreement]], dict[str, float]]:
    """Print one half's table; the agreements of each scorer, set by set, and its r on the tweets."""
    _print_row(half, "n", "+ / 0 / -", [(f"{name} acc", "F1") for name in scorers])
    agreements: dict[str, list[Agreement]] = {name: [] for name in scorers}
    for name, labelled in sets.items():
        texts, sides = part(labelled, half)
        for scorer, compounds in scorers.items():
            agreements[scorer].append(agreement(sides, compounds(texts)))
        cells = [(f"{row[-1].accuracy:.3f}", f"{row[-1].macro_f1:.3f}") for row in agreements.values()]
        _print_row(name, str(len(texts)), _balance(sides), cells)
    _print_row("mean", "", "", [("", f"{_mean_f1(rows):.3f}") for rows in agreements.values()])
    texts, ratings = part(tweets, half)
    r = {name: float(np.corrcoef(compounds(texts), ratings)[0, 1]) for name, compounds in scorers.items()}
    _print_row("ICWSM tweets", str(len(texts)), "r", [("", f"{figure:.3f}") for figure in r.values()])
    print()
    return agreements, r


def _print_row(name: str, count: str, balance: str, cells: list[tuple[str, str]]) -> None:
    print(f"{name:13}{count:>6}  {balance:<18}" + "".join(f"{left:>13}{right:>7}" for left, right in cells))


def _mean_f1(agreements: list[Agreement]) -> float:
    return float(np.mean([row.macro_f1 for row in agreements]))


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _labelled(pairs: list[tuple[str, float]]) -> Labelled:
    texts, labels = zip(*pairs, strict=True)
    return Labelled(list(texts), np.array(labels))


def _compounds(analyzer: SentimentIntensityAnalyzer) -> Scorer:
    return lambda texts: np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def _balance(sides: np.ndarray) -> str:
    counts = Counter(sides.tolist())
    return " / ".join(str(counts[side]) for side in (1, 0, -1))
