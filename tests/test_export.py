"""The export: every mart reads back as it is in SQL, whole or not at all, and no value of a stranger becomes a path."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from conftest import Home, at

from pipelines.export.__main__ import exported, main
from pipelines.export.folder import NotExported, path_name, replaced_whole
from pipelines.sql_files import marts_in_order

NOW = at("2026-06-01 00:00:00")
SCORERS = ["vader", "/../../up", "a=b&c", "50%2F ü\u202e", ".."]
HOSTILE = ["MU", "=1+1", "../x", "a/b", "C:\\x", "\u202eMU", "", "'; drop table x; --"]


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A published file whose scorers, tickers, sources and times no honest source would give."""
    home = Home(tmp_path_factory.mktemp("published"))
    with home.warehouse.connect() as con:
        for name in marts_in_order():
            home.warehouse.build_mart(con, name)
        values = {"scorers": SCORERS, "tickers": HOSTILE}
        con.execute(
            """insert into mart.ticker_days by name
            select ticker, scorer, date '2023-12-29' + day::integer as trading_day, day as session_number,
                case when day % 3 > 0 then day / 7 end as mean_sentiment, timestamptz '2024-01-01 21:00:00Z' as cutoff_at
            from unnest($tickers) as t(ticker), unnest($scorers) as s(scorer), range(6) as d(day)""",
            values,
        )
        con.execute(
            """insert into mart.source_days by name
            select 'MU' as ticker, source, scorer, date '2024-02-01' as trading_day, length(source) as text_count
            from unnest($tickers) as t(source), unnest($scorers) as s(scorer)""",
            values,
        )
        con.execute(
            """insert into mart.text_scores by name
            select 'id' || year as text_id, 'vader' as scorer, make_timestamptz(year, 1, 1, 0, 0, 0) as known_at
            from range(1900, 4000, 100) as y(year)"""
        )
        con.execute("insert into mart.threads by name select 't' as thread_id, 'vader' as scorer, '<b>' as title")
    home.warehouse.publish()
    return home.warehouse.published


@pytest.fixture(scope="module")
def export(published, tmp_path_factory) -> Path:
    """That file, exported once; to be read."""
    folder = tmp_path_factory.mktemp("place") / "export"
    exported(published, folder, NOW)
    return folder


@pytest.fixture
def own(export, tmp_path) -> Path:
    """The same for a test that changes it."""
    return Path(shutil.copytree(export, tmp_path / "export"))


def in_sql(published: Path, query: str) -> pa.Table:
    with duckdb.connect(published, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        return con.execute(query).to_arrow_table()


def same(found: pa.Table, expected: pa.Table) -> bool:
    """The rows of ``expected`` in any order; a ``year`` that the folders add is left out."""
    both = (found.select(expected.column_names).cast(expected.schema), expected)
    one, other = (sorted(map(repr, table.to_pylist())) for table in both)
    return one == other


def tables(published: Path) -> list[str]:
    found = in_sql(published, "select table_name from duckdb_tables() where schema_name = 'mart' order by 1")
    return found["table_name"].to_pylist()


def test_every_mart_reads_back_with_pyarrow_pandas_and_polars_as_it_is_in_sql(published, export):
    names = tables(published)
    assert len(names) >= 14
    hive = ds.HivePartitioning(pa.schema([("scorer", pa.string()), ("year", pa.int32())]))
    types = {"scorer": pl.String, "year": pl.Int32}
    for name in names:
        expected, folder = in_sql(published, f"select * from mart.{name}"), export / "mart" / name
        assert same(ds.dataset(folder, partitioning=hive).to_table(), expected), name
        assert same(pa.Table.from_pandas(pd.read_parquet(folder)), expected), name
        kinds = {key: types[key] for key in types if list(folder.rglob(f"{key}=*"))}
        read = pl.read_parquet(folder / "**/*.parquet", hive_partitioning=bool(kinds), hive_schema=kinds or None)
        assert same(read.to_arrow(), expected), name


def test_no_value_of_a_stranger_leads_out_of_the_folder_or_into_another_name(export):
    parts = {part for path in export.rglob("*") for part in path.relative_to(export).parts}
    assert {part for part in parts if set(part) & set("/\\%. \u202e'<") and not part.startswith("scorer=")} == {
        "manifest.json",
        "rows.parquet",
    }
    assert len(list((export / "mart/ticker_days").iterdir())) == len(SCORERS)
    assert not any("." in path.name for path in (export / "mart/ticker_days").iterdir())
    assert [path.name for path in export.parent.iterdir()] == ["export"]


@pytest.mark.parametrize(
    ("value", "name"),
    [("24/7", "24%2F7"), ("..", "%2E%2E"), ("a=b", "a%3Db"), ("A b", "A%20b"), ("finance", "finance")],
)
def test_a_value_becomes_one_plain_name(value, name):
    assert path_name(value) == name


def test_files_are_few_and_a_year_that_nobody_can_have_written_in_gets_no_folder(export):
    years = [path.name for path in sorted((export / "mart/text_scores/scorer=vader").iterdir())]
    assert years == ["year=1989", "year=2000", "year=2100", "year=2101"]
    assert all(len(list(path.parent.iterdir())) == 1 for path in export.rglob("rows.parquet"))


def test_rows_of_a_file_are_in_the_order_of_their_time(export):
    for path in (export / "mart/ticker_days").rglob("*.parquet"):
        table = pq.ParquetFile(path).read(["trading_day", "ticker"])
        assert table == table.sort_by([("trading_day", "ascending"), ("ticker", "ascending")])


def test_what_tables_and_columns_mean_goes_along(published, export):
    said = in_sql(
        published,
        """select table_name, map(list(column_name), list(columns.comment)) as columns, any_value(tables.comment) as comment
        from duckdb_columns() as columns join duckdb_tables() as tables using (schema_name, table_name)
        where schema_name = 'mart' group by table_name""",
    ).to_pylist()
    for table in said:
        (path, *_) = (export / "mart" / table["table_name"]).rglob("*.parquet")
        schema = pq.ParquetFile(path).schema_arrow
        comments = dict(table["columns"])
        assert {field.name: field.metadata[b"comment"].decode() for field in schema} == {
            name: comments[name] for name in schema.names
        }
        assert schema.metadata[b"comment"].decode() == table["comment"]


def test_the_manifest_says_of_which_file_when_and_how_many_rows(published, export):
    told = json.loads((export / "manifest.json").read_text(encoding="utf-8"))
    assert told["published"]["file"] == "published.duckdb"
    assert told["published"]["bytes"] == published.stat().st_size
    assert told["exported_at"] == "2026-06-01T00:00:00+00:00"
    assert told["tables"] == {
        name: in_sql(published, f"select count(*) as n from mart.{name}")["n"][0].as_py() for name in tables(published)
    }
    assert told["files"] == sorted(path.relative_to(export).as_posix() for path in export.rglob("*.parquet"))


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_twice_is_once_and_the_published_file_is_not_touched(published, own):
    before, file = content(own), (published.read_bytes(), published.stat().st_mtime_ns)
    exported(published, own, NOW)
    assert content(own) == before
    assert (published.read_bytes(), published.stat().st_mtime_ns) == file
    assert [path.name for path in published.parent.iterdir() if path.suffix not in {".duckdb"}] == []


def test_an_export_that_is_killed_leaves_the_old_one_and_the_next_cleans_up(published, own):
    before = content(own)
    script = (
        "import sys, time, duckdb; from pathlib import Path\n"
        "from pipelines.export.folder import replaced_whole; from pipelines.export.tables import export_tables\n"
        "with duckdb.connect(sys.argv[1], read_only=True) as con, replaced_whole(Path(sys.argv[2])) as folder:\n"
        "    export_tables(con, folder / 'mart'); print('written', flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[1]
    process = subprocess.Popen([sys.executable, "-c", script, published, own], cwd=root, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"written\n"
        with pytest.raises(NotExported, match=r"another export is writing .*export\.part"):
            exported(published, own, NOW)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert content(own) == before
    assert (own.parent / "export.part/mart").is_dir()
    exported(published, own, NOW)
    assert content(own) == before
    assert [path.name for path in own.parent.iterdir()] == ["export"]


def test_an_export_that_was_killed_between_its_two_renames_is_put_back(published, own):
    before = content(own)
    own.rename(own.with_name("export.before.part"))
    with pytest.raises(ValueError, match="broken off"), replaced_whole(own):
        raise ValueError("broken off")
    assert content(own) == before
    shutil.copytree(own, own.with_name("export.before.part"))  # killed before the old one was removed
    exported(published, own, NOW)
    assert [path.name for path in own.parent.iterdir()] == ["export"]


def test_what_no_export_wrote_is_never_replaced(published, own, tmp_path):
    (own / "mart/mine.txt").write_text("mine")
    with pytest.raises(NotExported, match=r"mine\.txt was not written by an export.*TO="):
        exported(published, own, NOW)
    for name, text in (("manifest.json", "{}"), ("manifest.json", "[]"), ("a.txt", "mine")):
        other = tmp_path / "other"
        other.mkdir(exist_ok=True)
        (other / name).write_text(text)
        for place in ("other", "other.part", "other.before.part"):
            other = other.rename(tmp_path / place)
            with pytest.raises(NotExported, match="is not an export of Crowdtape, so it stays"):
                exported(published, tmp_path / "other", NOW)
            assert (other / name).read_text() == text
        shutil.rmtree(other)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotExported, match="is not an export"):
        exported(published, tmp_path / "file", NOW)
    assert (tmp_path / "file").read_text() == "mine"
    assert (own / "mart/mine.txt").read_text() == "mine"


def test_nothing_is_written_through_a_link_that_lies_in_the_way(published, tmp_path):
    (tmp_path / "away").mkdir()
    (tmp_path / "export.part").symlink_to(tmp_path / "away")
    with pytest.raises(NotExported, match="could not be written"):
        exported(published, tmp_path / "export", NOW)
    assert list((tmp_path / "away").iterdir()) == []


def test_what_cannot_be_exported_is_told_with_the_way_out(published, tmp_path, capsys):
    with pytest.raises(NotExported, match=r"missing\.duckdb is not there: `make publish`"):
        exported(tmp_path / "missing.duckdb", tmp_path / "export", NOW)
    (tmp_path / "broken.duckdb").write_text("no database")
    with pytest.raises(NotExported, match=r"(?s)broken\.duckdb cannot be exported, .*export is unchanged; `make pub"):
        exported(tmp_path / "broken.duckdb", tmp_path / "export", NOW)
    with pytest.raises(NotExported, match=r"no folder.*could not be written \(No such file.*TO="):
        exported(published, tmp_path / "no folder/export", NOW)
    with pytest.raises(NotExported, match="/ cannot be an export: name a folder"):
        exported(published, Path("/"), NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.duckdb"]
    with pytest.raises(SystemExit, match="TO="):
        main([""])
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "scorer=…/year=…" in capsys.readouterr().out
