"""Every exchange suffix of the list leads to a calendar that can be built."""

from datetime import date

import pytest

from pipelines.market.exchanges import read_exchanges
from pipelines.market.sessions import sessions
from pipelines.sql_files import SQL

LISTED = read_exchanges(SQL / "reference" / "exchanges.csv")
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def test_a_suffix_is_listed_once():
    suffixes = LISTED["suffix"].to_pylist()
    assert suffixes == sorted(set(suffixes))


def test_an_unknown_calendar_is_named(tmp_path):
    path = tmp_path / "exchanges.csv"
    path.write_text("suffix,calendar,exchange\nX,XMARS,Mars\n", encoding="utf-8")
    with pytest.raises(ValueError, match="XMARS"):
        read_exchanges(path)


@pytest.mark.parametrize("calendar", ["XTKS", "XSES", "XBOM"])
def test_a_calendar_that_knows_fewer_years_gives_those(calendar):
    listed = sessions(calendar, date(1990, 1, 1), date(2026, 12, 31))
    assert listed["trading_day"][0].as_py() > date(1990, 1, 1) or calendar == "XSES"
    assert 235 < sum(day.year == 2025 for day in listed["trading_day"].to_pylist()) < 262


@pytest.mark.slow
@pytest.mark.parametrize("calendar", sorted(set(LISTED["calendar"].to_pylist())))
def test_every_listed_calendar_has_sessions(calendar):
    assert 230 < sessions(calendar, *YEAR).num_rows < 262
