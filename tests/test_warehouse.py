"""Writing is whole or not at all, twice is once, and readers are never in the way."""

import subprocess
import sys
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from pipelines.sql_files import header, tables_read
from pipelines.tables import count, stream
from pipelines.warehouse import Warehouse, WarehouseClosed

DAYS = {"first": date(2024, 1, 2), "last": date(2024, 1, 2)}


def sentences(*words: str, day: date = date(2024, 1, 2)) -> pa.Table:
    rows = [
        {
            "text_id": f"t:{n}",
            "position": 1,
            "sentence": word,
            "is_title": False,
            "is_quote": False,
            "has_words": True,
            "day": day,
        }
        for n, word in enumerate(words)
    ]
    schema = pa.schema(
        [
            ("day", pa.date32()),  # not the table's order: by name, never by position
            ("sentence", pa.string()),
            ("text_id", pa.string()),
            ("position", pa.int32()),
            ("is_title", pa.bool_()),
            ("is_quote", pa.bool_()),
            ("has_words", pa.bool_()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def stored(con) -> list[tuple]:
    return con.execute("select sentence, day from core.sentences order by all").fetchall()


def test_a_reordered_batch_lands_in_the_right_columns(home):
    with home.warehouse.connect() as con:
        assert home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("a", "b")]) == 2
        assert stored(con) == [("a", date(2024, 1, 2)), ("b", date(2024, 1, 2))]


def test_twice_is_once(home):
    with home.warehouse.connect() as con:
        for _ in range(2):
            home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("a", "b")])
        assert count(con, "core.sentences") == 2


def test_an_empty_answer_clears_the_days_and_only_these(home):
    with home.warehouse.connect() as con:
        other = {"first": date(2024, 1, 3), "last": date(2024, 1, 3)}
        home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("a")])
        home.warehouse.replace_days(con, "core.sentences", other, [sentences("z", day=date(2024, 1, 3))])
        home.warehouse.replace_days(con, "core.sentences", DAYS, [])
        assert stored(con) == [("z", date(2024, 1, 3))]


def test_a_write_that_fails_in_the_middle_changes_nothing(home):
    def breaks():
        yield sentences("new")
        raise RuntimeError("the source broke")

    with home.warehouse.connect() as con:
        home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("old")])
        with pytest.raises(RuntimeError, match="the source broke"):
            home.warehouse.replace_days(con, "core.sentences", DAYS, breaks())
        assert stored(con) == [("old", date(2024, 1, 2))]


def test_a_mart_that_fails_keeps_the_old_one(home, monkeypatch, tmp_path):
    with home.warehouse.connect() as con:
        for name in ("text_moves", "threads"):
            home.warehouse.build_mart(con, name)
        broken = tmp_path / "marts"
        broken.mkdir()
        (broken / "threads.sql").write_text("-- Broken.\n-- nothing: No such column.\nselect 1 as something")
        monkeypatch.setattr("pipelines.sql_files.SQL", tmp_path)
        with pytest.raises(duckdb.Error):
            home.warehouse.build_mart(con, "threads")
        columns = con.execute("select count(*) from duckdb_columns() where table_name = 'threads'").fetchall()
    assert columns[0][0] > 10


def test_the_connection_closes_when_the_block_fails(home):
    with pytest.raises(ZeroDivisionError), home.warehouse.connect():
        1 / 0  # noqa: B018
    with home.warehouse.connect() as con:
        assert con.execute("select 1").fetchall() == [(1,)]


def test_every_connection_reads_times_in_utc(home):
    with home.warehouse.connect() as con:
        asked = "select current_setting('TimeZone')"
        assert con.execute(asked).fetchall() == [("UTC",)]
        assert next(stream(con, asked)).to_pylist() == [{next(stream(con, asked)).column_names[0]: "UTC"}]


def test_a_stream_of_nothing_is_one_empty_table_with_its_columns(home):
    with home.warehouse.connect() as con:
        tables = list(stream(con, "select text_id, day from core.texts"))
    assert [(table.num_rows, table.column_names) for table in tables] == [(0, ["text_id", "day"])]


def test_a_stream_comes_in_batches_while_the_connection_writes(home):
    with home.warehouse.connect() as con:
        sizes = []
        for table in stream(con, "select range as n from range(25000)", rows=10_000):
            con.execute("create or replace temp table written as select 1")
            sizes.append(table.num_rows)
    assert sum(sizes) == 25_000
    assert max(sizes) <= 10_000


def test_publishing_replaces_the_file_and_leaves_open_readers_their_copy(home):
    with home.warehouse.connect() as con:
        home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("old")])
    home.warehouse.publish()
    reader = duckdb.connect(home.warehouse.published, read_only=True)
    with home.warehouse.connect() as con:
        home.warehouse.replace_days(con, "core.sentences", DAYS, [sentences("new", "newer")])
    home.warehouse.publish()
    held = reader.execute("select count(*) from core.sentences").fetchall()
    reader.close()
    fresh = duckdb.connect(home.warehouse.published, read_only=True)
    assert (held, fresh.execute("select count(*) from core.sentences").fetchall()) == ([(1,)], [(2,)])
    comment = fresh.execute("select comment from duckdb_tables() where table_name = 'sentences'").fetchall()
    fresh.close()
    assert "One row per sentence" in comment[0][0]
    assert [path.name for path in home.folder.glob("*.part")] == []


def test_somebody_elses_lock_is_named_and_nothing_is_changed(home):
    with home.warehouse.connect():
        pass
    script = f"import duckdb; c = duckdb.connect({str(home.warehouse.database)!r}); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(WarehouseClosed, match=rf"(?s){holder.pid}.*published.duckdb.*CROWDTAPE_LOCK_WAIT_SECONDS"),
            Warehouse(home=str(home.folder), lock_wait_seconds=0).connect(),
        ):
            pass
    finally:
        holder.communicate("\n")


def test_a_home_that_cannot_be_made_names_its_setting(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(WarehouseClosed, match="CROWDTAPE_HOME"),
        Warehouse(home=str(tmp_path / "file" / "home")).connect(),
    ):
        pass


def test_a_header_is_the_grain_and_the_columns():
    sql = "-- One row per thing:\n-- which goes on.\n-- ticker: The ticker.\nselect 1 -- not: this\n"
    assert header(sql) == ("One row per thing: which goes on.", {"ticker": "The ticker."})


def test_the_tables_a_query_reads_are_found_once_each():
    sql = (
        "with a as (select 1 from core.texts) select 1 from a asof join core.sessions on true join core.texts using (x)"
    )
    assert tables_read(sql) == ["core.sessions", "core.texts"]
