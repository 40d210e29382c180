"""Real dumps and recorded answers, against what plain json finds in them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipelines.sources.rows import Batch, UnknownShape
from tests.text_files import read


def _ids(batch: Batch) -> list[str]:
    return batch.texts["text_id"].to_pylist()


def _records(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return [json.loads(line) for line in data.decode().splitlines() if line.strip()]


def _answer(folder: Path, body: str) -> Path:
    path = folder / "answer.json"
    path.write_text(body, encoding="utf-8")
    return path


def test_the_distinct_tweets_of_a_year_are_those_that_json_finds(shared: Path) -> None:
    for path in sorted((shared / "stocknet-2014").glob("*.zst")):
        ids = {f"twitter:{record['id_str']}" for record in _records(path)}
        assert set(_ids(read(path))) == ids, path.name


@pytest.mark.parametrize("month", ["2014-01", "2014-11"])
def test_the_tweets_of_a_month_are_those_that_json_finds(shared: Path, month: str) -> None:
    path = shared / "stocknet-2014" / f"tweets-{month}.ndjson.zst"
    records = _records(path)
    rows = read(path)
    assert rows.rejects.num_rows == 0
    assert _ids(rows) == [f"twitter:{record['id_str']}" for record in records]
    assert rows.texts["body"].to_pylist() == [record["text"] for record in records]
    moments = [datetime.strptime(record["created_at"], "%a %b %d %H:%M:%S %z %Y") for record in records]
    assert rows.texts["published_at"].to_pylist() == moments
    symbols = [list(dict.fromkeys(s["text"].upper() for s in record["entities"]["symbols"])) for record in records]
    assert rows.texts["symbols"].to_pylist() == symbols
    retweets = [record["retweeted_status"] for record in records if "retweeted_status" in record]
    assert rows.engagement["likes"].to_pylist() == [original["favorite_count"] for original in retweets]


@pytest.mark.parametrize(("name", "lines", "distinct"), [("", 1300, 1100), ("_comments", 1200, 1000)])
def test_the_dump_of_a_subreddit_is_what_json_finds(shared: Path, name: str, lines: int, distinct: int) -> None:
    path = shared / "wsb-pushshift" / f"wallstreetbets{name}.ndjson"
    records = _records(path)
    rows = read(path)
    assert (rows.texts.num_rows, len(set(_ids(rows))), rows.rejects.num_rows) == (lines, distinct, 0)
    said = [record.get("body", record.get("selftext")) for record in records]
    removed = [body in ("[removed]", "[deleted]") for body in said]
    assert rows.texts["is_deleted"].to_pylist() == removed
    assert [body or "" for body in rows.texts["body"].to_pylist()] == [
        "" if gone else body or "" for body, gone in zip(said, removed, strict=True)
    ]
    assert rows.engagement["likes"].to_pylist() == [record["score"] for record in records]


def test_every_recorded_answer_of_stocktwits_is_read(shared: Path) -> None:
    for path in sorted((shared / "api" / "stocktwits").glob("*.json")):
        messages = json.loads(path.read_bytes())
        rows = read(path)
        assert _ids(rows) == [f"stocktwits:{message['id']}" for message in messages]
        assert rows.texts["body"].to_pylist() == [message["body"] for message in messages]
        stances = [(message["entities"]["sentiment"] or {"basic": None})["basic"] for message in messages]
        assert rows.texts["declared_stance"].to_pylist() == [stance and stance.lower() for stance in stances]


def test_every_recorded_answer_of_hacker_news_is_read(shared: Path, tmp_path: Path) -> None:
    for recorded in json.loads((shared / "api" / "hackernews" / "algolia_v1_responses.json").read_bytes()):
        path = _answer(tmp_path, json.dumps(recorded["reply"], indent=1))
        if "/users/" in recorded["url"]:
            with pytest.raises(UnknownShape):
                read(path)
            continue
        rows = read(path)
        assert rows.rejects.num_rows == 0
        items = recorded["reply"].get("hits") or [recorded["reply"], *recorded["reply"]["children"]]
        assert _ids(rows) == [f"hackernews:{item.get('objectID') or item['id']}" for item in items]


def test_every_recorded_answer_of_reddit_is_read(shared: Path, tmp_path: Path) -> None:
    def fullnames(value: Any) -> list[str]:
        if isinstance(value, list):
            return [name for item in value for name in fullnames(item)]
        if not isinstance(value, dict):
            return []
        own = [value["data"]["name"]] if value.get("kind") in ("t1", "t3") else []
        return own + [name for item in value.values() for name in fullnames(item)]

    for cassette in sorted((shared / "api" / "reddit").glob("*.json")):
        for recorded in json.loads(cassette.read_bytes())["interactions"]:
            body = recorded["response"]["body"]["string"]
            if "access_token" not in body:
                rows = read(_answer(tmp_path, body))
                assert _ids(rows) == [f"reddit:{name}" for name in fullnames(json.loads(body))]
                assert rows.rejects.num_rows == 0
