"""Several price files of one instrument: joined by their factor, or kept out with the reason."""

import itertools
import math
import shutil
from datetime import date, timedelta

import pytest

from tests.price_files import run_market

FIRST = date(2024, 1, 2)
HOLIDAYS = {date(2024, 1, 15), date(2024, 2, 19), date(2024, 3, 29), date(2024, 5, 27)}


def weekdays(count: int) -> list[date]:
    """Sessions of New York from 2 January 2024 on."""
    days = (FIRST + timedelta(days=n) for n in range(2 * count + 20))
    return [day for day in days if day.weekday() < 5 and day not in HOLIDAYS][:count]


DAYS = weekdays(60)
CLOSES = [100 * math.exp(0.02 * math.sin(1.7 * n) + 0.001 * n) for n in range(len(DAYS))]


def yahoo(first: int, end: int, factor: float = 1.0, paid: float = 1.0) -> str:
    """Bars ``first`` to ``end`` as Yahoo writes them, prices times ``factor``; ``paid`` of it before bar 30 as dividend."""
    lines = ["Date,Open,High,Low,Close,Adj Close,Volume"]
    for n in range(first, end):
        close = CLOSES[n] * factor
        adjusted = close * (paid if n < 30 else 1)
        lines.append(f"{DAYS[n]},{close * 0.99},{close * 1.01},{close * 0.98},{close},{adjusted},1000")
    return "\n".join(lines) + "\n"


def plain(first: int, end: int, factor: float = 1.0) -> str:
    """The same without adjusted closes."""
    lines = ["ticker,day,open,high,low,close,volume"]
    for n in range(first, end):
        close = CLOSES[n] * factor
        lines.append(f"ZZQX,{DAYS[n]},{close * 0.99},{close * 1.01},{close * 0.98},{close},1000")
    return "\n".join(lines) + "\n"


def returns(home) -> dict[date, float | None]:
    return dict(home.ask("select trading_day, return_1d from core.returns where ticker = 'ZZQX' order by 1"))


def expected(first: int, end: int) -> dict[date, float]:
    return {DAYS[n]: pytest.approx(CLOSES[n] / CLOSES[n - 1] - 1, rel=1e-9) for n in range(first, end)}


def files(home, columns: str) -> list[tuple]:
    return home.ask(f"select {columns} from core.price_files where ticker = 'ZZQX' order by path")


def test_files_from_before_and_after_a_split_are_one_series_on_the_newest_basis(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 40, factor=4))
    home.drop("prices/2/ZZQX.csv", yahoo(20, 60))
    checks = run_market(home)
    found = returns(home)
    assert {day: value for day, value in found.items() if value is not None} == expected(1, 60)
    assert files(home, "status, factor, common_day_count, used_bar_count") == [
        ("used", pytest.approx(0.25), 20, 20),
        ("used", 1.0, 0, 40),
    ]
    # close / adjustment_factor stays what that file says: the price as it was quoted before the split
    assert home.ask("select close, close / adjustment_factor from core.returns where trading_day = ?", [DAYS[3]]) == [
        (pytest.approx(CLOSES[3]), pytest.approx(4 * CLOSES[3]))
    ]
    assert checks["price_vintages_agree"].passed
    assert checks["no_day_of_prices_is_left_out"].passed


def test_the_order_and_the_names_of_the_files_mean_nothing(make_home):
    parts = [yahoo(0, 25, factor=12), yahoo(15, 45, factor=3), yahoo(35, 60), plain(10, 50)]
    found = []
    for number, order in enumerate(itertools.permutations(range(4))):
        if number % 6:
            continue
        home = make_home(f"home{number}")
        for position, part in enumerate(order):
            home.drop(f"prices/{position}/ZZQX.csv", parts[part])
        run_market(home)
        found.append(
            home.ask("select ticker, trading_day, open, close, return_1d, vendor from core.returns order by all")
        )
    assert len(found) == 4
    assert len(found[0]) == 61
    assert all(rows == found[0] for rows in found)


def test_vintages_with_other_dividends_taken_off_have_one_factor_too(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 28, factor=1 / 0.98, paid=0.98))  # fetched before the dividend of bar 30
    home.drop("prices/2/ZZQX.csv", yahoo(10, 60, paid=0.98))
    run_market(home)
    assert returns(home)[DAYS[5]] == pytest.approx(CLOSES[5] / CLOSES[4] - 1)
    assert returns(home)[DAYS[30]] == pytest.approx(CLOSES[30] / (0.98 * CLOSES[29]) - 1)
    assert [status for (status,) in files(home, "status")] == ["used", "used"]


def test_closes_with_and_without_dividends_taken_off_are_not_mixed(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 50, paid=0.97))
    home.drop("prices/2/ZZQX.csv", plain(10, 60))
    checks = run_market(home)
    (_, used), (status, reason) = files(home, "status, reason")
    assert used is None
    assert (status, "dividends" in reason) == ("refused", True)
    assert home.ask("select max(trading_day) from core.returns") == [(DAYS[49],)]
    assert not checks["price_vintages_agree"].passed
    assert "2/ZZQX.csv" in str(checks["price_vintages_agree"].metadata)
    assert "day_count=10" in str(checks["no_day_of_prices_is_left_out"].metadata)


def test_a_file_that_only_lacks_the_dividends_and_adds_no_day_is_no_trouble(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 60, paid=0.97))
    home.drop("prices/2/ZZQX.csv", plain(10, 50))
    checks = run_market(home)
    assert [status for (status,) in files(home, "status")] == ["used", "spare"]
    assert checks["price_vintages_agree"].passed


def test_a_file_without_adjusted_closes_goes_on_where_no_dividend_was_ever_paid(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 50))
    home.drop("prices/2/ZZQX.csv", plain(40, 60, factor=0.5))
    checks = run_market(home)
    assert returns(home)[DAYS[55]] == pytest.approx(CLOSES[55] / CLOSES[54] - 1)
    assert checks["price_vintages_agree"].passed


def test_where_dividends_are_paid_it_goes_on_and_the_check_says_what_is_not_known(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 50, paid=0.97))
    home.drop("prices/2/ZZQX.csv", plain(40, 60))
    checks = run_market(home)
    assert returns(home)[DAYS[55]] == pytest.approx(CLOSES[55] / CLOSES[54] - 1)
    assert "may lack dividends" in str(checks["price_vintages_agree"].metadata)


def test_another_instrument_under_the_same_name_is_refused(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 60))
    other = "\n".join(f"ZZQX,{day},{50 + n % 7}" for n, day in enumerate(DAYS))
    home.drop("prices/2/other.csv", "ticker,day,close\n" + other + "\n")
    run_market(home)
    (_, _), (status, reason) = files(home, "status, reason")
    assert (status, "not constant" in reason, "1/ZZQX.csv" in reason) == ("refused", True, True)
    assert returns(home)[DAYS[9]] == pytest.approx(CLOSES[9] / CLOSES[8] - 1)


@pytest.mark.parametrize(("common", "status"), [(4, "refused"), (5, "used")])
def test_less_than_five_common_days_are_too_few_to_know(home, common, status):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 40))
    home.drop("prices/2/ZZQX.csv", plain(40 - common, 60, factor=4))
    run_market(home)
    assert files(home, "status, common_day_count")[1] == (status, common)


def test_one_stray_close_in_a_long_file_does_not_part_two_vintages(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 60))
    lines = plain(0, 60, factor=2).splitlines()
    strayed = lines[30].split(",")
    strayed[5] = str(float(strayed[5]) * 1.02)
    # 60 common days: one is more than 1 %, so it is not forgiven; in 1,000 it would be
    home.drop("prices/2/ZZQX.csv", "\n".join([*lines[:30], ",".join(strayed), *lines[31:]]) + "\n")
    run_market(home)
    assert files(home, "status")[1] == ("refused",)


def test_a_file_a_day_of_one_vendor_is_one_series(home):
    for n in range(10):
        home.drop(f"prices/{DAYS[n]}.csv", plain(n, n + 1))
    checks = run_market(home)
    assert {day: value for day, value in returns(home).items() if value is not None} == expected(1, 10)
    assert checks["price_vintages_agree"].passed


def test_a_file_a_year_fetched_at_other_times_has_no_jump_at_the_seam(home):
    """The older file has not taken off the dividend of bar 30: nobody had paid it yet."""
    home.drop("prices/1/ZZQX.csv", yahoo(0, 20))
    home.drop("prices/2/ZZQX.csv", yahoo(20, 60, paid=0.97))
    run_market(home)
    assert returns(home)[DAYS[20]] == pytest.approx(CLOSES[20] / CLOSES[19] - 1)


def test_a_split_between_a_file_and_the_next_without_common_days_is_no_crash(home):
    home.drop("prices/1/ZZQX.csv", yahoo(0, 30, factor=4))
    home.drop("prices/2/ZZQX.csv", yahoo(30, 60))
    checks = run_market(home)
    assert min(value for value in returns(home).values() if value is not None) > -0.1
    assert home.ask("select distinct price_flag, trading_day < ? from core.bars order by all", [DAYS[30]]) == [
        ("missed_split", True),
        (None, False),
    ]
    assert not checks["no_price_is_flagged"].passed


def test_unadjusted_bars_are_joined_on_either_side_of_their_split(home):
    """One vendor has taken the split off, the other not: the factor is 4 before it and 1 after."""
    home.drop("prices/1/ZZQX.csv", yahoo(5, 60))
    before = plain(0, 30, factor=4).splitlines()
    home.drop("prices/2/ZZQX.csv", "\n".join([*before, *plain(30, 50).splitlines()[1:]]) + "\n")
    run_market(home)
    assert {day: value for day, value in returns(home).items() if value is not None} == expected(1, 60)


def test_a_known_split_is_taken_off_unadjusted_bars_whichever_file_tells_it(home):
    before = plain(0, 30, factor=4).splitlines()
    home.drop("prices/1/ZZQX.csv", "\n".join([*before, *plain(30, 60).splitlines()[1:]]) + "\n")
    home.drop("prices/2/ZZQX.csv", f"ticker,day,close,split_ratio\nZZQX,{DAYS[30]},{CLOSES[30]},4\n")
    run_market(home)
    assert {day: value for day, value in returns(home).items() if value is not None} == expected(1, 60)
    assert home.ask("select count(price_flag) from core.bars") == [(0,)]


@pytest.mark.parametrize("cut", [35, 50])
def test_cutting_the_files_changes_no_return_before_the_cut(make_home, cut):
    found = {}
    for name, end in (("whole", 60), ("cut", cut)):
        home = make_home(name)
        home.drop("prices/1/ZZQX.csv", yahoo(0, min(40, end), factor=4))
        home.drop("prices/2/ZZQX.csv", yahoo(20, end))
        run_market(home)
        found[name] = returns(home)
    assert {day: value for day, value in found["whole"].items() if day < DAYS[cut]} == {
        day: value if value is None else pytest.approx(value, rel=1e-9) for day, value in found["cut"].items()
    }


def test_the_vintages_of_real_vendors_are_one_series(home, shared):
    """NVDA differs by 4, TSLA by 15; the oldest file alone reaches back to 1999."""
    for vendor in ("yahoo-daily", "bluefin-daily", "nasdaq-daily"):
        home.drop(f"prices/{vendor}/NVDA.csv", b"")
        shutil.copy(shared / "prices" / vendor / "NVDA.csv", home.inbox / "prices" / vendor / "NVDA.csv")
    home.drop("prices/TSLA.csv", b"")
    shutil.copy(shared / "prices/yahoo-daily/TSLA.csv", home.inbox / "prices/TSLA.csv")
    shutil.copy(shared / "prices/eqker-minutes/TSLA_daily.csv", home.inbox / "prices/TSLA_daily.csv")
    checks = run_market(home)
    assert home.ask("select status, round(factor, 3) from core.price_files order by path") == [
        ("used", 1.0),
        ("used", 0.067),
        ("used", 0.249),
        ("spare", None),
        ("used", 1.0),
    ]
    assert checks["price_vintages_agree"].passed
    assert home.ask(
        "select min(trading_day), max(trading_day), count(price_flag) from core.bars where ticker = 'NVDA'"
    ) == [(date(1999, 1, 22), date(2024, 3, 8), 0)]
    seam, worst = home.ask(
        """select max(abs(return_1d)) filter (trading_day = '2000-01-03'), max(abs(return_1d))
        from core.returns where ticker = 'NVDA'"""
    )[0]
    assert seam < 0.1
    assert worst < 0.45
