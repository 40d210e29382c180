"""``crowdtape.toml``: what is followed, and how its slips are told."""

import re
import textwrap
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from pipelines.sources.follow import BadFollow, Follow, one_subject, read_follow
from pipelines.sources.services import SERVICES
from pipelines.sources.windows import Subject
from pipelines.sql_files import SQL
from pipelines.text.instruments import read_instruments

LISTED = ("MU", "NVDA", "AMD", "SPY", "SOXX", "BRK.B", "BTC")


def follow(folder: Path, text: str) -> Follow:
    path = folder / "crowdtape.toml"
    path.write_text(text, encoding="utf-8")
    return read_follow(path, LISTED)


def test_the_file_that_comes_with_the_project_can_be_used_for_every_service_but_feeds():
    listed = read_instruments(SQL / "reference" / "instruments.csv")["ticker"].to_pylist()
    followed = read_follow(ROOT / "crowdtape.toml", listed)
    for source in SERVICES.keys() - {"rss"}:  # whose feeds everybody chooses
        assert followed.subjects(source)
    with pytest.raises(BadFollow, match="nothing is followed at rss"):
        followed.subjects("rss")


@pytest.mark.parametrize("source", SERVICES)
def test_what_a_page_of_the_docs_says_to_write_can_be_used(source: str, tmp_path: Path):
    page = (ROOT / "docs" / "sources" / f"{source}.md").read_text(encoding="utf-8")
    blocks = [
        *re.findall(r"```toml\n(.*?)```", page, re.DOTALL),
        *re.findall(r"(?:^    .*\n|^\n)+", page, re.MULTILINE),
    ]
    shown = [textwrap.dedent(block) for block in blocks if f"[{source}]" in block]
    assert len(shown) == 1
    path = tmp_path / "crowdtape.toml"
    path.write_text(shown[0], encoding="utf-8")
    listed = read_instruments(SQL / "reference" / "instruments.csv")["ticker"].to_pylist()
    assert read_follow(path, listed).subjects(source)
    assert f"make try SOURCE={source} QUERY=" in page


def test_each_service_follows_what_its_section_says_each_thing_once(tmp_path: Path):
    said = follow(
        tmp_path,
        """
        tickers = ["$mu", "BRK-B", "MU"]
        unlisted_tickers = ["XYZQ"]
        [hackernews]
        searches = ["micron", " micron "]
        [reddit]
        subreddits = ["r/stocks", "/r/stocks/"]
        searches = ["$MU"]
        [stocktwits]
        tickers = ["BTC"]
        [rss]
        feeds = ["https://example.org/feed.xml"]
        headlines = ["http://localhost:8080/rss"]
        [yfinance]
        minutes = ["MU"]
        [ccxt]
        pairs = ["Gate:btc/usdt"]
        """,
    )
    assert said.subjects("hackernews") == [Subject("search", "micron")]
    assert said.subjects("reddit") == [Subject("subreddit", "stocks"), Subject("search", "$MU")]
    assert said.subjects("stocktwits") == [Subject("ticker", "BTC")]
    daily = [Subject("daily", name) for name in ("MU", "BRK.B", "XYZQ")]
    assert said.subjects("yfinance") == [*daily, Subject("minutes", "MU")]
    assert said.subjects("alphavantage") == daily
    assert said.subjects("ccxt") == [Subject("daily", "gate:BTC/USDT")]
    assert [str(one) for one in said.subjects("rss")] == [
        "feed:https://example.org/feed.xml",
        "headlines:http://localhost:8080/rss",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tickers = ['MUU']", "ticker MUU is not listed; did you mean MU"),
        ("tickers = ['MU NVDA']", "tickers.0: 'MU NVDA' is no ticker; write it as MU"),
        ("[hackernew]\nsearches = ['a']", "hackernew is not known; did you mean hackernews?"),
        ("[reddit]\nsubreddit = ['stocks']", "reddit.subreddit is not known; did you mean subreddits?"),
        ("[reddit]\nsubreddits = ['../x']", "'../x' is no subreddit"),
        ("[rss]\nfeeds = ['file:///etc/passwd']", "is not http:// or https:// with a host"),
        ("[rss]\nfeeds = ['https://user:secret@example.org/']", "user or password"),
        ("[ccxt]\npairs = ['BTC']", "write exchange:COIN/CURRENCY"),
        ("[hackernews]\nsearches = 'micron'", "hackernews.searches"),
        ("[hackernews]\npause_seconds = -1", "hackernews.pause_seconds"),
        ("tickers = ['MU'] x", "crowdtape.toml: .*line 1"),
    ],
)
def test_a_slip_is_told_with_the_field_and_the_way_out(tmp_path: Path, text: str, told: str):
    with pytest.raises(BadFollow, match=told):
        follow(tmp_path, text)


def test_a_missing_file_is_told_with_the_setting_that_names_it(tmp_path: Path):
    with pytest.raises(BadFollow, match="CROWDTAPE_FOLLOW sets the file"):
        read_follow(tmp_path / "crowdtape.toml", LISTED)


@pytest.mark.parametrize(
    ("source", "query", "subject"),
    [
        ("hackernews", "micron", "search:micron"),
        ("reddit", "r/stocks", "subreddit:stocks"),
        ("reddit", "search:micron", "search:micron"),
        ("rss", "https://example.org/feed", "feed:https://example.org/feed"),
        ("rss", "headlines:https://example.org/feed", "headlines:https://example.org/feed"),
        ("ccxt", "gate:BTC/USDT", "daily:gate:BTC/USDT"),
        ("yfinance", "minutes:mu", "minutes:MU"),
    ],
)
def test_what_is_tried_may_be_written_as_people_write_it(source: str, query: str, subject: str):
    assert str(one_subject(source, query)) == subject


def test_what_cannot_be_tried_is_told():
    with pytest.raises(BadFollow, match="stocktwits: 'two words' is no ticker"):
        one_subject("stocktwits", "two words")
