"""A forgotten author is gone from every table and from the bytes of both files, and never comes back."""

import shutil
from typing import Any

import duckdb
import pytest
from conftest import Home, at, post

from pipelines.authors import OtherSalt
from pipelines.forget import UnknownAuthor, forget, known_as, main
from pipelines.sources.inbox import inbox_files
from pipelines.sources.intake import Taken, take_in_new
from pipelines.sources.rows import Limits

NOW = at("2026-06-01 00:00:00")
PHRASE = "a heron told me that $MU doubles"
BEAR = "Quiet.Bear'); drop table raw.posts; --"  # a handle is data, in SQL and in regular expressions
SALT = "0123456789abcdef-of-a-test"


def said(id: str, moment: str, body: str | None, author: str | None, **fields: Any) -> dict[str, Any]:
    return post(id, f"{moment}Z", body, author=author, **fields)


BEARS = [
    said("b1", "2024-03-04T12:00:00", f"{PHRASE} by May", BEAR, title="$MU again", likes=7),
    said("b2", "2024-03-04T15:00:00", "and it will, sell nothing", BEAR, parent_id="o1"),
    # Seen again without its author, and edited.
    said("b1", "2024-03-04T12:00:00", f"{PHRASE} by June", None, edited_at="2024-03-05T01:00:00Z"),
]
OTHERS = [
    said("o1", "2024-03-04T11:00:00", "great news for $MU and its margins", "ann"),
    said("o2", "2024-03-04T16:00:00", "this is terrible, I sold everything", "bob", parent_id="b1"),
    said("o3", "2024-05-20T16:00:00", "so it was, what a wonderful call", "cat", parent_id="b2", thread_id="o1"),
    said("o4", "2024-03-05T10:00:00", "A heron told me that $MU doubles by May", "dan"),
    said("o5", "2024-03-05T11:00:00", "the heron was wrong about $NVDA, terrible", "eve"),
]


def take_in(home: Home, salt: str | None = None) -> list[Taken]:
    with home.warehouse.connect() as con:
        return take_in_new(con, inbox_files(home.inbox), NOW, Limits(), 0, author_salt=salt)


def core_and_marts(home: Home) -> dict[str, list[tuple]]:
    return home.tables("core", "mart")


@pytest.fixture(scope="module")
def never_saw(tmp_path_factory) -> Home:
    """A database that never saw the author."""
    home = Home(tmp_path_factory.mktemp("never"))
    home.drop("texts/others.ndjson", OTHERS)
    home.run("2024-03-04", "2024-05-20")
    return home


@pytest.fixture(scope="module")
def saw(tmp_path_factory) -> Home:
    """One that did, and has not forgotten."""
    home = Home(tmp_path_factory.mktemp("saw"))
    home.drop("texts/others.ndjson", OTHERS)
    home.drop("texts/bears.ndjson", [*BEARS, {**BEARS[0], "published_at": "some day"}, said("x", "once", "hm", "zoe")])
    home.run("2024-03-04", "2024-05-20")
    return home


@pytest.fixture(scope="module")
def forgotten(saw: Home, tmp_path_factory) -> tuple[Home, list[str]]:
    """The same after it has forgotten, and what was said meanwhile."""
    home = Home(shutil.copytree(saw.folder, tmp_path_factory.mktemp("forgot") / "home"))
    lines: list[str] = []
    forget(home.warehouse, f"test:{BEAR}", None, NOW, lines.append)
    return home, lines


def test_core_and_marts_are_those_of_a_database_that_never_saw_the_author(saw, forgotten, never_saw):
    home, _ = forgotten
    assert core_and_marts(saw) != core_and_marts(never_saw)
    assert core_and_marts(home) == core_and_marts(never_saw)


def test_the_published_copy_is_the_database_without_the_author(forgotten):
    home, _ = forgotten
    query = "select text_id, body from core.texts order by all"
    with duckdb.connect(home.warehouse.published, read_only=True) as con:
        assert con.execute(query).fetchall() == home.ask(query)


def test_no_byte_of_the_author_is_left_in_either_file(saw, forgotten):
    home, _ = forgotten
    for file in (saw.warehouse.database, saw.warehouse.published):
        assert PHRASE.encode() in file.read_bytes()
    files = [file for file in home.folder.iterdir() if file.is_file()]
    assert {home.warehouse.database, home.warehouse.published} <= set(files)
    for file in files:
        assert PHRASE.encode() not in file.read_bytes(), file
        assert b"Quiet.Bear" not in file.read_bytes(), file


def test_no_page_of_the_tear_sheet_has_the_author_any_more(make_home):
    home = make_home("home", report=True)
    home.drop("texts/a.ndjson", [BEARS[0], said("o6", "2024-03-04T12:01:00", "I love $MU", "ann")])
    home.run("2024-03-04")
    page = home.folder / "reports" / "MU.html"
    assert PHRASE in page.read_text(encoding="utf-8")
    forget(home.warehouse, f"test:{BEAR}", None, NOW, lambda line: None)
    for path in (home.folder / "reports").iterdir():
        assert PHRASE not in path.read_text(encoding="utf-8")
        assert "Quiet.Bear" not in path.read_text(encoding="utf-8")
    assert "I love $MU" in page.read_text(encoding="utf-8")


def test_raw_keeps_other_people_and_a_digest(forgotten):
    home, _ = forgotten
    assert {row[0] for row in home.ask("select text_id from raw.posts union all select text_id from raw.comments")} == {
        f"test:o{number}" for number in range(1, 6)
    }
    assert home.ask("select * from raw.engagement") == []
    assert [excerpt for (excerpt,) in home.ask("select excerpt from raw.rejects") if "zoe" not in excerpt] == []
    assert home.ask("select kind, count(*) from raw.forgotten group by kind order by kind") == [
        ("author", 1),
        ("text", 2),
    ]


def test_it_says_what_went_and_which_files_still_hold_it(forgotten):
    _, lines = forgotten
    assert lines == [
        f"removed of test:{BEAR}: 1 raw.comments, 1 raw.engagement, 2 raw.posts, 1 raw.rejects",
        "files of the inbox that hold the texts (as does any other that repeats them); delete them yourself:",
        "  texts/bears.ndjson",
        "building 2024-03-04 to 2024-03-05 again",
        "building 2024-05-20 to 2024-05-20 again",
    ]


def test_the_tables_keep_their_comments(forgotten):
    home, _ = forgotten
    silent = """select table_name from duckdb_tables()
        where not internal and schema_name in ('raw', 'core', 'mart') and coalesce(comment, '') = ''"""
    assert home.ask(silent) == []


def test_a_forgotten_author_does_not_come_back(forgotten, tmp_path):
    home = Home(shutil.copytree(forgotten[0].folder, tmp_path / "home"))
    before = home.tables("raw")
    home.drop(
        "texts/again.ndjson",
        [
            *BEARS,
            said("b2", "2024-03-04T15:00:00", "and it will", None, parent_id="o1", likes=3),
            said("b3", "2024-03-06T15:00:00", "a new text about $MU", BEAR, likes=3),
        ],
    )
    home.drop("texts/without_author.ndjson", [said("b3", "2024-03-06T15:00:00", "a new text about $MU", None, likes=4)])
    home.drop("texts/bears_of_elsewhere.ndjson", [said("b9", "2024-03-06T15:00:00", "me too", BEAR, source="other")])
    taken = take_in(home)
    assert [(one.file.name, one.forgotten_count) for one in taken] == [
        ("texts/again.ndjson", 5),
        ("texts/bears_of_elsewhere.ndjson", 0),
        ("texts/without_author.ndjson", 1),
    ]
    after = home.tables("raw")
    assert [row[0] for row in after["raw.posts"] if row not in before["raw.posts"]] == ["other:b9"]
    assert (after["raw.comments"], after["raw.engagement"]) == (before["raw.comments"], before["raw.engagement"])


def test_what_was_interrupted_is_ended_by_the_same_command(saw, never_saw, tmp_path):
    home = Home(shutil.copytree(saw.folder, tmp_path / "home"))

    def interrupt(line: str) -> None:
        if line.startswith("building"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(home.warehouse, f"test:{BEAR}", None, NOW, interrupt)
    assert core_and_marts(home) != core_and_marts(never_saw)
    forget(home.warehouse, f"test:{BEAR}", None, NOW, lambda line: None)
    assert core_and_marts(home) == core_and_marts(never_saw)
    assert PHRASE.encode() not in home.warehouse.published.read_bytes()


def test_an_author_behind_a_salt_is_forgotten_by_the_handle(home):
    home.drop("texts/a.ndjson", [*BEARS[:2], OTHERS[0]])
    take_in(home, SALT)
    with pytest.raises(OtherSalt):
        forget(home.warehouse, f"test:{BEAR}", "another salt of a test", NOW, lambda line: None)
    forget(home.warehouse, f"test:{BEAR}", SALT, NOW, lambda line: None)
    home.drop("texts/b.ndjson", BEARS)
    take_in(home, SALT)
    assert home.ask("select text_id from raw.posts union all select text_id from raw.comments") == [("test:o1",)]


def test_an_author_may_be_named_by_the_pseudonym_of_the_tables():
    known = known_as("test:ann", SALT)
    assert known.startswith("test:author-")
    assert known_as(known, SALT) == known
    assert known_as("test:ann", None) == "test:ann"
    assert known_as("test:stock_bot", SALT) == "test:stock_bot"


def test_an_author_who_is_not_there_ends_with_a_message_and_changes_nothing(home, monkeypatch):
    home.drop("texts/a.ndjson", OTHERS)
    take_in(home)
    before = home.tables("raw")
    monkeypatch.setenv("CROWDTAPE_HOME", str(home.folder))
    with pytest.raises(SystemExit, match=r"no text by test:Ann .* did you mean test:ann\?"):
        main(["test:Ann"])
    with pytest.raises(SystemExit, match="is not source:handle"):
        main(["ann"])
    assert home.tables("raw") == before


def test_nothing_to_forget_makes_no_database(home):
    with pytest.raises(UnknownAuthor, match="is not there"):
        forget(home.warehouse, "test:ann", None, NOW, lambda line: None)
    assert not home.folder.exists()
