"""Edits and deletions seen at a later look: versions of their own, known when they were seen and never earlier."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.sources.inbox import inbox_files
from pipelines.sources.intake import take_in_new
from pipelines.sources.rows import Limits
from tests.live_home import LiveHome
from tests.local_service import Asked, LocalService, Reply
from tests.plays import hackernews

LOOKS = [hackernews.NOW, hackernews.NOW + timedelta(days=1)]


def one_story(**fields: object) -> str:
    item = {"objectID": "1", "created_at_i": int(hackernews.WINDOW.start.timestamp()) + 60, "author": "ann"}
    return json.dumps({"hits": [{**item, "title": "Micron", "num_comments": 0, **fields}], "hitsPerPage": 100})


def looks(folder: Path, *bodies: str) -> LiveHome:
    """A home that saw these answers, a day apart."""
    said = iter(bodies)
    now: list[str] = []

    def play(asked: Asked) -> Reply:
        return Reply(now[-1].encode())

    with LocalService(play) as service:
        home = LiveHome(folder, hackernews, service.url)
        for moment, body in zip(LOOKS, said, strict=False):
            now.append(body)
            home.round(moment)
    return home


def test_a_body_that_was_changed_is_a_version_known_when_it_was_seen(tmp_path: Path):
    home = looks(tmp_path, one_story(story_text="Buy Micron"), one_story(story_text="Sell Micron"))
    published = hackernews.WINDOW.start + timedelta(minutes=1)
    rows = home.ask("select body, published_at, known_at from raw.posts order by known_at")
    assert rows == [("Buy Micron", published, published), ("Sell Micron", published, LOOKS[1])]


def test_a_body_that_stayed_is_one_version_and_counts_are_added_at_each_look(tmp_path: Path):
    home = looks(tmp_path, one_story(story_text="Buy", points=1), one_story(story_text="Buy", points=9))
    assert home.ask("select count(*) from raw.posts") == [(1,)]
    assert home.ask("select observed_at, likes from raw.engagement order by observed_at") == [
        (LOOKS[0], 1),
        (LOOKS[1], 9),
    ]


def test_a_deletion_blanks_the_body_keeps_the_row_and_is_known_when_seen(tmp_path: Path):
    home = looks(tmp_path, one_story(story_text="Buy Micron"), one_story(deleted=True))
    rows = home.ask("select body, is_deleted, known_at = published_at from raw.posts order by known_at")
    assert rows == [("Buy Micron", False, True), (None, True, False)]
    assert home.ask("select max(known_at) from raw.posts") == [(LOOKS[1],)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_the_looks_are_read_the_versions_are_known_at_the_same_moments(order, home):
    """Files of one text seen three times: as it was, changed, and changed back."""
    moments = [datetime(2024, 7, day, 12, tzinfo=UTC) for day in (2, 3, 4)]
    bodies = ["Buy $MU now", "Sell $MU now", "Buy $MU now"]
    for number in order:
        row = {"id": "1", "source": "test", "published_at": "2024-07-02T10:00:00Z", "body": bodies[number]}
        home.drop(f"texts/{number}.ndjson", [{**row, "fetched_at": moments[number].isoformat()}])
        with home.warehouse.connect() as con:
            take_in_new(con, inbox_files(home.inbox), LOOKS[0], Limits(), 0)
    published = datetime(2024, 7, 2, 10, tzinfo=UTC)
    assert home.ask("select body, known_at, fetched_at from raw.posts order by body") == [
        ("Buy $MU now", published, moments[0]),
        ("Sell $MU now", moments[1], moments[1]),
    ]


def test_the_words_that_stood_first_are_scored_and_not_what_they_became(home):
    row = {"id": "1", "source": "test", "published_at": "2024-07-02T10:00:00Z"}
    for day, body in ((2, "Buy $MU now"), (3, "Sell $MU now")):
        home.drop(f"texts/{day}.ndjson", [{**row, "body": body, "fetched_at": f"2024-07-0{day}T12:00:00Z"}])
    home.run("2024-07-02")
    assert home.ask("select body, known_at from core.texts") == [("Buy $MU now", datetime(2024, 7, 2, 10, tzinfo=UTC))]
