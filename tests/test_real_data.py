"""The job on real files that are not part of the project: the two seeds, a Reddit dump, tweets with prices."""

import io
import json
import os
import shutil
from datetime import date, timedelta

import pytest
import zstandard

from tests.conftest import SAVED, SHARED, Home, checks_of

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="real data (../shared/data) is not here")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """The two seeds, as saved at noon of 2026-05-30."""
    home = Home(tmp_path_factory.mktemp("seeds"), job="hourly")
    (home.inbox / "texts").mkdir(parents=True)
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        copy = shutil.copy(path, home.inbox / "texts")
        os.utime(copy, (SAVED.timestamp(), SAVED.timestamp()))
    home.run("2026-05-29", "2026-05-31")
    return home


def test_the_seeds_are_two_texts_and_one_comment(seeds):
    assert seeds.ask("select kind, count(*) from core.texts group by kind order by kind") == [
        ("article", 1),
        ("comment", 1),
        ("post", 1),
    ]


def test_the_comment_is_one_hour_older_than_the_page_and_known_with_it(seeds):
    assert seeds.ask(
        "select author_id, body, published_at, known_at, depth from core.texts where kind = 'comment'"
    ) == [("gate:HighAmbition", "thnx for sharing", SAVED - timedelta(hours=1), SAVED, 1)]


def test_no_furniture_is_in_any_sentence(seeds):
    said = " ".join(sentence.lower() for (sentence,) in seeds.ask("select sentence from core.sentences"))
    for furniture in (
        "third-party content",
        "disclaimer",
        "post-image",
        "add a comment",
        "reply0",
        "β",
        "repost",
    ):
        assert furniture not in said


def test_the_bare_count_of_the_action_bar_is_the_comment_count(seeds):
    counted = seeds.ask(
        """select engagement.replies, count(comments.text_id) from raw.posts
        join raw.engagement using (text_id) left join raw.comments on comments.parent_id = posts.text_id
        where posts.kind = 'post' group by all"""
    )
    assert counted == [(1, 1)]


def test_mu_is_the_main_ticker_of_both_although_the_first_never_writes_it(seeds):
    main = seeds.ask(
        """select kind, arg_max(ticker, relevance) from core.mentions join core.texts using (text_id)
        where kind <> 'comment' group by kind order by kind"""
    )
    assert main == [("article", "MU"), ("post", "MU")]
    body = seeds.ask("select title || body from core.texts where kind = 'post'")[0][0]
    assert "MU" not in body.split()


def test_the_comment_takes_the_ticker_over_from_its_thread_and_says_nothing(seeds):
    assert seeds.ask(
        """select ticker, basis, is_low_information from core.opinions join core.texts using (text_id)
        where kind = 'comment' and scorer = 'vader'"""
    ) == [("MU", "thread", True)]


def test_the_bullish_and_the_bearish_section_are_told_apart(seeds):
    stances = dict(
        seeds.ask(
            """select stance, count(*) from core.sentences join core.texts using (text_id)
            where kind = 'post' group by stance"""
        )
    )
    assert stances["bullish"] >= 6
    assert stances["bearish"] >= 6
    assert stances["risk"] >= 4
    assert seeds.ask("select distinct stance from core.sentences where sentence like '%historically cyclical%'") == [
        ("bearish",)
    ]
    assert seeds.ask("select distinct stance from core.sentences where sentence like '%9.74x%'") == [("bullish",)]


def test_the_reddit_dump_is_1100_posts_and_1000_comments(tmp_path):
    home = Home(tmp_path, job="hourly")
    (home.inbox / "texts").mkdir(parents=True)
    for name in ("wallstreetbets.ndjson", "wallstreetbets_comments.ndjson"):
        shutil.copy(SHARED / "wsb-pushshift" / name, home.inbox / "texts")
    result = home.run("2020-11-29", "2020-12-02")
    assert home.ask("select kind, count(*) from core.texts group by kind order by kind") == [
        ("comment", 1000),
        ("post", 1100),
    ]
    assert checks_of(result)["every_day_is_built"].passed


def test_a_comment_file_before_its_posts_joins_them_when_they_come(tmp_path):
    home = Home(tmp_path, job="hourly")
    (home.inbox / "texts").mkdir(parents=True)
    shutil.copy(SHARED / "wsb-pushshift" / "wallstreetbets_comments.ndjson", home.inbox / "texts")
    home.run("2020-11-29", "2020-12-02")
    before = home.ask("select count(*) from core.texts where is_orphan")[0][0]
    shutil.copy(SHARED / "wsb-pushshift" / "wallstreetbets.ndjson", home.inbox / "texts")
    home.run("2020-11-29", "2020-12-02")
    orphans, threaded = home.ask(
        "select count_if(is_orphan), count_if(depth > 0) from core.texts where kind = 'comment'"
    )[0]
    ids = {"t3": set(), "t1": set()}
    parents = {}
    for name, prefix in (("wallstreetbets.ndjson", "t3"), ("wallstreetbets_comments.ndjson", "t1")):
        for line in (SHARED / "wsb-pushshift" / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            ids[prefix].add(f"{prefix}_{row['id']}")
            if prefix == "t1":
                parents[f"t1_{row['id']}"] = row["parent_id"]
    missing = sum(parent not in ids["t3"] | ids["t1"] for parent in parents.values())
    assert orphans == missing < before
    assert threaded > 0


@pytest.fixture(scope="module")
def june(tmp_path_factory):
    """June 2014: tweets, prices of 88 stocks, SPY as their benchmark."""
    home = Home(tmp_path_factory.mktemp("june"), job="hourly")
    for folder in ("texts", "prices"):
        (home.inbox / folder).mkdir(parents=True)
    shutil.copy(SHARED / "stocknet-2014" / "tweets-2014-06.ndjson.zst", home.inbox / "texts")
    for path in (SHARED / "stocknet-2014" / "prices").glob("*.csv"):
        shutil.copy(path, home.inbox / "prices")
    shutil.copy(SHARED / "prices" / "yahoo-daily" / "SPY-2008-2017.csv", home.inbox / "prices")
    home.run("2014-05-30", "2014-07-01")  # months as their collector saw them, not UTC
    return home


def tweet_ids(month: str) -> set[str]:
    path = SHARED / "stocknet-2014" / f"tweets-{month}.ndjson.zst"
    with path.open("rb") as file:
        stream = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
        return {json.loads(line)["id_str"] for line in stream}


def test_distinct_tweets_equal_the_distinct_ids(june):
    stored = {text_id for (text_id,) in june.ask("select text_id from core.texts")}
    assert stored == {f"twitter:{id}" for id in tweet_ids("2014-06")}


def test_there_is_a_row_for_every_ticker_and_session_with_text(june):
    assert june.ask(
        """select count(*) from (select distinct ticker, react_session as trading_day from mart.text_moves)
        anti join mart.ticker_days using (ticker, trading_day)"""
    ) == [(0,)]
    assert (
        june.ask("select count(distinct ticker) from mart.ticker_days where text_count > 0 and return_1d is not null")[
            0
        ][0]
        > 60
    )


def test_a_split_is_no_crash(june):
    rows = june.ask(
        "select trading_day, return_1d from core.returns where ticker = 'AAPL' and trading_day = '2014-06-09'"
    )
    assert rows[0][0] == date(2014, 6, 9)
    assert abs(rows[0][1]) < 0.05


def test_abnormal_returns_subtract_spy(june):
    assert june.ask(
        """select max(abs(mine.return_1d - spy.return_1d - mine.abnormal_return_1d))
        from core.returns as mine join core.returns as spy on spy.ticker = 'SPY' and spy.trading_day = mine.trading_day
        where mine.ticker = 'XOM'"""
    ) == [(pytest.approx(0.0, abs=1e-12),)]
