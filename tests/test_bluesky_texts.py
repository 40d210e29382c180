"""What a post of Bluesky becomes, alone, in lists, feeds and threads; and recorded answers, as files."""

import copy
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.text_files import SAVED_AT, at, given, read, read_records

DID = "did:plc:inventedann"
URI = f"at://{DID}/app.bsky.feed.post/3kinvented2a"
OTHER = "at://did:plc:inventedbob/app.bsky.feed.post/3kinvented2b"
POST = {
    "uri": URI,
    "cid": "bafyinvented",
    "author": {"did": DID, "handle": "ann.example", "displayName": "Ann", "labels": []},
    "record": {
        "$type": "app.bsky.feed.post",
        "createdAt": "2025-03-04T15:00:00.123456Z",
        "langs": ["en-US"],
        "text": "micron & co",
        "facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "MU"}]}],
        "embed": {"$type": "app.bsky.embed.record", "record": {"cid": "bafyother", "uri": OTHER}},
    },
    "embed": {"$type": "app.bsky.embed.record#view", "record": {"uri": OTHER, "value": {"text": "quoted words"}}},
    "replyCount": 1,
    "repostCount": 2,
    "likeCount": 3,
    "quoteCount": 4,
    "indexedAt": "2025-03-04T15:00:00.789Z",
    "viewer": {"threadMuted": False},
    "labels": [],
}
REPLY = {"root": {"cid": "bafyroot", "uri": URI}, "parent": {"cid": "bafyparent", "uri": OTHER}}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The post with one field set; the path's parts are divided by a space."""
    post = copy.deepcopy(POST)
    *parents, last = path.split()
    inner = post
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return post


def named(key: str, **more: Any) -> dict[str, Any]:
    """The post under another key."""
    return {**POST, "uri": f"at://{DID}/app.bsky.feed.post/{key}", **more}


def test_a_post_is_a_text_with_its_counts_and_a_quoted_post_is_none(tmp_path: Path) -> None:
    rows = read_records(tmp_path, POST)
    assert [given(row) for row in rows.texts] == [
        {
            "text_id": f"bluesky:{URI}",
            "source": "bluesky",
            "kind": "post",
            "author": "ann.example",
            "body": "micron & co",
            "body_format": "plain",
            "url": f"https://bsky.app/profile/{DID}/post/3kinvented2a",
            "language": "en",
            "published_at": datetime(2025, 3, 4, 15, 0, 0, 789_000, tzinfo=UTC),
            "fetched_at": SAVED_AT,
            "time_precision": "exact",
            "is_deleted": False,
        }
    ]
    assert [given(row) for row in rows.counts] == [
        {"text_id": f"bluesky:{URI}", "observed_at": SAVED_AT, "likes": 3, "replies": 1, "reposts": 2}
    ]


def test_an_answer_is_a_comment_with_its_parent_and_its_thread(tmp_path: Path) -> None:
    (row,) = read_records(tmp_path, changed("record reply", REPLY)).texts
    assert (row["kind"], row["parent_id"], row["thread_id"]) == ("comment", f"bluesky:{OTHER}", f"bluesky:{URI}")


@pytest.mark.parametrize(
    "claim",
    [
        "2025-03-04T15:00:00.123Z",
        "2025-03-04T15:00:00.123456Z",
        "2019-01-01T00:00:00Z",  # an archive of another network
        "2099-01-01T00:00:00Z",
        "2025-03-04T14:59:59.999999999+00:00",
        "last week",
        None,
    ],
)
def test_the_author_s_claim_moves_no_post(tmp_path: Path, claim: str | None) -> None:
    rows = read_records(tmp_path, changed("record createdAt", claim))
    assert [row["published_at"] for row in rows.texts] == [at(2025, 3, 4, 15, 0, 0, 789_000)]


@pytest.mark.parametrize(
    ("written", "microsecond"), [("00.5Z", 500_000), ("00.789Z", 789_000), ("00.789123Z", 789_123), ("00Z", 0)]
)
def test_a_moment_may_have_any_number_of_decimals(tmp_path: Path, written: str, microsecond: int) -> None:
    (row,) = read_records(tmp_path, changed("indexedAt", f"2025-03-04T15:00:{written}")).texts
    assert row["published_at"] == at(2025, 3, 4, 15, 0, 0, microsecond)


@pytest.mark.parametrize(
    ("handle", "author"),
    [("ann.example", "ann.example"), ("handle.invalid", DID), (None, DID), ("", DID), ("***", DID)],
)
def test_people_without_a_valid_handle_are_not_one_person(tmp_path: Path, handle: str | None, author: str) -> None:
    (row,) = read_records(tmp_path, changed("author handle", handle)).texts
    assert row["author"] == author


@pytest.mark.parametrize(
    ("langs", "language"), [(["en"], "en"), (["pt-BR", "pt"], "pt"), (["en", "de"], None), ([], None), (None, None)]
)
def test_a_language_counts_where_it_is_the_only_one_declared(tmp_path: Path, langs: Any, language: str | None) -> None:
    (row,) = read_records(tmp_path, changed("record langs", langs)).texts
    assert row["language"] == language


def test_a_post_of_pictures_alone_has_no_body_and_is_not_deleted(tmp_path: Path) -> None:
    (row,) = read_records(tmp_path, changed("record text", "")).texts
    assert (row["body"], row["is_deleted"]) == (None, False)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("uri", "at://ann.example/app.bsky.feed.post/3k", "is no app.bsky.feed.post"),
        ("uri", f"at://{DID}/app.bsky.feed.like/3k", "is no app.bsky.feed.post"),
        ("uri", f"at://{DID}/app.bsky.feed.post/3k/../x", "is no app.bsky.feed.post"),
        ("record $type", "app.bsky.feed.generator", "record of type 'app.bsky.feed.generator'"),
        ("record", None, "record of type None"),
        ("author", None, "without author"),
        ("author", {"handle": "ann.example"}, "did"),
        ("indexedAt", None, "without indexedAt"),
        ("indexedAt", "2025-03-04T15:00:00", "has no zone"),
        ("likeCount", "many", "likeCount"),
    ],
)
def test_a_bad_post_is_a_reject_that_names_what_is_wrong(tmp_path: Path, path: str, value: Any, reason: str) -> None:
    rows = read_records(tmp_path, POST, changed(path, value))
    assert len(rows.texts) == 1
    assert [reason in row["reason"] for row in rows.rejects] == [True]


def test_a_thread_gives_what_it_answers_and_every_answer_but_no_gone_or_hidden_one(tmp_path: Path) -> None:
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": OTHER, "notFound": True}
    hidden = {"$type": "app.bsky.feed.defs#blockedPost", "uri": OTHER, "blocked": True, "author": {"did": DID}}
    thread = {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": named("b"),
        "parent": {"post": named("a"), "parent": gone},
        "replies": [
            {"post": named("c"), "replies": [{"post": named("d"), "replies": []}]},
            hidden,
            {"post": named("e")},
        ],
        "threadContext": {},
    }
    for answer in ({"thread": thread}, thread, {"thread": {**thread, "replies": None}}):
        rows = read_records(tmp_path, answer)
        keys = [row["text_id"].rpartition("/")[2] for row in rows.texts]
        assert keys == (
            ["b", "a", "c", "d", "e"] if answer.get("replies") or answer["thread"]["replies"] else ["b", "a"]
        )
        assert rows.rejects == []
    for nothing in ({"thread": gone}, {"thread": hidden}, {"posts": []}, {"feed": [], "cursor": "x"}):
        rows = read_records(tmp_path, nothing)
        assert (rows.texts, rows.rejects) == ([], [])


def test_a_bad_post_in_a_thread_hides_no_other(tmp_path: Path) -> None:
    bad = {"post": {**named("x"), "indexedAt": 7}, "replies": [{"post": named("y")}]}
    rows = read_records(tmp_path, {"thread": {"post": named("a"), "replies": [bad, {"post": named("z")}]}})
    assert [row["text_id"].rpartition("/")[2] for row in rows.texts] == ["a", "y", "z"]
    assert len(rows.rejects) == 1


def test_a_thread_as_deep_as_is_asked_for_is_read_and_a_bottomless_one_is_a_reject(tmp_path: Path) -> None:
    def deep(levels: int) -> str:
        opened = "".join(f'{{"post":{json.dumps(named(str(level)))},"replies":[' for level in range(levels))
        return f'{{"thread":{opened}{"]}" * levels}}}\n'

    path = tmp_path / "threads"
    bottomless = f'{{"thread":{{"post":{json.dumps(POST)},"replies":{"[" * 500_000}{"]" * 500_000}}}}}\n'
    path.write_text(json.dumps(POST) + "\n" + deep(101) + bottomless)
    rows = read(path)
    assert rows.texts.num_rows == 1 + 101
    assert rows.rejects["reason"].to_pylist() == ["nested too deeply"]


def test_a_broad_thread_takes_no_time_that_grows_with_its_square(tmp_path: Path) -> None:
    thread = {"post": named("a"), "replies": [{"post": named(str(number))} for number in range(10_000)]}
    started = time.monotonic()
    assert len(read_records(tmp_path, {"thread": thread}).texts) == 10_001
    assert time.monotonic() - started < 20


def test_an_entry_of_a_feed_gives_its_post_and_a_repost_no_text_of_its_own(tmp_path: Path) -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": DID}, "indexedAt": "2025-03-05T00:00:00Z"}
    context = {"root": named("r"), "parent": named("p")}
    rows = read_records(
        tmp_path, {"feed": [{"post": named("a"), "reason": reason}, {"post": named("b"), "reply": context}]}
    )
    assert [row["text_id"].rpartition("/")[2] for row in rows.texts] == ["a", "b"]


def _recorded(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((folder / "api" / "bluesky").glob("*.yml")):
        for interaction in yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]:
            yield path.name, json.loads(interaction["response"]["body"]["string"])


def test_every_recorded_answer_of_bluesky_is_read(shared: Path, tmp_path: Path) -> None:
    names = set()
    for name, answer in _recorded(shared):
        views = answer.get("posts") or [entry["post"] for entry in answer.get("feed", [answer.get("thread")])]
        for indent in (None, 1):
            path = tmp_path / "answer.json"
            path.write_text(json.dumps(answer, indent=indent), encoding="utf-8")
            rows = read(path)
            assert rows.rejects.num_rows == 0
            texts = rows.texts.to_pylist()
            assert [row["text_id"] for row in texts] == [f"bluesky:{view['uri']}" for view in views]
            assert [row["body"] or "" for row in texts] == [view["record"]["text"] for view in views]
            assert [row["author"] for row in texts] == [view["author"]["handle"] for view in views]
            assert [row["kind"] == "comment" for row in texts] == ["reply" in view["record"] for view in views]
            moments = [datetime.fromisoformat(view["indexedAt"]) for view in views]
            assert [row["published_at"] for row in texts] == moments
            assert rows.engagement["likes"].to_pylist() == [view["likeCount"] for view in views]
        names.add(name)
    assert len(names) == 5
