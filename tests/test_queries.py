"""The questions of ``warehouse/queries``: each says what it is for, runs on any database, and looks at nothing too late.

Their answers on the bundled sample: ``test_sample_through_the_job.py``, which builds it.
"""

import re
from datetime import timedelta

import duckdb
import pytest

from pipelines.catalogue import make_empty
from pipelines.printable import printable
from pipelines.queries import ANSWER, QUERIES, aligned, answered, question, questions, write_answers
from tests.conftest import at

NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
MONDAY = at("2025-03-03T14:30")
MOODS = [0.2, 0.4, -0.9, -0.9, -0.9]  # of the sessions from then on


@pytest.fixture(scope="module")
def built():
    """Every table, empty, as a question sees it: in UTC, without a way to files."""
    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        con.execute("set TimeZone = 'UTC'")
        make_empty(con)
        yield con


@pytest.fixture
def empty(built):
    """The same for one test: what it inserts is taken back."""
    built.begin()
    yield built
    built.rollback()


def ask(con: duckdb.DuckDBPyConnection, name: str) -> list[dict]:
    """The rows of a question, by column."""
    return con.execute(question(QUERIES / f"{name}.sql").query).to_arrow_table().to_pylist()


def insert(con: duckdb.DuckDBPyConnection, table: str, **row: object) -> None:
    """One row; columns that are not named are NULL, or empty where they must not be."""
    needed = """select column_name, data_type from duckdb_columns()
        where schema_name || '.' || table_name = ? and not is_nullable"""
    for name, type_ in con.execute(needed, [table]).fetchall():
        empty = {"VARCHAR": "", "BOOLEAN": False, "TIMESTAMP WITH TIME ZONE": MONDAY, "DATE": MONDAY.date()}
        row.setdefault(name, empty.get(type_, 0))
    con.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))


def calendar(con: duckdb.DuckDBPyConnection, returns: list[float | None]) -> None:
    """Sessions of a ticker from Monday on, a day each, with these returns (close to close, open to close)."""
    insert(con, "core.instruments", ticker="MU", instrument_id="MU", calendar="XNYS")
    for number, move in enumerate(returns):
        opened = MONDAY + timedelta(days=number)
        insert(
            con,
            "core.sessions",
            calendar="XNYS",
            trading_day=opened.date(),
            open_at=opened,
            close_at=opened + timedelta(hours=6.5),
            cutoff_at=opened + timedelta(hours=6.5),
            session_number=number,
        )
        insert(
            con,
            "core.returns",
            ticker="MU",
            calendar="XNYS",
            trading_day=opened.date(),
            return_1d=move,
            open_to_close_return=move,
        )
        insert(
            con,
            "mart.ticker_days",
            ticker="MU",
            scorer="finance",
            session_number=number,
            trading_day=opened.date(),
            is_covered=True,
            mean_sentiment=MOODS[number],
            scored_count=3,
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_question_says_what_it_asks_whom_it_serves_what_to_mind_and_its_answer(name):
    found = question(QUERIES / f"{name}.sql")
    assert found.asked.endswith("?")
    assert found.purpose.startswith("For who")
    assert len(found.mind) > 80
    lines = (QUERIES / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= 120
    assert 2 < len(found.answer) <= 2 + 12


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_answered_on_an_empty_database(built, name):
    query = question(QUERIES / f"{name}.sql").query
    assert answered(built, query)
    assert not re.search(r"\b(now|today|current_date|current_timestamp|random)\b\s*\(|select \*\s*$", query)
    assert re.search(r"\norder by [^()]*", query)


def test_the_page_lists_every_question_once_in_its_own_words():
    page = (QUERIES / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^- \[(.+)\]\((\w+)\.sql\)$", page, re.MULTILINE)) == sorted(
        (found.asked, found.name) for found in questions()
    )
    assert len(NAMES) >= 22


def test_a_file_that_is_not_built_as_the_others_is_refused_by_name(tmp_path):
    (tmp_path / "odd.sql").write_text("-- Who?\n--\n-- For whoever asks.\nselect 1 as one\n")
    with pytest.raises(ValueError, match=r"odd\.sql: three paragraphs"):
        question(tmp_path / "odd.sql")


def test_answers_are_written_below_the_query_and_written_again_they_are_the_same(tmp_path, built):
    path = tmp_path / "some.sql"
    asked = (
        "-- Who?\n--\n-- For whoever asks.\n--\n-- Mind: nothing.\nselect 'a' as who, 1.5::double as n\norder by who\n"
    )
    path.write_text(asked)
    write_answers(built, tmp_path)
    written = path.read_text(encoding="utf-8")
    assert written == f"{asked}\n{ANSWER}\n--\n-- who    n\n-- ---  ---\n-- a    1.5\n"
    write_answers(built, tmp_path)
    assert path.read_text(encoding="utf-8") == written
    assert question(path).answer == ["who    n", "---  ---", "a    1.5"]


def test_a_table_of_plain_text_shows_what_is_missing_and_cannot_steer_or_leave_its_line():
    hostile = "a\n; drop table texts; -- \x1b[2J\u202e"
    assert aligned(["word", "n"], [(hostile, 2), (None, -0.0)]) == [
        "word" + " " * (len(printable(hostile)) - 4) + "    n",
        "-" * len(printable(hostile)) + "  ---",
        printable(hostile) + "    2",
        "NULL" + " " * (len(printable(hostile)) - 4) + "  0.0",
    ]
    assert aligned(["word", "n"], []) == ["word  n", "----  -", "(no rows)"]


def test_before_a_jump_stands_what_was_known_before_the_open_and_not_a_moment_later(empty):
    calendar(empty, [0.001, -0.001, 0.09])
    opened = MONDAY + timedelta(days=2)
    for text_id, known_at, sentiment in [
        ("old", opened - timedelta(hours=24, seconds=1), 0.1),
        ("first", opened - timedelta(hours=24), 0.2),
        ("last", opened - timedelta(seconds=1), 0.4),
        ("late", opened, 0.9),
    ]:
        insert(empty, "core.texts", text_id=text_id, body=f"{text_id} words")
        insert(
            empty,
            "mart.text_moves",
            text_id=text_id,
            ticker="MU",
            scorer="finance",
            known_at=known_at,
            sentiment=sentiment,
            is_counted=True,
        )
    found = ask(empty, "before_the_jump")[0]
    assert (found["session"], found["percent"]) == ("2025-03-05", "+9.0")
    assert (found["texts_before"], found["sentiment"], found["last_said"]) == (2, 0.3, "last words")


def test_the_mood_before_earnings_ends_before_the_move_begins(empty):
    calendar(empty, [0.0, 0.0, 0.10, 0.20, 0.5])
    due = (MONDAY + timedelta(days=2)).date()
    for known_at in (
        MONDAY,
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=2),
    ):  # the last one is of the day itself
        insert(
            empty,
            "core.claims",
            text_id=str(known_at),
            ticker="MU",
            kind="event",
            measure="earnings report",
            due_on=due,
            known_at=known_at,
        )
    (found,) = ask(empty, "sentiment_before_earnings")
    assert found == {
        "ticker": "MU",
        "reports": 1,
        "texts_scored": 6,
        "mood_before": 0.3,
        "n_cheerful": 1,
        "bps_after_cheerful": 3200,
        "n_gloomy": 0,
        "bps_after_gloomy": None,
    }


def test_a_thread_is_judged_by_the_return_after_its_last_comment_or_not_at_all(empty):
    for thread_id, returns in [("known", [0.5, 0.01]), ("open", [0.5, None])]:
        insert(
            empty,
            "mart.threads",
            thread_id=thread_id,
            ticker="MU",
            scorer="finance",
            author_sentiment=0.6,
            commenter_sentiment=-0.4,
            commenter_count=2,
        )
        for number, move in enumerate(returns):
            insert(empty, "core.texts", text_id=f"{thread_id} {number}", thread_id=thread_id)
            insert(
                empty,
                "mart.text_moves",
                text_id=f"{thread_id} {number}",
                ticker="MU",
                scorer="finance",
                known_at=MONDAY + timedelta(hours=number),
                entry_session=(MONDAY + timedelta(days=number)).date(),
                forward_return_1d=move,
            )
    (found,) = ask(empty, "crowd_against_author")
    assert (found["sides"], found["threads"], found["mean_next_bps"]) == ("author up, crowd down", 1, 100)


def test_the_moves_after_texts_count_a_session_once_in_their_error(empty):
    for text_id, session, sentiment, move in [("a", 0, 0.5, 0.01), ("b", 0, 0.5, 0.01), ("c", 1, -0.5, 0.02)]:
        insert(
            empty,
            "mart.text_moves",
            text_id=text_id,
            ticker="MU",
            scorer="finance",
            is_counted=True,
            sentiment=sentiment,
            entry_session=(MONDAY + timedelta(days=session)).date(),
            forward_return_1d=move,
        )
    found = {row["step"]: row for row in ask(empty, "how_fast_does_the_price_react")}
    assert (found["1 in 5 minutes"]["texts"], found["1 in 5 minutes"]["its_way_bps"]) == (0, None)
    first = found["4 first session"]
    assert (first["texts"], first["sessions"], first["its_way_bps"], first["standard_error"]) == (3, 2, 0.0, 94.3)
    assert first["share_its_way"] == pytest.approx(0.667)
