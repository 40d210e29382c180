"""Who is meant: short texts a second, cashtags against Twitter's own list, names against labelled headlines.

Speed is taken with 7,000 instruments, our list filled up from the SEC's, in two processes. Baselines, in the same run,
neither of which knows any rule about what surrounds a match: a loop of regular expressions, one per instrument; and one
compiled regular expression over all names and any cashtag.
"""

import csv
import html
import io
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import zstandard

from pipelines.text.cashtags import find_cashtags
from pipelines.text.instruments import INSTRUMENTS, read_instruments
from pipelines.text.joined import join
from pipelines.text.lexicon import compile_lexicon
from pipelines.text.mentions import find_mentions

LIST = Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv"
_TWITTER_AFTER = re.compile(r"[!-/:-@\[-`{-~]|\s|$")  # what Twitter's grammar lets follow a cashtag
_ENTITY = re.compile(r"'(.+?)': '(?:positive|neutral|negative)'(?:, |\})")
_LEGAL_FORM = re.compile(r",? (?:Inc|Corp|Corporation|Ltd|Plc|Co)\.?$", re.IGNORECASE)


class Agreement(NamedTuple):
    """How many findings agree with somebody else's list, and where the two differ (key, ticker)."""

    agreed: int
    only_ours: list[tuple[str, str]]
    only_theirs: list[tuple[str, str]]
    beyond: int  # findings on which the other list cannot tell

    @property
    def precision(self) -> float:
        """Agreed of ours."""
        return self.agreed / max(1, self.agreed + len(self.only_ours))

    @property
    def recall(self) -> float:
        """Agreed of theirs."""
        return self.agreed / max(1, self.agreed + len(self.only_theirs))

    def __str__(self) -> str:
        """One line of figures."""
        return (
            f"precision {self.precision:.4f}, recall {self.recall:.4f} "
            f"({self.agreed:,} agreed, {len(self.only_ours)} only ours, {len(self.only_theirs)} only theirs, "
            f"{self.beyond} beyond their reach)"
        )


def main(shared: Path) -> None:
    """Print speed and all accuracies."""
    listed = read_instruments(LIST)
    tweets = list(read_tweets(shared, range(1, 13)))
    texts = [html.unescape(tweet["text"]) for tweet in tweets]
    print_speed(texts, filled_up(listed, shared / "names" / "sec_company_tickers.json"))
    agreements = against_twitter(tweets, listed, find_mentions), against_twitter(tweets, listed, cashtags_alone)
    print(f"cashtags against Twitter's entities: {agreements[0]}")
    print(f"  find_cashtags alone:               {agreements[1]}")
    print(f"names against SEntFiN's entities:    {against_sentfin(shared, listed)}")


def print_speed(texts: list[str], instruments: pa.Table) -> None:
    """Short texts a second: ours in one and two processes, and the two baselines on a sample."""
    table = one_sentence_each([str(number) for number in range(len(texts))], texts)
    began = time.perf_counter(), time.process_time()
    found = find_mentions(table, instruments)
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{len(texts):,} tweets, {found.num_rows:,} mentions, {instruments.num_rows:,} instruments")
    print(f"one process:   {len(texts) / wall:9,.0f} texts a second ({len(texts) / cpu:,.0f} per processor second)")
    half = len(texts) // 2
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        walls = []
        for _ in range(4):  # the first starts the processes
            began_two = time.perf_counter()
            wait([pool.submit(find_mentions, part, instruments) for part in (table.slice(0, half), table.slice(half))])
            walls.append(time.perf_counter() - began_two)
    print(f"two processes: {len(texts) / min(walls):9,.0f} texts a second, sending and compiling the list included")
    for name, count, baseline in (("loop of regexes", 50, loop_of_regexes), ("one regex", 5_000, one_regex)):
        began_naive = time.process_time()
        matches = baseline(texts[:count], instruments)
        cpu = time.process_time() - began_naive
        print(f"baseline:      {count / cpu:9,.0f} per processor second ({name}, {count:,} texts, {matches:,} matches)")


def filled_up(listed: pa.Table, path: Path, count: int = 7_000) -> pa.Table:
    """Our list, and companies of the SEC's list under their registered names, ``count`` in all."""
    known = set(listed["ticker"].to_pylist())
    rows = [
        dict.fromkeys(INSTRUMENTS.names) | {"ticker": entry["ticker"].replace("-", "."), "name": entry["title"].title()}
        for entry in json.loads(path.read_text(encoding="utf-8")).values()
    ]
    unlisted = {row["ticker"]: row for row in rows if row["ticker"] not in known}
    extra = list(unlisted.values())[: count - listed.num_rows]
    return pa.concat_tables([listed, pa.Table.from_pylist(extra, schema=INSTRUMENTS)])


def cashtags_alone(sentences: pa.Table, instruments: pa.Table) -> pa.Table:
    """``find_cashtags`` without any other rule, as mentions."""
    joined = join(sentences["sentence"], np.arange(sentences.num_rows))
    found = find_cashtags(compile_lexicon(instruments), joined)
    return pa.table(
        {
            "text_id": sentences["text_id"].take(pa.array(joined.rows(found.start))),
            "ticker": instruments["ticker"].take(pa.array(found.instrument)),
            "rule": ["cashtag"] * len(found.start),
            "matched": joined.written(found.start, found.end),
            "start": joined.offsets(found.start),
        }
    )


def read_tweets(shared: Path, months: range) -> Iterator[dict]:
    """Distinct tweets of 2014."""
    seen = set()
    for month in months:
        path = shared / "stocknet-2014" / f"tweets-2014-{month:02d}.ndjson.zst"
        with path.open("rb") as file:
            for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
                tweet = json.loads(line)
                if tweet["id_str"] not in seen:
                    seen.add(tweet["id_str"])
                    yield tweet


def one_sentence_each(keys: list[str], texts: list[str]) -> pa.Table:
    """Texts as sentences."""
    position = pa.array([1] * len(keys), pa.int32())
    return pa.table({"text_id": keys, "position": position, "sentence": texts})


def against_twitter(tweets: list[dict], instruments: pa.Table, find: Callable[..., pa.Table]) -> Agreement:
    """Cashtags of listed instruments, per tweet and ticker, against ``entities.symbols``.

    Of Twitter's list only what the text shows (a retweet is cut off, its list is not). Our findings where
    Twitter's grammar cannot see one, as in ``($MU)`` or ``$MU’s``, are counted apart.
    """
    listed = set(instruments["ticker"].to_pylist())
    texts = {tweet["id_str"]: tweet["text"] for tweet in tweets}
    found = find(one_sentence_each(list(texts), list(texts.values())), instruments)
    ours: dict[tuple[str, str], bool] = {}
    for row in found.filter(pa.compute.equal(found["rule"], "cashtag")).to_pylist():
        text, start, end = texts[row["text_id"]], row["start"], row["start"] + len(row["matched"])
        in_reach = (start == 0 or text[start - 1].isspace()) and bool(_TWITTER_AFTER.match(text, end))
        key = (row["text_id"], row["ticker"])
        ours[key] = ours.get(key, False) or (in_reach and text[end : end + 1] != "\xa0")
    theirs = set()
    for tweet in tweets:
        for symbol in tweet["entities"].get("symbols", []):
            first, last = symbol["indices"]
            ticker = symbol["text"].upper().replace("_", ".")
            if ticker in listed and tweet["text"][first:last].upper() == f"${symbol['text'].upper()}":
                theirs.add((tweet["id_str"], ticker))
    only_ours = [key for key, in_reach in ours.items() if in_reach and key not in theirs]
    beyond = sum(not in_reach and key not in theirs for key, in_reach in ours.items())
    return Agreement(len(theirs & ours.keys()), only_ours, sorted(theirs - ours.keys()), beyond)


def against_sentfin(shared: Path, instruments: pa.Table) -> Agreement:
    """Names of listed companies, per headline and ticker, against the entities that people marked.

    Right: a marked entity is one of the company's names, or begins with the words we matched (the company's
    arms: "HSBC Securities"). Wrong: the matched words lie inside an entity that is somebody else ("Quantum
    AMC"). Missed: an entity that is one of our names, not found. Beyond reach: words that nobody marked, and marked
    banks that we leave out; these people mark a bank that rates another company, we do not.
    """
    path = shared / "labelled" / "sentfin" / "SEntFiN.csv"
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    marked = {row["S No."]: _ENTITY.findall(row["Decisions"]) for row in rows}
    found = find_mentions(one_sentence_each(list(marked), [row["Title"] for row in rows]), instruments)
    ours: dict[str, dict[str, str]] = defaultdict(dict)
    for row in found.to_pylist():
        ours[row["text_id"]].setdefault(row["ticker"], row["matched"].lower())
    owners = tickers_by_name(instruments)
    houses = {row["ticker"] for row in instruments.to_pylist() if "=house" in (row["name_is_word"] or "")}
    agreed, only_ours, only_theirs, beyond = 0, [], [], 0
    for key, entities in marked.items():
        theirs = [tickers for entity in entities if (tickers := owners_of(entity, owners))]
        for ticker, matched in ours[key].items():
            touching = [entity.lower() for entity in entities if matched in entity.lower()]
            if any(ticker in tickers for tickers in theirs) or any(is_arm(e, matched) for e in touching):
                agreed += 1
            elif touching:
                only_ours.append((key, ticker))
            else:
                beyond += 1
        missed = [tickers for tickers in theirs if not tickers & ours[key].keys()]
        beyond += sum(bool(tickers & houses) for tickers in missed)
        only_theirs += [(key, min(tickers)) for tickers in missed if not tickers & houses]
    return Agreement(agreed, only_ours, only_theirs, beyond)


def owners_of(entity: str, owners: dict[str, set[str]]) -> set[str]:
    """Tickers of an entity written with or without its legal form."""
    return owners.get(plain(entity)) or owners.get(plain(_LEGAL_FORM.sub("", entity)), set())


def tickers_by_name(instruments: pa.Table) -> dict[str, set[str]]:
    """Tickers by each of their names."""
    owners = defaultdict(set)
    for row in instruments.to_pylist():
        for name in [row["name"], *(row["other_names"] or "").split("|")]:
            owners[plain(name)].add(row["ticker"])
    owners.pop("", None)
    return owners


def plain(name: str) -> str:
    """A name without case and without the signs between its words."""
    return " ".join(re.findall(r"[a-z0-9&']+", (name or "").lower()))


def is_arm(entity: str, matched: str) -> bool:
    """Whether the entity's first words are the matched ones."""
    return re.match(rf"{re.escape(matched)}(?:\b(?!&)|$)", entity) is not None


def loop_of_regexes(texts: list[str], instruments: pa.Table) -> int:
    """Matches of one regular expression per instrument: its cashtag and its names."""
    patterns = [
        re.compile(rf"\${re.escape(row['ticker'])}\b|\b(?:{'|'.join(map(re.escape, names_of(row)))})\b", re.IGNORECASE)
        for row in instruments.to_pylist()
    ]
    return sum(len(pattern.findall(text)) for text in texts for pattern in patterns)


def one_regex(texts: list[str], instruments: pa.Table) -> int:
    """Matches of one regular expression over all listed names and any cashtag."""
    names = {name for row in instruments.to_pylist() for name in names_of(row)}
    words = "|".join(re.escape(word) for word in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"\$[A-Za-z]{{1,6}}\b|\b(?:{words})\b", re.IGNORECASE)
    return sum(len(pattern.findall(text)) for text in texts)


def names_of(row: dict) -> list[str]:
    """All names of an instrument; its ticker where it has none."""
    return [name for name in [row["name"], *(row["other_names"] or "").split("|")] if name] or [row["ticker"]]
