"""``make sql``: the question of a stranger reads the tables and nothing else, and its answer is safe in a spreadsheet."""

import csv
import io
import shutil
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from pipelines import sql
from pipelines.spreadsheet import export, safe_cell

FORBIDDEN = [
    "select * from read_text('/etc/hostname')",
    "select * from read_csv('/etc/passwd')",
    "select * from glob('/etc/*')",
    "attach '{folder}/other.duckdb'",
    "copy (select 1) to '{folder}/stolen.csv'",
    "export database '{folder}/all'",
    "set TimeZone = 'Asia/Tokyo'",
    "reset TimeZone",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "pragma memory_limit = '1TB'",
    "install httpfs",
    "load httpfs",
    "create table mine as select 1",
    "delete from texts",
]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0@x", "＝1", "＋1", "－1", "＠x", "−1", '"=1"', "'=1", "\x00=1", "\ufeff=1", "fine;=1", 'fine;"=1"', "fine\n=1", "fine\r\n  =1", "fine\t+1"]  # fmt: skip
HARMLESS = [
    "",
    "MU",
    "a-b",
    "up +5%",
    "down, -5%",
    "a;b",
    "a\nb",
    "$MU = great",
    "me@example.com",
    "1-1",
    "’=",
    "日本 ＝",
]


@pytest.fixture
def database(tmp_path) -> Path:
    """A file with one table of texts."""
    path = tmp_path / "some.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create table texts (n integer, body varchar)")
        con.executemany("insert into texts values (?, ?)", list(enumerate(HOSTILE + HARMLESS)))
    return path


@pytest.mark.parametrize("question", FORBIDDEN)
def test_a_question_reads_the_tables_and_nothing_else(database, question, tmp_path):
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SystemExit, match=r"disabled|locked|read-only"):
        sql.main([question.format(folder=tmp_path), "--database", str(database)])
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_question_may_stand_in_a_file_with_comments_around_it(database, tmp_path, capsys):
    (tmp_path / "mine.sql").write_text(
        "\ufeff-- How many?\nselect count(*) as many from texts\n\n-- 35\n", encoding="utf-8"
    )
    sql.main(["--database", str(database), "--file", str(tmp_path / "mine.sql")])
    assert "many" in capsys.readouterr().out
    sql.main(["--database", str(database), "--file", str(tmp_path / "mine.sql"), "--csv", str(tmp_path / "a.csv")])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == f'"many"\n{len(HOSTILE + HARMLESS)}\n'


def test_a_file_that_is_not_there_or_no_text_is_named(database, tmp_path):
    for path in (tmp_path / "none.sql", database):
        with pytest.raises(SystemExit, match=path.name):
            sql.main(["--database", str(database), "--file", str(path)])


def test_a_question_is_answered_in_utc(database, capsys):
    sql.main(["select current_setting('TimeZone') as zone, count(*) as n from texts", "--database", str(database)])
    assert "UTC" in capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("duckdb"), reason="DuckDB's own client is not here")
def test_the_prompt_of_duckdbs_own_client_is_as_safe(database):
    lines = [
        "select * from read_text('/etc/hostname');",
        ".shell echo broken out",
        ".read /etc/passwd",
        "set TimeZone = 'Asia/Tokyo';",
        "create table mine as select 1;",
        "select current_setting('TimeZone') || ' it is';",
    ]
    said = [
        subprocess.run(
            **sql.client_call(shutil.which("duckdb"), database), input=line, capture_output=True, text=True, check=False
        )
        for line in lines
    ]
    words = [f"{done.stdout}{done.stderr}" for done in said]
    for refused, word in zip(words[:5], ["disabled", "-safe mode", "-safe mode", "locked", "read-only"], strict=True):
        assert word in refused
    assert "UTC it is" in words[5]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_begins_like_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text).replace("'", "") == text.replace("'", "")
    for separator in ",;\t":  # wherever a spreadsheet splits, and whether or not it minds the quotes
        written = io.StringIO()
        csv.writer(written, quoting=csv.QUOTE_NONNUMERIC).writerow([1, safe_cell(text)])
        for cell in written.getvalue().replace("\r", "\n").replace("\n", separator).split(separator):
            bare = cell.strip(' "\u00a0\ufeff\x00')
            assert not bare.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "−")), (separator, cell)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_not_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_null_is_empty(database, tmp_path):
    question = """select -1 as n, -1.5::decimal(9, 2) as d, -0.5::double as f, true as b, null as nothing,
        date '2024-01-02' as day, timestamptz '2024-01-02 03:04:05+00' as moment, ['=1'] as list, n as "=name"
        from texts where n = 0"""
    sql.main([question, "--database", str(database), "--csv", str(tmp_path / "a.csv")])
    lines = (tmp_path / "a.csv").read_bytes()
    assert lines == (
        b'\xef\xbb\xbf"n","d","f","b","nothing","day","moment","list","\'=name"\r\n'
        b'-1,-1.50,-0.5,"true","","2024-01-02","2024-01-02 03:04:05+00:00","[\'=1\']",0\r\n'
    )


def test_an_export_has_every_row_and_reads_back(database, tmp_path, capsys):
    sql.main(["select * from texts order by n", "--database", str(database), "--csv", str(tmp_path / "a.csv")])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["n", "body"]
    assert rows == [[str(n), safe_cell(text)] for n, text in enumerate(HOSTILE + HARMLESS)]
    assert f"{len(rows)} rows" in capsys.readouterr().out


def test_a_question_that_fails_leaves_the_old_file_and_no_part(database, tmp_path):
    (tmp_path / "a.csv").write_text("old")
    question = "select case when n < 30 then n else error('broken off') end from texts"
    with pytest.raises(SystemExit, match="broken off"):
        sql.main([question, "--database", str(database), "--csv", str(tmp_path / "a.csv")])
    assert (tmp_path / "a.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "some.duckdb"]


def test_an_export_goes_by_batches(tmp_path):
    with duckdb.connect() as con:
        assert export(con, "select range as n from range(25000)", tmp_path / "a.csv") == 25_000
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[-1] == "24999"


@pytest.mark.parametrize("unit", ["\n", ";", " ", "; ", '"', ";="])
def test_a_hostile_cell_takes_linear_time(unit):
    def seconds(size: int) -> float:
        text = unit * size
        began = time.process_time()
        safe_cell(text)
        return time.process_time() - began

    assert min(seconds(100_000) for _ in range(3)) < 30 * max(min(seconds(10_000) for _ in range(3)), 1e-4)


def test_what_strangers_wrote_cannot_steer_the_terminal(database, capsys):
    sql.main(["--database", str(database), "select 'a\u202eb\u2028c' || chr(155) || chr(27) || '[2J' as body"])
    shown = capsys.readouterr().out
    assert r"a\u202eb\u2028c\x9b" in shown
    assert not {"\u202e", "\u2028", "\x9b", "\x1b"} & set(shown)
