"""The small picture of each mart: real, small, of its rows; whatever strangers wrote, and whatever is missing."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from PIL import Image

from pipelines.defs.metadata import pictured
from pipelines.report.chart_parts import NEGATIVE, POSITIVE
from pipelines.report.pictures import BUILDERS, drawn, picture, plain, specification
from pipelines.schema import schema_script
from pipelines.sql_files import SQL, header, marts_in_order, sql_file, tables_read
from pipelines.warehouse import Warehouse

HOSTILE = (
    "<script>alert(1)</script>",
    "datum['x'] + alert(1)",
    "![x](http://127.0.0.1:9/x.png)",
    "\x1b[31mred",
    "{{7*7}}",
)


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table, without a row."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(schema_script())
        for name in marts_in_order():
            Warehouse(home="").build_mart(con, name)
        yield con


@pytest.fixture
def con(tables: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same; what a test writes is gone after it."""
    tables.begin()
    yield tables
    tables.rollback()


def ticker_day(day: int, **fields: Any) -> dict[str, Any]:
    at = date(2024, 7, 1) + timedelta(day)
    return {"ticker": "MU", "trading_day": at, "scorer": "finance", "is_covered": True, "text_count": 3, **fields}


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        con.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))


def colours_of(png: bytes) -> set[str]:
    with Image.open(io.BytesIO(png)) as image:
        return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.convert("RGB").getcolors(256)}


def is_near(colour: str, colours: set[str]) -> bool:
    """Whether one of the colours is within a few steps: a palette of 32 moves them a little."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return any(
        all(abs(int(one[at : at + 2], 16) - part) <= 12 for at, part in zip((1, 3, 5), parts, strict=True))
        for one in colours
    )


def test_every_mart_has_a_picture_and_every_picture_a_query(con):
    marts = con.execute("select table_name from duckdb_tables() where schema_name = 'mart' order by all").fetchall()
    assert sorted(BUILDERS) == [name for (name,) in marts] == sorted(path.stem for path in SQL.glob("pictures/*.sql"))
    for name in BUILDERS:
        words, columns = header(sql_file(f"pictures/{name}"))
        assert words and columns and f"mart.{name}" in tables_read(sql_file(f"pictures/{name}"))


def test_an_empty_mart_has_none(con):
    assert [picture(con, name) for name in BUILDERS] == [None] * len(BUILDERS)


def test_a_chart_is_made_before_there_are_rows():
    """So no word of a stranger can be part of an expression."""
    assert all(rows == [{}] for name in BUILDERS for rows in specification(name).get("datasets", {}).values())


def test_no_chart_asks_a_host():
    """Not even for an image: vl-convert would fetch one whatever addresses it is allowed."""

    def keys(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            yield from (str(value) for key, value in part.items() if key in ("mark", "type"))
            for key, value in part.items():
                yield key
                yield from keys(value)
        elif isinstance(part, list):
            for one in part:
                yield from keys(one)

    for name in BUILDERS:
        assert not {"url", "href", "image", "lookup"} & set(keys(specification(name)))


def test_an_address_among_the_data_of_a_chart_is_refused(monkeypatch):
    monkeypatch.setitem(specification("text_scores"), "data", {"url": "http://127.0.0.1:9/x.json"})
    with pytest.raises(ValueError, match="not allowed"):
        drawn("text_scores", [])


def test_words_of_strangers_are_short_and_on_one_line():
    assert [plain(text) for text in HOSTILE] == [
        *("<script>alert(1)</script…", "datum['x'] + alert(1)", "![x](http://127.0.0.1:9/…"),
        *("\\x1b[31mred", "{{7*7}}"),
    ]
    assert [plain(value) for value in (float("nan"), float("inf"), 1.5, 2, None, True, date(2024, 7, 1))] == [
        *(None, None, 1.5, 2, None, True, "2024-07-01"),
    ]


def test_words_of_strangers_are_drawn_as_words(con):
    days = [date(2024, 7, 1), date(2024, 7, 2)]
    fill(
        con,
        "mart.source_days",
        [
            {"source": text, "trading_day": day, "scorer": "finance", "text_count": 2}
            for text in HOSTILE
            for day in days
        ],
    )
    found = picture(con, "source_days")
    assert found.words == header(sql_file("pictures/source_days"))[0]
    assert len(colours_of(found.png)) > 10
    assert not any(text in found.markdown() for text in HOSTILE)


def test_a_picture_is_small_and_holds_its_own_bytes(con):
    fill(con, "mart.ticker_days", [ticker_day(n, mean_sentiment=n / 10, forward_return_1d=n / 1000) for n in range(10)])
    found = picture(con, "ticker_days")
    with Image.open(io.BytesIO(found.png)) as image:
        assert image.format == "PNG" and 400 < image.width < 520 and 150 < image.height < 260
    assert len(found.png) < 10_000
    assert re.fullmatch(r"!\[[^\]]+\]\(data:image/png;base64,[A-Za-z0-9+/=]+\)\n\n[^\n]+", found.markdown())
    assert is_near(POSITIVE, colours_of(found.png)) and not is_near(NEGATIVE, colours_of(found.png))


def test_the_figures_of_the_link_table_are_means_of_fifths_and_texts_of_days(con):
    days = [ticker_day(n, mean_sentiment=n / 10, forward_return_1d=n / 1000) for n in range(10)]
    fill(con, "mart.ticker_days", [*days, ticker_day(11, is_covered=False, text_count=0), ticker_day(12, text_count=0)])
    rows = con.execute(sql_file("pictures/ticker_days")).fetchall()
    assert [row[2:5] for row in rows if row[0] == "returns"] == [
        (fifth + 1, pytest.approx(10 * (2 * fifth + 0.5)), 2) for fifth in range(5)
    ]
    coverage = [(row[5].day, row[6]) for row in rows if row[0] == "coverage"]
    assert coverage == [*((day, 3) for day in range(1, 11)), (12, None), (13, 0)]


def test_ten_years_are_no_more_points_than_one(con):
    con.execute(
        """insert into mart.ticker_days by name
        select 'MU' as ticker, day::date as trading_day, 'finance' as scorer, true as is_covered, 1 as text_count
        from generate_series(date '2010-01-01', date '2020-01-01', interval 1 day) as days(day)"""
    )
    assert 50 < len(con.execute(sql_file("pictures/ticker_days")).fetchall()) <= 120


def test_a_bar_is_missing_where_a_service_was_silent(con):
    fill(
        con,
        "mart.source_days",
        [
            {"source": source, "trading_day": date(2024, 7, day), "scorer": "finance", "text_count": 1}
            for source, day in (("a", 1), ("b", 1), ("a", 2))
        ],
    )
    assert con.execute(sql_file("pictures/source_days")).fetchall() == [
        (date(2024, 7, 1), "a", 1.0),
        (date(2024, 7, 1), "b", 1.0),
        (date(2024, 7, 2), "a", 1.0),
    ]


def test_a_picture_without_a_value_is_drawn_without_a_warning():
    nothing = {"scorer": "finance", "ticker": "MU", "slope_bps": None, "low_bps": None, "high_bps": None}
    assert len(drawn("signal_quality", [{**nothing, "is_evidence": False}])) > 500


def test_a_table_stands_when_its_picture_fails_and_the_log_says_why(con, caplog):
    assert pictured(con, "mart.text_scores") == pictured(con, "core.texts") == {}
    assert not caplog.messages
    con.execute("alter table mart.text_scores drop column sentiment")
    assert pictured(con, "mart.text_scores") == {}
    (said,) = caplog.messages
    assert "mart.text_scores is built, but its picture cannot be drawn: BinderException" in said
    assert "sentiment" in said


def test_a_value_that_cannot_be_drawn_is_a_warning_too(con, caplog, monkeypatch):
    fill(con, "mart.text_scores", [{"text_id": "1", "scorer": "finance", "sentiment": 0.5}])
    monkeypatch.setitem(specification("text_scores"), "mark", {"type": "no such mark"})
    assert pictured(con, "mart.text_scores") == {}
    assert "mart.text_scores is built, but its picture cannot be drawn: ValueError" in caplog.text
