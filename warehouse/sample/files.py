"""The simulated market and crowd as files: what a user would drop into the inbox, and the truth beside it.

Shapes: texts in our own row shape by the month they were seen, saved pages with sidecars, prices by ticker.
Not here: what they say (``crowd``, ``pages``), whether they must be written at all (``manifest``).
"""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any

import zstandard

from warehouse.sample.crowd import talk
from warehouse.sample.echoes import echo
from warehouse.sample.manifest import roots
from warehouse.sample.market import Market, Tape
from warehouse.sample.pages import Page, saved_pages
from warehouse.sample.texts import Text, number

ZSTD_LEVEL = 9
PARTS = 4
PRICE_COLUMNS = ("ticker", "day", "open", "high", "low", "close", "adjusted_close", "volume")


def write(folder: Path, market: Market, done: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Replace the sample in ``folder``; returns how many texts, tickers and XNYS sessions it has.

    ``done`` is called as often as ``PARTS`` says, each time that a part of the work is done.
    """
    texts_folder, prices_folder, truth_folder = roots(folder)
    for root in (texts_folder, prices_folder):
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
    truth_folder.mkdir(exist_ok=True)
    spoken = talk(market)
    done()
    texts = [*spoken, *echo(market, spoken)]
    number(texts)
    pages = saved_pages(market)
    done()
    _write_texts(texts_folder, texts)
    done()
    _write_pages(texts_folder / "pages", pages)
    for tape in market.tapes.values():
        _write_prices(prices_folder / f"{tape.instrument.ticker}.csv", tape)
    _write_moods(truth_folder / "mood.csv", market)
    _write_opinions(truth_folder / "opinions.csv", texts, pages)
    done()
    return {
        "texts": sum(not text.version_of for text in texts) + len(pages),
        "tickers": len(market.tapes),
        "sessions": len(market.tapes["SPY"].days),
    }


def row(text: Text, replies: int | None) -> dict[str, Any]:
    """The text in our own row shape, its engagement as it stood when it was fetched."""
    hours = (text.fetched_at - text.published_at) / 3600
    likes = int(5 * text.reach * sqrt(hours))
    is_chirp = text.source == "chirper"
    return {
        "id": text.first.native_id,
        "source": text.source,
        "kind": text.kind,
        "published_at": _iso(text.published_at),
        "edited_at": _iso(text.edited_at),
        "fetched_at": _iso(text.fetched_at),
        "title": None if text.is_deleted else text.title,
        "body": text.body,
        "author": text.author,
        "parent_id": text.parent and text.parent.text_id,
        "thread_id": text.thread and text.thread.text_id,
        "repost_of": text.repost_of and text.repost_of.text_id,
        "community": text.community,
        "url": f"https://{text.source}.example/{text.first.native_id}",
        "language": text.language,
        "is_deleted": text.is_deleted,
        "symbols": text.symbols,
        "stance": text.stance,
        "likes": likes,
        "replies": replies,
        "reposts": likes // 7 if is_chirp else None,
        "rewards": None,
        "views": 40 * likes + 11 if is_chirp else None,
    }


def _write_texts(folder: Path, texts: Sequence[Text]) -> None:
    answered = defaultdict(list)
    for text in texts:
        if text.parent and not text.version_of:
            answered[id(text.parent)].append(text.published_at)
    months: dict[str, list[str]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: (text.fetched_at, text.text_id)):
        replies = None
        if text.source == "boardroom":
            replies = sum(at <= text.fetched_at for at in answered[id(text.first)])
        line = json.dumps(row(text, replies), ensure_ascii=False, sort_keys=True)
        months[_iso(text.fetched_at)[:7]].append(line)
    for month, lines in months.items():
        packed = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress("\n".join([*lines, ""]).encode())
        (folder / f"{month}.ndjson.zst").write_bytes(packed)


def _write_pages(folder: Path, pages: Iterable[Page]) -> None:
    folder.mkdir()
    for page in pages:
        (folder / f"{page.name}.txt").write_bytes(page.text.encode())
        sidecar = {
            "url": page.url,
            "source": page.source,
            "published_at": _iso(page.published_at),
            "fetched_at": _iso(page.fetched_at),
        }
        (folder / f"{page.name}.json").write_bytes(json.dumps(sidecar, indent=1, sort_keys=True).encode())


def _write_prices(path: Path, tape: Tape) -> None:
    ticker = tape.instrument.ticker
    columns = [tape.bars[name].tolist() for name in PRICE_COLUMNS[2:]]
    lines = [
        (ticker, day, *(f"{price:.2f}" for price in prices), f"{adjusted:.6f}", f"{volume:.0f}")
        for day, *prices, adjusted, volume in zip(tape.days.astype(str).tolist(), *columns, strict=True)
    ]
    if tape.halted is not None:
        del lines[tape.halted]
    _write_csv(path, PRICE_COLUMNS, lines)


def _write_moods(path: Path, market: Market) -> None:
    lines = [
        (ticker, day, f"{mood:.6f}", f"{1e4 * planted:.4f}")
        for ticker, tape in market.tapes.items()
        for day, mood, planted in zip(
            tape.days.astype(str).tolist(), tape.mood.tolist(), tape.planted.tolist(), strict=True
        )
    ]
    _write_csv(path, ("ticker", "trading_day", "mood", "planted_bps"), lines)


def _write_opinions(path: Path, texts: Iterable[Text], pages: Iterable[Page]) -> None:
    """One line per text as first posted and ticker it is about; a text about none has a line without one."""
    lines = [
        (text.text_id, text.voice, ticker, stance, text.copy_of.text_id if text.copy_of else "")
        for text in texts
        if not text.version_of
        for ticker, stance in text.opinions or (("", ""),)
    ]
    lines += [(page.url, page.voice, *opinion, "") for page in pages for opinion in page.opinions]
    _write_csv(path, ("text_id", "voice", "ticker", "stance", "copy_of"), sorted(lines))


def _write_csv(path: Path, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])


def _iso(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
