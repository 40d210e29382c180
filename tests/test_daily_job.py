"""The whole job on small inboxes: rows in, exact rows out; and what must not change them."""

import math
import os
import re
from datetime import UTC, date, datetime

import dagster as dg
import pyarrow as pa
import pytest

from pipelines.definitions import defs
from pipelines.defs.resources import Inbox
from pipelines.sentiment import score
from pipelines.settings import ROOT
from tests.conftest import SAVED, at, checks_of, job_named, post

JOB = "hourly"  # no evidence is looked at here

# Four sessions of July 2024: Tue 2, Wed 3 (half day), Fri 5, Mon 8. Thursday is a holiday.
PRICES = """ticker,day,open,high,low,close,adjusted_close,volume
MU,2024-07-01,100,101,99,100,50,1000
MU,2024-07-02,102,111,101,110,55,1000
MU,2024-07-03,108,112,107,111,55.5,1000
MU,2024-07-05,112,115,111,114,57,1000
MU,2024-07-08,120,121,118,120,60,1000
SOXX,2024-07-01,200,201,199,200,200,1000
SOXX,2024-07-02,200,203,199,202,202,1000
SOXX,2024-07-03,202,203,201,202,202,1000
SOXX,2024-07-05,202,205,201,204,204,1000
SOXX,2024-07-08,204,206,203,205,205,1000
"""
LOVE, HATE = "I love $MU", "I hate $MU"
LOVED, HATED = 0.6369, -0.5719  # vaderSentiment 3.3.2, by hand from its lexicon: v / sqrt(v^2 + 15)


def vader(valence: float) -> float:
    return round(valence / math.sqrt(valence**2 + 15), 4)


def test_the_figures_of_this_file_are_vaders_formula():
    assert (vader(3.2), vader(-2.7)) == (LOVED, HATED)


@pytest.fixture
def july(home):
    """Two opinions known in the session of July 2, and one a second too late for it."""
    home.drop("prices/prices.csv", PRICES)
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE),
            post("2", "2024-07-02T19:59:59Z", HATE),
            post("3", "2024-07-02T20:00:01Z", HATE),
        ],
    )
    home.run("2024-07-01", "2024-07-08")
    return home


def test_rows_in_exact_rows_out(july):
    rows = july.ask(
        """select trading_day, text_count, author_count, mean_sentiment, bullish_count, bearish_count,
            return_1d, forward_return_1d, forward_return_2d, abnormal_return_1d, abnormal_forward_return_1d
        from mart.ticker_days where ticker = 'MU' and scorer = 'vader' order by trading_day"""
    )
    assert [row[:6] for row in rows] == [
        (date(2024, 7, 2), 2, 2, pytest.approx((LOVED + HATED) / 2), 1, 1),
        (date(2024, 7, 3), 1, 1, HATED, 0, 1),  # one second after the close of July 2
        (date(2024, 7, 5), 0, 0, None, 0, 0),  # silence is a row, and not neutral
        (date(2024, 7, 8), 0, 0, None, 0, 0),
    ]
    approx = pytest.approx
    # return_1d = close/previous close; forward: bought at the NEXT open, sold at that close (and the one after)
    assert rows[0][6:] == (
        approx(0.1),
        approx(111 / 108 - 1),
        approx(114 / 108 - 1),
        approx(0.1 - 0.01),
        approx(111 / 108 - 1),
    )
    assert rows[1][6:] == (
        approx(111 / 110 - 1),
        approx(114 / 112 - 1),
        approx(120 / 112 - 1),
        approx(111 / 110 - 1),
        approx(114 / 112 - 204 / 202),
    )
    assert rows[3][6:] == (approx(120 / 114 - 1), None, None, approx(120 / 114 - 205 / 204), None)


def test_a_text_stands_beside_the_moves_around_it(july):
    rows = july.ask(
        """select text_id, react_session, react_return, entry_session, entry_at, forward_return_1d, forward_return_2d
        from mart.text_moves where scorer = 'vader' order by text_id"""
    )
    approx = pytest.approx
    assert rows == [
        ("test:1", date(2024, 7, 2), approx(0.1), date(2024, 7, 3), at("2024-07-03T13:30:00"), approx(111 / 108 - 1), approx(114 / 108 - 1)),
        ("test:2", date(2024, 7, 2), approx(0.1), date(2024, 7, 3), at("2024-07-03T13:30:00"), approx(111 / 108 - 1), approx(114 / 108 - 1)),
        ("test:3", date(2024, 7, 3), approx(111 / 110 - 1), date(2024, 7, 3), at("2024-07-03T13:30:00"), approx(111 / 108 - 1), approx(114 / 108 - 1)),
    ]  # fmt: skip


def test_a_missing_bar_is_null_and_never_filled(home):
    home.drop("prices/prices.csv", "\n".join(line for line in PRICES.splitlines() if "MU,2024-07-03" not in line))
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE)])
    home.run("2024-07-02")
    rows = home.ask(
        """select trading_day, close, return_1d, forward_return_1d, forward_return_2d from core.returns
        where ticker = 'MU' and trading_day between '2024-07-02' and '2024-07-05' order by 1"""
    )
    assert rows == [
        (date(2024, 7, 2), 55.0, pytest.approx(0.1), None, None),
        (date(2024, 7, 3), None, None, pytest.approx(114 / 112 - 1), pytest.approx(120 / 112 - 1)),
        (date(2024, 7, 5), 57.0, None, pytest.approx(0.0), None),
    ]


def test_a_few_days_of_another_vendor_do_not_hide_a_long_series(home):
    """Nor are they mixed in; a check says which days that leaves out."""
    home.drop("prices/MU.csv", PRICES.split("SOXX")[0].replace("adjusted_close", "unadjusted"))
    home.drop("prices/yahoo/MU.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n2024-07-09,1,2,1,2,2,5\n")
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE)])
    result = home.run("2024-07-02")
    assert home.ask("select count(close), max(trading_day) from core.returns where ticker = 'MU'") == [
        (5, date(2024, 7, 8))
    ]
    left_out = checks_of(result)["no_day_of_prices_is_left_out"]
    assert not left_out.passed
    assert "vendor_left_out='yahoo'" in str(left_out.metadata)


def test_z_looks_at_the_twenty_sessions_before_and_no_older_ones(home):
    """A ticker without prices has rows only where it has text: twenty rows are then not twenty sessions."""
    weekdays = [f"2024-01-{n:02d}" for n in range(2, 20) if date(2024, 1, n).weekday() < 5 and n != 15]
    rows = [post(day, f"{day}T15:00:00Z", (LOVE, HATE)[n % 2], author="a") for n, day in enumerate(weekdays)]
    rows += [post("late", "2024-06-03T15:00:00Z", LOVE), post("next", "2024-01-22T15:00:00Z", LOVE)]
    home.drop("texts/a.ndjson", rows)
    home.run("2024-01-01", "2024-06-30")
    z = dict(home.ask("select trading_day, sentiment_z from mart.ticker_days where ticker = 'MU' and scorer = 'vader'"))
    assert z[date(2024, 1, 22)] > 0.5  # 13 sessions before it
    assert z[date(2024, 6, 3)] is None  # none of the 20 before it


def test_a_run_over_one_partition_builds_that_day_as_the_schedule_does(home):
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE), post("2", "2024-07-03T14:00:00Z", HATE)])
    result = job_named("daily").execute_in_process(
        resources={"warehouse": home.warehouse, "inbox": Inbox(folder=str(home.inbox))},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        partition_key="2024-07-02",
    )
    assert result.success
    for table in ("core.texts", "core.sentences", "core.scores", "core.mentions", "core.opinions"):
        assert home.ask(f"select distinct day from {table}") == [(date(2024, 7, 2),)]


def test_the_schedule_asks_for_yesterday(home):
    schedule = defs().resolve_schedule_def("daily")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    context = dg.build_schedule_context(
        scheduled_execution_time=at("2024-07-03T00:30:00"), repository_def=defs().get_repository_def()
    )
    asked = schedule.evaluate_tick(context).run_requests
    assert [request.partition_key for request in asked] == ["2024-07-02"]


def test_a_run_without_days_says_what_to_add(home):
    result = job_named("daily").execute_in_process(
        resources={"warehouse": home.warehouse, "inbox": Inbox(folder=str(home.inbox))},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    assert not result.success
    failed = [event for event in result.all_events if event.is_step_failure]
    assert "--partition-range" in str(failed[0].event_specific_data)


def test_a_price_file_makes_its_ticker_an_instrument(home):
    home.drop("prices/ZZQX.csv", PRICES.replace("MU,", "ZZQX,").split("SOXX")[0])
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", "I love $ZZQX")])
    home.run("2024-07-02")
    assert home.ask("select ticker, react_return from mart.text_moves where scorer = 'vader'") == [
        ("ZZQX", pytest.approx(0.1))
    ]


def crowd() -> list[dict]:
    """A week of two threads with edits, copies, a deletion and answers that name nothing."""
    rows = [
        post("p1", "2024-07-01T15:00:00Z", "Micron (MU) is great. I love it.", title="On Micron"),
        post("p2", "2024-07-03T09:00:00Z", "$NVDA is terrible, $MU is fine"),
        post("p1", "2024-07-01T15:00:00Z", "Changed my mind, $MU is awful", edited_at="2024-07-03T10:00:00Z"),
        post("p3", "2024-07-04T09:00:00Z", "$NVDA is terrible, $MU is fine"),
        post("p2", "2024-07-03T09:00:00Z", None, is_deleted=True, fetched_at="2024-07-05T00:00:00Z"),
        {
            **post("e1", "2024-07-02T23:00:00Z", "what a great comment here"),
            "source": "test",
            "language": "en",
        },
    ]
    parent = "p1"
    for n in range(12):
        moment = f"2024-07-{1 + n // 2:02d}T{16 + n % 2}:30:00Z"
        words = ["thnx for sharing", "this is a great company, very happy", "sad, I expect a loss here"][n % 3]
        rows.append(post(f"c{n}", moment, words, kind="comment", parent_id=parent, thread_id="p1", author=f"u{n % 5}"))
        parent = f"c{n}" if n % 4 else "p1"
    return rows


def test_running_a_range_twice_in_halves_or_backwards_gives_the_same_tables(make_home):
    found = {}
    plans = {
        "once": [("2024-07-01", "2024-07-08")],
        "twice": [("2024-07-01", "2024-07-08")] * 2,
        "halves": [("2024-07-01", "2024-07-03"), ("2024-07-04", "2024-07-08")],
        "backwards": [("2024-07-04", "2024-07-08"), ("2024-07-01", "2024-07-03")],
    }
    for name, ranges in plans.items():
        home = make_home(name)
        home.drop("prices/prices.csv", PRICES)
        home.drop("texts/crowd.ndjson", crowd())
        for first, last in ranges:
            home.run(first, last)
        found[name] = home.tables("core", "mart", "raw")
    assert found["once"]["core.opinions"]
    for name in ("twice", "halves", "backwards"):
        for table, rows in found["once"].items():
            assert found[name][table] == rows, f"{table} differs when run {name}"


def test_files_in_any_order_give_the_same_core_and_marts(make_home):
    rows = crowd()
    found = []
    for name, order in (("forwards", rows), ("reversed", rows[::-1])):
        home = make_home(name)
        home.drop("prices/prices.csv", PRICES)
        for n, row in enumerate(order):
            home.drop(f"texts/{n:02d}.ndjson", [row])
            if n == len(order) // 2:
                home.run("2024-07-01", "2024-07-08")
        home.run("2024-07-01", "2024-07-08")
        found.append(home.tables("core", "mart"))
    assert found[0] == found[1]


@pytest.mark.parametrize("cut", ["2024-07-02T20:00:00Z", "2024-07-03T09:30:00Z", "2024-07-05T12:00:00Z"])
def test_cutting_the_input_changes_no_row_before_the_cut(make_home, cut):
    """Rows of the marts that lie wholly before T; price columns of a row lie where their last price does."""
    whole, less = make_home("whole"), make_home("less")
    for home, keep in ((whole, lambda moment: True), (less, lambda moment: moment < cut)):
        lines = PRICES.splitlines()
        home.drop(
            "prices/p.csv",
            "\n".join(lines[:1] + [line for line in lines[1:] if keep(line.split(",")[1] + "T20:00:00Z")]),
        )
        home.drop(
            "texts/c.ndjson",
            [r for r in crowd() if keep(r.get("edited_at") or r.get("fetched_at") or r["published_at"])],
        )
        home.run("2024-07-01", "2024-07-08")
    for query in (
        """select columns(name -> name not like '%forward%') from (select days.* from mart.ticker_days as days
            join core.sessions using (trading_day) where calendar = 'XNYS' and close_at < $cut) order by all""",
        """select moves.text_id, ticker, scorer, sentiment, basis, relevance, is_counted, moves.known_at,
                react_session, entry_session, entry_at, react_return
            from mart.text_moves as moves join core.sessions on trading_day = react_session and calendar = 'XNYS'
            where close_at < $cut order by all""",
        """select moves.forward_return_1d, moves.text_id from mart.text_moves as moves
            join core.sessions on trading_day = entry_session and calendar = 'XNYS' where close_at < $cut order by all""",
    ):
        assert less.ask(query, {"cut": cut}) == whole.ask(query, {"cut": cut})
    ended = "select * from mart.threads where last_known_at < $cut"  # one that goes on lies partly after the cut
    assert set(whole.ask(ended, {"cut": cut})) <= set(less.ask(ended, {"cut": cut}))
    assert whole.ask("select count(*) from mart.text_moves") != less.ask("select count(*) from mart.text_moves")


def test_an_edit_does_not_rewrite_what_was_known(home):
    home.drop("texts/a.ndjson", crowd())
    home.run("2024-07-01", "2024-07-08")
    assert home.ask("select known_at, body from core.texts where text_id = 'test:p1'") == [
        (at("2024-07-01T15:00:00"), "Micron (MU) is great. I love it.")
    ]
    assert home.ask("select count(*) from raw.posts where text_id = 'test:p1'") == [(2,)]


def test_a_body_seen_only_after_its_edit_is_known_at_the_edit(home):
    home.drop("texts/a.ndjson", [post("1", "2024-07-01T15:00:00Z", LOVE, edited_at="2024-07-03T10:00:00Z")])
    home.run("2024-07-01")
    assert home.ask("select known_at, react_session from mart.text_moves where scorer = 'vader'") == [
        (at("2024-07-03T10:00:00"), date(2024, 7, 3))
    ]


def test_a_deleted_text_is_kept_and_says_nothing(home):
    home.drop("texts/a.ndjson", [post("1", "2024-07-01T15:00:00Z", None, title=None, is_deleted=True)])
    home.run("2024-07-01")
    assert home.ask("select is_deleted, body from core.texts") == [(True, None)]
    assert home.ask("select count(*) from core.sentences") == [(0,)]


def test_an_orphan_joins_its_thread_when_the_parent_arrives(home):
    answer = post("c1", "2024-07-02T16:00:00Z", "a great company", kind="comment", parent_id="p1", language="en")
    home.drop("texts/1.ndjson", [answer])
    home.run("2024-07-02")
    assert home.ask("select is_orphan, depth from core.texts") == [(True, None)]
    assert home.ask("select count(*) from core.opinions") == [(0,)]
    home.drop("texts/2.ndjson", [post("p1", "2024-07-01T15:00:00Z", "All about $MU")])
    result = home.run("2024-07-01")
    late = checks_of(result)["every_day_is_built"]
    assert not late.passed
    assert "dg launch --job build --partition-range 2024-07-02...2024-07-02" in str(late.metadata)
    home.run("2024-07-02")
    assert home.ask("select is_orphan, depth, thread_id from core.texts where text_id = 'test:c1'") == [
        (False, 1, "test:p1")
    ]
    assert home.ask(
        "select ticker, basis, sentiment from core.opinions where text_id = 'test:c1' and scorer = 'vader'"
    ) == [("MU", "thread", 0.6249)]


def test_an_inherited_ticker_is_not_known_before_the_first_post_was(home):
    home.drop(
        "texts/1.ndjson",
        [
            post("p1", "2024-07-01T15:00:00Z", "All about $MU", edited_at="2024-07-05T14:00:00Z"),
            post("c1", "2024-07-02T16:00:00Z", "a great company", kind="comment", parent_id="p1", language="en"),
        ],
    )
    home.run("2024-07-01", "2024-07-05")
    assert home.ask("select known_at from core.opinions where text_id = 'test:c1' and scorer = 'vader'") == [
        (at("2024-07-05T14:00:00"),)
    ]


def test_a_circle_of_parents_ends(home):
    home.drop(
        "texts/1.ndjson",
        [
            post("a", "2024-07-02T16:00:00Z", "$MU", kind="comment", parent_id="b"),
            post("b", "2024-07-02T16:00:00Z", "$MU", kind="comment", parent_id="a"),
            post("s", "2024-07-02T16:00:00Z", "$MU", kind="comment", parent_id="s"),
        ],
    )
    assert home.run("2024-07-02").success
    assert home.ask("select count(*), count(depth) from core.texts") == [(3, 0)]


def test_a_text_that_is_not_english_counts_but_has_no_sentiment(home):
    home.drop(
        "texts/1.ndjson",
        [post("1", "2024-07-02T16:00:00Z", "$MU me gusta mucho, es fantástico", language="es")],
    )
    home.run("2024-07-02")
    assert home.ask("select text_count, scored_count, mean_sentiment from mart.ticker_days where scorer = 'vader'") == [
        (1, 0, None)
    ]


def test_another_version_of_a_scorer_adds_scores_and_keeps_the_old_ones(home):
    home.drop("texts/1.ndjson", [post("1", "2024-07-02T16:00:00Z", LOVE), post("2", "2024-07-03T16:00:00Z", HATE)])
    home.run("2024-07-02", "2024-07-03")
    for table in ("core.scores", "core.scorers", "core.opinions"):  # as an older version had left them
        home.ask(f"update {table} set scorer_version = 'older' where scorer = 'vader'")
    result = home.run("2024-07-02")
    assert home.ask(
        """select text_id, scorer_version = 'older', compound from core.scores where scorer = 'vader' order by 1, 2"""
    ) == [("test:1", False, LOVED), ("test:1", True, LOVED), ("test:2", True, HATED)]
    assert home.ask(
        "select scorer_version = 'older', is_current from core.scorers where scorer = 'vader' order by 1"
    ) == [
        (False, True),
        (True, False),
    ]
    late = checks_of(result)["every_day_is_built"]
    assert "--partition-range 2024-07-03...2024-07-03" in str(late.metadata)
    home.run("2024-07-03")
    assert home.ask("select count(*) from mart.text_moves where scorer = 'vader'") == [(2,)]


def test_a_long_mixed_text_does_not_saturate(home):
    good, bad = "Margins are great and the outlook is good.", "The debt is a terrible risk and losses hurt."
    mixed = " ".join([good, bad, good] * 78)  # 1,872 words
    home.drop("texts/1.ndjson", [post("1", "2024-07-02T16:00:00Z", mixed, title="About $MU")])
    home.run("2024-07-02")
    whole = score(pa.array([mixed]))["compound"][0].as_py()
    assert whole > 0.999
    assert home.ask("select sentence_count, round(sentiment, 1) from mart.text_scores where scorer = 'vader'") == [
        (235, 0.2)
    ]


def test_a_stated_position_is_kept_beside_the_score(home):
    home.drop("texts/1.ndjson", [post("1", "2024-07-02T16:00:00Z", "I'm long $MU here", stance="bearish")])
    home.run("2024-07-02")
    assert home.ask("select stated_stance, declared_stance from core.texts") == [("bullish", "bearish")]


def test_days_with_raw_text_that_are_not_built_are_named_with_their_command(home):
    home.drop("texts/1.ndjson", [post(str(n), f"2024-07-0{n}T12:00:00Z", LOVE) for n in (1, 2, 3, 5)])
    result = home.run("2024-07-05")
    named = str(checks_of(result)["every_day_is_built"].metadata)
    assert "--partition-range 2024-07-01...2024-07-03" in named
    assert checks_of(home.run("2024-07-01", "2024-07-03"))["every_day_is_built"].passed


def test_an_earlier_version_that_arrives_late_moves_the_text_whole(home):
    late = post("1", "2024-07-03T12:00:00Z", "$MU second words", time_precision="exact")
    early = post("1", "2024-07-01T12:00:00Z", "$MU first words")
    home.drop("texts/1.ndjson", [late])
    home.run("2024-07-01", "2024-07-05")
    home.drop("texts/2.ndjson", [early])
    home.run("2024-07-01")
    for table in ("core.texts", "core.sentences", "core.mentions"):
        assert home.ask(f"select distinct day from {table}") == [(date(2024, 7, 1),)]


def test_one_bad_file_turns_the_check_red_and_stops_no_other(home):
    home.drop("texts/bad.ndjson", '{"something": "else"}\n' * 3)
    home.drop("texts/good.ndjson", [post("1", "2024-07-02T16:00:00Z", LOVE)])
    home.drop("prices/bad.csv", "some,other,header\n1,2,3\n")
    result = home.run("2024-07-02", raise_on_error=False)
    red = checks_of(result)["every_inbox_file_is_read"]
    assert not red.passed
    assert "texts/bad.ndjson" in str(red.metadata)
    assert "prices/bad.csv" in str(red.metadata)
    assert home.ask("select count(*) from core.texts") == [(1,)]
    (home.inbox / "texts/bad.ndjson").unlink()
    (home.inbox / "prices/bad.csv").unlink()
    assert checks_of(home.run("2024-07-02"))["every_inbox_file_is_read"].passed


def test_a_file_is_read_once_whatever_its_name(home):
    row = [post("1", "2024-07-02T16:00:00Z", LOVE)]
    home.drop("texts/1.ndjson", row)
    home.run("2024-07-02")
    home.drop("texts/copy.ndjson", row)
    home.run("2024-07-02")
    assert home.ask("select path, row_count from raw.files order by path") == [
        ("texts/1.ndjson", 1),
        ("texts/copy.ndjson", 0),
    ]


def test_a_page_is_read_again_when_its_sidecar_changes(home):
    paragraphs = [
        f"Micron had a good week number {n}, and the people who hold the stock are happy about it." for n in range(9)
    ]
    home.drop("texts/page.txt", "Micron (MU) Rises Again\n" + "\n".join(paragraphs))
    for n, moment in enumerate(("2024-07-02T10:00:00Z", "2024-07-01T09:00:00Z")):
        home.drop("texts/page.json", f'{{"fetched_at": "{moment}", "url": "https://example.org/{n}"}}')
        os.utime(home.inbox / "texts/page.json", (SAVED.timestamp() + n,) * 2)
        home.run("2024-07-01", "2024-07-02")
        assert home.ask("select known_at from core.texts") == [(datetime.fromisoformat(moment).astimezone(UTC),)]


def test_latency_moves_what_was_known(make_home):
    home = make_home("slow", latency_seconds=60)
    home.drop("texts/1.ndjson", [post("1", "2024-07-02T19:59:30Z", LOVE)])
    home.run("2024-07-02")
    assert home.ask("select react_session from mart.text_moves where scorer = 'vader'") == [(date(2024, 7, 3),)]


def test_the_pipelines_import_no_other_folder_of_the_clone():
    """`dg launch` has the package alone on its path, where `make` has the whole clone."""
    of_the_clone = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"pipelines"}
    assert {"warehouse", "benchmarks"} <= of_the_clone
    for path in (ROOT / "pipelines").rglob("*.py"):
        imported = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not of_the_clone & set(imported), path
