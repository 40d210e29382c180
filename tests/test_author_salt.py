"""With CROWDTAPE_AUTHOR_SALT no handle is written anywhere, one person stays one person, and no other salt gets in."""

import re
from datetime import UTC
from typing import Any

import pytest
from conftest import Home, at, post
from pydantic import ValidationError

from pipelines.authors import OtherSalt
from pipelines.settings import Settings
from pipelines.sources.inbox import inbox_files
from pipelines.sources.intake import Taken, take_in_new
from pipelines.sources.rows import Limits

SALT = "0123456789abcdef-of-a-test"
NOW = at("2026-06-01 00:00:00")
NOON = "2024-03-04T12:00:00Z"


def take_in(home: Home, salt: str | None = SALT) -> list[Taken]:
    with home.warehouse.connect() as con:
        return take_in_new(con, inbox_files(home.inbox), NOW, Limits(), 0, author_salt=salt)


def authors(home: Home) -> dict[str, str]:
    rows = home.ask("select text_id, author from raw.posts union all select text_id, author from raw.comments")
    return dict(rows)


def test_handles_become_pseudonyms_before_anything_is_written(home):
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="Quiet_Bear"), post("2", NOON, "no", author=None)])
    take_in(home)
    found = authors(home)
    assert re.fullmatch("author-[0-9a-f]{32}", found["test:1"])
    assert found["test:2"] is None
    for file in home.folder.glob("crowdtape.duckdb*"):
        assert b"Quiet_Bear" not in file.read_bytes()


def test_one_person_is_one_pseudonym_in_posts_and_comments_and_files_but_not_at_another_source(home):
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="ann"), post("2", NOON, "so?", author="bob")])
    answer = post("3", NOON, "it is", author="ann", parent_id="1")
    home.drop("texts/b.ndjson", [answer, post("4", NOON, "well", author="ann", source="other")])
    take_in(home)
    found = authors(home)
    assert found["test:1"] == found["test:3"]
    assert len(set(found.values())) == 3


def test_another_salt_makes_other_pseudonyms(make_home):
    found = []
    for name in ("first", "second"):
        home = make_home(name)
        home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="ann")])
        take_in(home, SALT + name)
        found.append(authors(home)["test:1"])
    assert found[0] != found[1]


def test_machines_are_no_persons_and_keep_their_names(home):
    names = ["AutoModerator", "stock_bot", "Talbot"]
    home.drop("texts/a.ndjson", [post(str(n), NOON, "hello", author=name) for n, name in enumerate(names)])
    take_in(home)
    kept = authors(home)
    assert (kept["test:0"], kept["test:1"]) == ("AutoModerator", "stock_bot")
    assert kept["test:2"].startswith("author-")


def test_what_cannot_be_read_leaves_no_excerpt(home):
    bad: list[dict[str, Any]] = [{**post("2", "yesterday", "MU"), "author": "Quiet_Bear"}]
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up"), *bad])
    home.drop("texts/b.txt", "Quiet_Bear was here")
    home.drop("texts/c.csv", "id,author,words\n1,Quiet_Bear,hello\n")
    taken = take_in(home)
    [(excerpt, reason)] = home.ask("select excerpt, reason from raw.rejects")
    assert excerpt is None
    assert "yesterday" in reason and "CROWDTAPE_AUTHOR_SALT" in reason
    assert [one.status for one in taken] == ["ok", "failed", "failed"]
    assert all("Quiet_Bear" not in (one.error or "") for one in taken)
    assert b"Quiet_Bear" not in home.warehouse.database.read_bytes()


def test_without_a_salt_excerpts_and_handles_stay(home):
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="ann"), post("2", "yesterday", "MU", author="bob")])
    take_in(home, None)
    assert authors(home) == {"test:1": "ann"}
    assert "bob" in home.ask("select excerpt from raw.rejects")[0][0]


@pytest.mark.parametrize(("built", "then"), [(SALT, "another salt of a test"), (SALT, None), (None, SALT)])
def test_another_salt_on_a_database_with_people_is_refused_and_changes_nothing(home, built, then):
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="ann")])
    take_in(home, built)
    before = home.tables("raw")
    home.drop("texts/b.ndjson", [post("2", NOON, "MU is down", author="ann")])
    with pytest.raises(OtherSalt, match="CROWDTAPE_HOME") as refusal:
        take_in(home, then)
    assert home.tables("raw") == before
    assert not any(salt in str(refusal.value) for salt in (built, then) if salt)
    take_in(home, built)
    assert len(authors(home)) == 2


def test_a_database_of_an_earlier_version_with_people_has_no_salt(home):
    home.drop("texts/a.ndjson", [post("1", NOON, "MU is up", author="ann")])
    take_in(home, None)
    home.ask("delete from raw.author_salts")
    with pytest.raises(OtherSalt, match="without a CROWDTAPE_AUTHOR_SALT"):
        take_in(home, SALT)
    take_in(home, None)


def test_a_database_without_people_takes_any_salt(home):
    take_in(home, None)
    take_in(home, SALT)
    [(fingerprint, first_used_at)] = home.ask("select fingerprint, first_used_at from raw.author_salts")
    assert SALT not in fingerprint and len(fingerprint) > 64
    assert first_used_at.astimezone(UTC) == NOW


def test_the_fingerprint_of_a_salt_is_another_in_every_database(make_home):
    homes = [make_home("first"), make_home("second")]
    for home in homes:
        take_in(home, SALT)
    assert len({home.ask("select fingerprint from raw.author_salts")[0] for home in homes}) == 2


def test_settings_show_the_salt_nowhere(monkeypatch):
    monkeypatch.setenv("CROWDTAPE_AUTHOR_SALT", SALT)
    settings = Settings()
    assert settings.author_salt.get_secret_value() == SALT
    assert SALT not in f"{settings!r} {settings} {settings.model_dump_json()}"
    monkeypatch.setenv("CROWDTAPE_NO_SUCH_SETTING", "1")
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert SALT not in str(wrong.value)


@pytest.mark.parametrize("salt", ["", "only15letters.."])
def test_a_short_salt_is_refused_without_showing_it(monkeypatch, salt):
    monkeypatch.setenv("CROWDTAPE_AUTHOR_SALT", salt)
    with pytest.raises(ValidationError, match="author_salt") as wrong:
        Settings()
    assert not salt or salt not in str(wrong.value)
