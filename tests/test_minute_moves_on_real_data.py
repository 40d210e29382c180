"""Real minutes, of a vendor who stamps their end and of one who stamps their start, against pandas' merge_asof."""

import numpy as np
import pandas as pd
import pytest

from pipelines.market.sessions import sessions
from tests.conftest import Home, post

STALE = pd.Timedelta(minutes=5)
MINUTE = pd.Timedelta(minutes=1)
FILES = {
    "MU": ("prices/eqker-minutes/MU_1min.csv", "end"),
    "AAPL": ("prices/eqker-minutes/AAPL_1min.csv", "end"),
    "SPY": ("prices/yfinance-minutes/SPY.csv", "start"),
    "SOXX": ("prices/yfinance-minutes/SOXX.csv", "start"),
}
DAYS = {"end": ("2019-02-11", "2019-02-15"), "start": ("2019-12-23", "2019-12-26")}  # a half day and a holiday


def moments(first: str, last: str) -> list[pd.Timestamp]:
    """By chance between the days, and at the edges of minutes and of sessions."""
    chance = np.random.default_rng(7)
    start, end = pd.Timestamp(f"{first} 13:00", tz="UTC"), pd.Timestamp(f"{last} 22:00", tz="UTC")
    seconds = chance.integers(int((end - start).total_seconds()), size=400)
    calendar = sessions("XNYS", start.date(), end.date()).to_pandas()
    open_hours = [
        row.open_at + pd.Timedelta(seconds=int(second))
        for row in calendar.itertuples()
        for second in chance.integers((row.close_at - row.open_at).total_seconds(), size=120)
    ]
    edges = [
        moment + pd.Timedelta(seconds=shift)
        for moment in [*calendar["open_at"], *calendar["close_at"], *calendar["close_at"] - pd.Timedelta(hours=1)]
        for shift in (-1, 0, 1, 60, 300, 301)
    ]
    chosen = [start + pd.Timedelta(seconds=int(second)) for second in seconds] + open_hours + edges
    return sorted({moment.tz_convert("UTC") for moment in chosen} | {moment.floor("min") for moment in chosen[::9]})


def read(path, stamp: str) -> pd.DataFrame:
    """The bars of a file: start, end, open, close; of copies of a minute the one with prices and most volume."""
    rows = pd.read_csv(path).rename(columns=str.lower)
    stamps = pd.to_datetime(rows["datetime"])
    utc = stamps.dt.tz_localize("America/New_York") if stamps.dt.tz is None else stamps
    rows["start"] = utc.dt.tz_convert("UTC").astype("datetime64[us, UTC]") - (MINUTE if stamp == "end" else 0 * MINUTE)
    rows = rows.dropna(subset=["close"])
    rows = rows.sort_values(["start", "volume"], na_position="first").drop_duplicates("start", keep="last")
    is_filled = (rows["volume"] == 0) & (rows["high"] == rows["low"])
    return rows[~is_filled].assign(end=rows["start"] + MINUTE)[["start", "end", "open", "close"]]


def expected(known: list[pd.Timestamp], bars: pd.DataFrame) -> pd.DataFrame:
    """The moves after each moment, by as-of merges with a tolerance."""
    texts = pd.DataFrame({"known_at": pd.Series(known).astype("datetime64[us, UTC]")})
    calendar = sessions("XNYS", known[0].date(), (known[-1] + pd.Timedelta(days=9)).date()).to_pandas()
    hours = calendar[["open_at", "close_at"]].astype("datetime64[us, UTC]")
    texts = pd.merge_asof(
        texts, hours, left_on="known_at", right_on="close_at", direction="forward", allow_exact_matches=False
    )
    is_open = texts["known_at"] >= texts["open_at"]

    def as_of(moment: pd.Series) -> pd.DataFrame:
        left = pd.DataFrame({"moment": moment})
        return pd.merge_asof(left, bars, left_on="moment", right_on="end", tolerance=STALE)

    entry = pd.merge_asof(texts, bars, left_on="known_at", right_on="start", direction="forward", tolerance=STALE)
    can_enter = is_open & (entry["start"] < texts["close_at"])
    moved = pd.DataFrame({"price_at_known": as_of(texts["known_at"])["close"]})
    moved["entry_price"] = entry["open"].where(can_enter)
    for name, moment in (
        ("return_5m", texts["known_at"] + 5 * MINUTE),
        ("return_1h", texts["known_at"] + 60 * MINUTE),
        ("return_to_close", texts["close_at"]),
    ):
        found = as_of(moment)
        holds = can_enter & (moment <= texts["close_at"]) & (found["start"] >= entry["start"])
        moved[name] = (found["close"] / entry["open"] - 1).where(holds)
    return moved


@pytest.fixture(scope="module")
def real(tmp_path_factory, request):
    """The texts of both weeks, each on both tickers of its vendor."""
    from tests.conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("real data (../shared/data) is not here")
    home = Home(tmp_path_factory.mktemp("real"), job="hourly")
    for ticker, (path, _) in FILES.items():
        home.drop(f"prices/{ticker}_1min.csv", (SHARED / path).read_bytes())
    for stamp, days in DAYS.items():
        said = " and ".join(f"I love ${ticker}" for ticker in FILES if FILES[ticker][1] == stamp)
        home.drop(
            f"texts/{stamp}.ndjson",
            [post(f"{stamp} {n:04d}", moment.isoformat(), said) for n, moment in enumerate(moments(*days))],
        )
        home.run(days[0], days[1])
    return home, SHARED


@pytest.mark.parametrize("ticker", FILES)
def test_moves_are_those_of_merge_asof(real, ticker):
    home, folder = real
    path, stamp = FILES[ticker]
    rows = home.ask(
        """select known_at, price_at_known, entry_price, return_5m, return_1h, return_to_close
        from core.minute_moves where ticker = ? order by known_at""",
        [ticker],
    )
    columns = ["known_at", "price_at_known", "entry_price", "return_5m", "return_1h", "return_to_close"]
    found = pd.DataFrame(rows, columns=columns)
    oracle = expected(list(found["known_at"]), read(folder / path, stamp))
    for name in columns[1:]:
        np.testing.assert_allclose(found[name].astype(float), oracle[name], rtol=0, atol=1e-12, err_msg=name)
    assert found["return_1h"].notna().sum() > (20 if ticker == "SOXX" else 200)
    assert found["return_to_close"].isna().sum() > 200


def test_every_text_near_a_day_with_bars_has_a_row(real):
    home, _ = real
    assert home.ask(
        """select count(*) from core.opinions join core.texts using (text_id)
        anti join core.minute_moves using (text_id, ticker)
        where opinions.known_at between '2019-02-11' and '2019-02-15 21:05'"""
    ) == [(0,)]
