"""The bundled sample through the whole job: what was planted is found, what was not is not; the README tells the truth."""

import re
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import linregress

from pipelines.evidence.predictive_regression import predictive_regression
from pipelines.report.summary import summary
from tests.conftest import Home, checks_of
from warehouse.sample import SEED
from warehouse.sample.files import write
from warehouse.sample.market import expected_slope, simulate

README = Path(__file__).parents[1] / "README.md"
PLANTED = ("MU", "NVDA", "GME", "BTC")
BARE = ("AMD", "INTC", "AAPL", "SPY", "SOXX")


@pytest.fixture(scope="module")
def built_sample(tmp_path_factory):
    """The sample through the whole job, and what its checks said; here alone, for it takes half a minute to build."""
    home = Home(tmp_path_factory.mktemp("sample"))
    write(home.inbox, simulate(SEED))
    return home, checks_of(home.run("2024-06-01", "2025-08-31"))


@pytest.fixture(scope="module")
def sample(built_sample):
    return built_sample[0]


def truth_of(sample: Home, name: str) -> pa.Table:
    """What the sample's generator knows, of its file ``truth/<name>.csv``."""
    return duckdb.read_csv(str(sample.folder / "truth" / f"{name}.csv")).to_arrow_table()


def question() -> tuple[str, str]:
    """The README's question in SQL, and the answer printed below it."""
    blocks = re.findall(r"```sql\n(.*?)```\n\n```\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def test_the_answer_in_the_readme_is_what_the_sample_says(sample):
    query, printed = question()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines() if "│" in line]
    con = duckdb.connect(sample.warehouse.published, read_only=True)
    rows = con.execute(query).fetchall()
    header = [column[0] for column in con.description]
    con.close()
    assert cells[0] == header
    assert cells[1:] == [[str(cell) for cell in row] for row in rows]


def slope(sample, ticker: str):
    rows = sample.ask(
        """select mean_sentiment, 1e4 * forward_return_1d from mart.ticker_days
        where ticker = ? and scorer = 'vader' and mean_sentiment is not null and forward_return_1d is not null""",
        [ticker],
    )
    return linregress(*zip(*rows, strict=True))


@pytest.mark.parametrize("ticker", BARE)
def test_nothing_is_found_where_nothing_was_planted(sample, ticker):
    found = slope(sample, ticker)
    assert abs(found.slope) < 3 * found.stderr


def test_the_planted_effect_is_found_where_it_was_planted(sample):
    strengths = [slope(sample, ticker) for ticker in PLANTED]
    assert all(found.slope > found.stderr for found in strengths)
    assert sum(found.slope > 2 * found.stderr for found in strengths) >= 3


def test_the_trap_is_there_on_every_ticker_with_enough_text(sample):
    same_day = dict(
        sample.ask(
            "select ticker, corr(mean_sentiment, return_1d) from mart.ticker_days where scorer = 'vader' group by 1"
        )
    )
    assert all(same_day[ticker] > 0.1 for ticker in (*PLANTED, "AMD", "INTC"))


def test_the_opinions_meant_are_the_opinions_found(sample):
    """Against the generator's own list of who speaks of what (its comments that name nothing included)."""
    with sample.warehouse.connect() as con:
        truth = truth_of(sample, "opinions")
        con.register("truth", truth)
        meant, found, both = con.execute(
            """with meant as (select distinct text_id, ticker from truth where ticker is not null),
                found as (select distinct text_id, ticker from core.opinions where scorer = 'vader')
            select (select count(*) from meant), (select count(*) from found),
                (select count(*) from meant join found using (text_id, ticker))"""
        ).fetchall()[0]
    assert both / meant > 0.95
    assert both / found > 0.9


def told(sample, question: str) -> dict:
    """Answers by the kind of voice in the generator's own list of who meant what."""
    with sample.warehouse.connect() as con:
        con.register("truth", truth_of(sample, "opinions"))
        return {voice: figures for voice, *figures in con.execute(question).fetchall()}


def test_a_pair_in_one_sentence_is_never_read_the_wrong_way_round(sample):
    ((right, wrong),) = told(
        sample,
        """select voice, avg((sentiment * stance > 0)::integer), count_if(sentiment * stance < 0)
        from truth join core.opinions using (text_id, ticker) where voice = 'pair' and scorer = 'finance' group by 1""",
    ).values()
    assert right > 0.8
    assert wrong == 0


def test_copies_machines_and_reposts_are_told(sample):
    found = told(
        sample,
        """select voice, avg((copy_kind is not null)::integer), avg(is_automatic::integer), avg(is_repost::integer),
            avg((texts.copy_of = truth.copy_of)::integer)
        from (select distinct text_id, voice, copy_of from truth) as truth join core.texts using (text_id) group by 1""",
    )
    assert found["copy"][0] == 1
    assert found["near_copy"][0] > 0.75
    assert found["near_copy"][3] > 0.99
    assert {voice for voice, figures in found.items() if figures[1]} == {"alert_bot", "moderator"}
    assert found["alert_bot"][1] == found["moderator"][1] == found["repost"][2] == 1


def test_what_is_true_is_confirmed_and_what_is_false_contradicted(sample):
    """A third of the false ones cannot be told by daily bars: said in a session that did touch their figure."""
    share = told(
        sample,
        """select voice, avg((status = 'confirmed')::integer), avg((status = 'contradicted')::integer)
        from (select distinct text_id, voice from truth) as truth join mart.claim_checks using (text_id)
        where claim_checks.kind = 'move' group by 1""",
    )
    for voice in ("open_claim", "closed_claim"):
        assert share[voice][0] > 0.97
        assert share[voice][1] == 0
    assert share["false_claim"][1] > 0.7


def test_every_kind_of_trouble_is_in_it(sample):
    assert sample.ask(
        """select count_if(copy_number > 1) > 100, max(depth) >= 3, count_if(is_low_information) > 100,
            count_if(language = 'es') > 0, count_if(repost_of is not null) > 0
        from core.texts"""
    ) == [(True,) * 5]
    assert sample.ask("select count_if(is_deleted) > 10, count_if(edited_at is not null) > 10 from raw.posts") == [
        (True, True)
    ]


def test_the_summary_fits_a_screen_and_names_every_table(sample):
    lines = summary(sample.warehouse.published).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    for table in ("raw.rejects", "core.opinions", "mart.ticker_days"):
        assert any(table in line for line in lines)


def test_the_next_session_follows_sentiment_where_that_was_planted_and_nowhere_else(sample):
    verdicts = sample.ask(
        """select universe, scorer, verdict from mart.signal_quality
        where method = 'regression' and signal = 'mean_sentiment' and horizon = 1"""
    )
    assert len(verdicts) == 2 * len(PLANTED + BARE)
    for ticker, scorer, verdict in verdicts:
        expected = "evidence: higher sentiment, higher return" if ticker in PLANTED else "no evidence"
        assert verdict.startswith(expected), (ticker, scorer, verdict)


def test_of_what_is_found_at_any_horizon_one_in_twenty_is_false_at_most(sample):
    """Which is what q <= 0.05 promises: SPY at two sessions is such a one."""
    assert sample.ask(
        """select count(*) > 40, avg(list_contains(?, universe)::integer) <= 0.05 from mart.signal_quality
        where method = 'regression' and q <= 0.05""",
        [list(BARE)],
    ) == [(True, True)]


def test_tickers_are_ordered_by_the_sentiment_of_the_session_before(sample):
    rows = sample.ask(
        """select ic, verdict, spread_bps > net_spread_bps, name_count from mart.signal_quality
        where universe = 'XNYS' and source = 'all' and signal = 'mean_sentiment' and horizon = 1"""
    )
    for ic, verdict, costs, names in rows:
        assert ic > 0.05
        assert verdict.startswith("evidence: higher sentiment, higher return")
        assert costs
        assert names > 6


@pytest.mark.parametrize("ticker", PLANTED + BARE)
def test_the_planted_slope_lies_in_the_interval_of_the_true_mood(sample, ticker):
    """By the truth file's mood, which no scorer sees, against the returns that the job made of the prices."""
    with sample.warehouse.connect() as con:
        con.register("truth", truth_of(sample, "mood"))
        table = con.execute(
            """select truth.mood, returns.forward_return_1d from truth join core.returns using (ticker, trading_day)
            where ticker = ? order by trading_day""",
            [ticker],
        ).to_arrow_table()
    mood, ahead = (np.asarray(table[name].cast(pa.float64()).to_numpy())[:, None] for name in table.column_names)
    both = np.isfinite(mood) & np.isfinite(ahead)
    found = predictive_regression(mood, ahead, 1)
    scale = mood[both].std(ddof=1)
    planted = expected_slope() if ticker in PLANTED else 0.0
    assert found.slope_low_bps[0] / scale <= planted <= found.slope_high_bps[0] / scale


def test_the_crowd_follows_the_price_of_its_own_session_and_that_is_shown_as_such(sample):
    found = dict(
        sample.ask(
            """select question, count_if(q <= 0.05) / count(q) from mart.lead_lag
            where lag in (-1, 0) and universe <> calendar group by question"""
        )
    )
    assert found["same session"] > 0.5
    assert found["returns first"] > 0.3


def test_sentiment_leads_by_one_session_on_planted_tickers_alone(sample):
    found = sample.ask(
        "select distinct universe from mart.lead_lag where lag > 0 and q <= 0.05 and universe <> calendar"
    )
    assert {ticker for (ticker,) in found} == set(PLANTED)


def test_events_are_counted_and_their_figures_have_a_reason_where_there_are_none(sample):
    assert sample.ask(
        """select count(*) > 100, count_if(is_used) > 50, count_if(not is_used and reason not like '%overlaps%'),
            count_if(is_used and model is null and reason is null) from mart.events"""
    ) == [(True, True, 0, 0)]
    assert sample.ask(
        "select count(*) from mart.event_study where (mean_car is null) <> (reason is not null) and reason not like '%differ%'"
    ) == [(0,)]


def test_shuffled_sentiment_finds_nothing(built_sample):
    _, checks = built_sample
    placebo = checks["shuffled_sentiment_finds_nothing"]
    assert placebo.passed
    assert placebo.metadata["tests"].value > 200
    assert placebo.metadata["least q"].value > 0.05
