"""The bundled sample through the whole job: what was planted is found, what was not is not; the README tells the truth."""

import re
import sys
from pathlib import Path

import alphalens
import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import linregress, norm, spearmanr

from pipelines.evidence.information_coefficient import MIN_NAMES, in_and_out_of_sample
from pipelines.evidence.predictive_regression import predictive_regression
from pipelines.evidence.read import whole_panels
from pipelines.export.__main__ import exported
from pipelines.export.panels import forward_returns, trading_panel
from pipelines.queries import answered, questions
from pipelines.report.pictures import BUILDERS, picture
from pipelines.report.summary import summary
from pipelines.sql import opened
from tests.browser import browser_path
from tests.conftest import Home, at, checks_of
from tests.pages import PICTURES, cells, drawn, figure, hindrances, looked_at, reader, sheet
from warehouse.sample import SEED
from warehouse.sample.files import write
from warehouse.sample.market import expected_slope, simulate

README = Path(__file__).parents[1] / "README.md"
TOUR = README.parent / "docs" / "tour.py"
PAGE = (README.parent / "docs" / "exports.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PLANTED = ("MU", "NVDA", "GME", "BTC")
BARE = ("AMD", "INTC", "AAPL", "SPY", "SOXX")


@pytest.fixture(scope="module")
def built_sample(tmp_path_factory):
    """The sample through the whole job, and what its checks said; here alone, for it takes half a minute to build."""
    home = Home(tmp_path_factory.mktemp("sample"), report=True)
    write(home.inbox, simulate(SEED))
    return home, checks_of(home.run("2024-06-01", "2025-08-31"))


@pytest.fixture(scope="module")
def sample(built_sample):
    return built_sample[0]


@pytest.fixture
def published(sample):
    """The file that people read, as `make sql` opens it: for reading, without a way to anything else."""
    con = opened(sample.warehouse.published)
    yield con
    con.close()


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


def test_the_answers_below_the_questions_are_what_the_sample_says(published):
    found = {asked.name: answered(published, asked.query) for asked in questions()}
    for asked in questions():
        assert asked.answer == found[asked.name], f"{asked.name}: `make demo`, `make answers`, and read what changed"


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


def test_every_mart_has_a_picture_of_its_rows(sample):
    with sample.warehouse.connect() as con:
        found = {name: picture(con, name) for name in BUILDERS}
    assert {name for name, one in found.items() if one is None} == set()
    assert len({one.png for one in found.values()}) == len(found)
    assert max(len(one.png) for one in found.values()) < 10_000


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


def asked(con: duckdb.DuckDBPyConnection, query: str, *values) -> list[tuple]:
    return con.execute(query, list(values)).fetchall()


def test_the_table_of_tickers_is_what_sql_says_of_the_published_file(sample, published):
    rows = asked(
        published,
        """select days.ticker, sum(text_count), arg_max(text_count, trading_day), arg_max(mean_sentiment, trading_day),
            arg_max(sentiment_z, trading_day), arg_max(return_1d, trading_day), any_value(slope_bps), any_value(session_count)
        from mart.ticker_days as days
        join mart.signal_quality as quality on quality.universe = days.ticker and quality.scorer = days.scorer
        where days.scorer = 'finance' and quality.source = 'all' and signal = 'mean_sentiment' and horizon = 1
        group by 1 order by 2 desc""",
    )
    shown = cells(sheet(sample.folder, "index"), "tickers")
    assert len(shown) == len(rows) == 9
    for row, (ticker, texts, newest, sentiment, z, return_1d, slope_bps, n) in zip(shown, rows, strict=True):
        assert row[0].startswith(ticker)
        assert [figure(row[at]) for at in (5, 7, 4)] == [texts, newest, n]
        assert figure(row[8]) == pytest.approx(sentiment, abs=0.005)
        assert figure(row[9]) == pytest.approx(z, abs=0.05)
        assert figure(row[10]) == pytest.approx(return_1d, abs=0.00005)
        assert figure(row[2]) == pytest.approx(slope_bps, abs=0.5)


def test_the_verdict_on_a_page_is_that_of_the_table(sample, published):
    ((slope_bps, low, high, n),) = asked(
        published,
        """select slope_bps, slope_low_bps, slope_high_bps, session_count from mart.signal_quality
        where universe = 'MU' and scorer = 'finance' and signal = 'mean_sentiment' and horizon = 1""",
    )
    (said,) = sheet(sample.folder, "MU").find_class("verdict")
    words = said.text_content().replace("\N{MINUS SIGN}", "-")
    assert f"came with {slope_bps:+.0f} bps ({low:+.0f} to {high:+.0f}, 95 %)" in words
    assert f"n = {n} sessions" in words
    assert words.startswith("Evidence: higher sentiment goes before higher returns")
    (nothing,) = sheet(sample.folder, "AAPL").find_class("verdict")
    assert nothing.text_content().startswith("No evidence")


def test_the_sessions_out_of_sample_are_those_that_the_study_held_out(sample, published):
    panel = next(one for one in whole_panels(published) if (one.scorer, one.calendar) == ("finance", "XNYS"))
    _, after = in_and_out_of_sample(len(panel.days), 1)
    place = panel.tickers.index("MU")
    known = np.isfinite(panel.signals["mean_sentiment"][after, place] + panel.forward_returns[1][after, place])
    said = sheet(sample.folder, "MU").find("body/header").text_content()
    assert f"n = {known.sum()})" in said
    assert "an embargo of twenty: correlation +0.3" in said


def test_fifths_and_rolling_correlation_are_what_sql_says(sample, published):
    page = sheet(sample.folder, "MU")
    pairs = asked(
        published,
        """select mean_sentiment, abnormal_forward_return_1d from mart.ticker_days
        where ticker = 'MU' and scorer = 'finance' and mean_sentiment is not null and abnormal_forward_return_1d is not null
        order by mean_sentiment, trading_day""",
    )
    parts = np.array_split(np.array(pairs), 5)
    for row, part in zip(cells(page, "fifths"), parts, strict=True):
        assert figure(row[2]) == pytest.approx(1e4 * part[:, 1].mean(), abs=0.5)
        assert figure(row[5]) == len(part)
    last = asked(
        published,
        """select mean_sentiment, abnormal_forward_return_1d from mart.ticker_days
        where ticker = 'MU' and scorer = 'finance' order by trading_day desc limit 60""",
    )
    known = np.array([row for row in last if None not in row])
    newest, r = drawn(page, "rolling")[-1], np.corrcoef(known.T)[0, 1]
    reach = norm.ppf(0.975) / np.sqrt(len(known) - 3)
    assert (newest["correlation"], newest["n"]) == (pytest.approx(r, abs=1e-5), len(known))
    assert [newest["low"], newest["high"]] == pytest.approx(
        np.tanh([np.arctanh(r) - reach, np.arctanh(r) + reach]), abs=1e-5
    )


def test_the_path_around_events_passes_through_the_figures_of_the_event_study(sample, published):
    paths = {(row["direction"], row["step"]): row for row in drawn(sheet(sample.folder, "index"), "event_paths")}
    for direction, n, car, low, high in asked(
        published,
        """select event_group, event_count, mean_car, car_low, car_high from mart.event_study
        where scorer = 'finance' and model = 'market' and event_group in ('positive', 'negative')
            and window_start = -5 and window_end = -1""",
    ):
        row = paths[direction, -1]
        assert row["n"] == n
        assert row["car"] == pytest.approx(car, rel=1e-4)
        assert [row["low"], row["high"]] == pytest.approx([low, high], abs=1e-3)  # its correlation is of another window


def test_the_coefficient_through_time_is_scipys(sample, published):
    page = sheet(sample.folder, "index")
    days = asked(
        published,
        "select distinct trading_day from mart.ticker_days join core.returns using (ticker, trading_day) where calendar = 'XNYS' order by 1",
    )
    coefficients = []
    for (day,) in days[-60:]:
        pairs = asked(
            published,
            """select mean_sentiment, abnormal_forward_return_1d from mart.ticker_days
            where scorer = 'finance' and trading_day = ? and mean_sentiment + abnormal_forward_return_1d is not null""",
            day,
        )
        if len(pairs) >= 5:
            coefficients.append(spearmanr(*zip(*pairs, strict=True)).statistic)
    newest = drawn(page, "ic-XNYS")[-1]
    assert newest["n"] == len(coefficients)
    assert newest["ic"] == pytest.approx(np.mean(coefficients), abs=1e-5)


def test_claims_threads_and_sources_on_the_pages_are_what_sql_says(sample, published):
    page = sheet(sample.folder, "MU")
    counts = {(kind, verdict): figure(count) for kind, verdict, count in cells(page, "claims")}
    ((confirmed, contradicted),) = asked(
        published,
        """select count_if(status = 'confirmed'), count_if(status = 'contradicted') from mart.claim_checks
        where ticker = 'MU' and kind = 'move' and is_counted""",
    )
    assert (counts["move", "confirmed"], counts["move", "contradicted"]) == (confirmed, contradicted)
    ((compared, opposed),) = asked(
        published,
        """select count(disagreement), count_if(author_sentiment * commenter_sentiment < 0) from mart.threads
        where ticker = 'MU' and scorer = 'finance'""",
    )
    assert (
        f"In {compared:,} threads author and commenters can be compared; in {opposed:,} they"
        in page.get_element_by_id("voices").text_content()
    )
    gaps = dict(cells(sheet(sample.folder, "index"), "missing"))
    assert gaps["sessions without a price, between the first and the last of a ticker"] == "1"  # planted, on GME
    sources = {row[0]: figure(row[1]) for row in cells(sheet(sample.folder, "index"), "coverage")}
    assert sources == dict(asked(published, "select source, count(*) from core.texts group by 1"))


def test_a_page_is_small(sample):
    sizes = [path.stat().st_size for path in (sample.folder / "reports").glob("*.html")]
    assert len(sizes) == 10
    assert max(sizes) < 1_500_000


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (390, "dark")])
def test_the_pages_of_the_sample_open_from_disk_and_all_can_read_them(sample, width, scheme):
    with reader(width, scheme) as context:
        for name in ("index", "MU", "BTC"):
            page, noted = looked_at(context, sample.folder / "reports" / f"{name}.html")
            assert noted == []
            assert hindrances(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png", full_page=True)


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
def test_an_event_in_the_chart_leads_to_the_texts_behind_it(sample):
    *_, day = (row["day"] for row in drawn(sheet(sample.folder, "MU"), "price") if row["event"])
    with reader(zone="America/Los_Angeles") as context:
        page, _ = looked_at(context, sample.folder / "reports" / "MU.html")
        event = page.locator("[data-chart=price] .mark-symbol.role-mark path").last
        event.hover()
        assert day in page.locator("#vg-tooltip-element").inner_text()
        event.click()
        assert page.evaluate("document.activeElement.id") == f"event-{day}"
        assert page.locator(f"#event-{day} blockquote").count() > 0


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
def test_without_scripts_a_page_says_so_and_its_tables_stand(sample):
    with reader(scripts=False) as context:
        page = context.new_page()
        page.goto((sample.folder / "reports" / "MU.html").as_uri())
        assert "The charts need scripts" in page.inner_text("noscript")
        assert page.locator("#fifths tbody tr").count() == 5


alphalens_runs = pytest.mark.filterwarnings(
    "ignore:(DatetimeIndex.dayofweek is|The inplace keyword in DataFrame):pandas.errors.Pandas4Warning"
)


@pytest.fixture(scope="module")
def clone(sample, tmp_path_factory) -> Path:
    """A folder with the sample's published file and its export where the pages about them have them."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "warehouse/demo").mkdir(parents=True)
    (folder / "warehouse/demo/published.duckdb").symlink_to(sample.warehouse.published)
    exported(sample.warehouse.published, folder / "export", at("2026-06-01 00:00:00"))
    return folder


@alphalens_runs
@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.split("\n")[0])
def test_the_python_of_the_page_about_exports_runs(snippet, clone, monkeypatch, capsys):
    if "vectorbt" in snippet:
        pytest.importorskip("vectorbt", reason="vectorbt is not here")
    monkeypatch.chdir(clone)
    exec(compile(snippet, "docs/exports.md", "exec"), {})
    printed = capsys.readouterr().out
    assert len(printed) > 40
    if "alphalens" in snippet:
        assert re.search(r"that says (0\.\d+) at one session", PAGE)[1] in printed


@alphalens_runs
def test_the_tour_runs_and_leaves_a_page_that_asks_no_host(clone, monkeypatch, capsys):
    assert len(SNIPPETS) == 6
    monkeypatch.chdir(clone / "export")  # any folder inside of the clone
    monkeypatch.setattr(sys, "path", sys.path[:])
    exec(compile(TOUR.read_text(encoding="utf-8"), "docs/tour.py", "exec"), {})
    page = (clone / "warehouse/demo/tour.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img)\b[^>]*\b(src|href)=[\"']?http", page)
    assert "evidence: higher sentiment, higher return" in capsys.readouterr().out


def coefficients(factor: pd.Series, forward_returns: pd.DataFrame) -> pd.Series:
    """Information coefficients of alphalens, one per date with as many names as ours take."""
    data = alphalens.utils.get_clean_factor(factor, forward_returns, quantiles=None, bins=1, max_loss=1.0)
    names = data.groupby(level="date").size()
    return alphalens.performance.factor_information_coefficient(data)["1D"][names >= MIN_NAMES]


@alphalens_runs
def test_alphalens_says_of_the_panel_what_signal_quality_says_given_the_same_returns(sample):
    with sample.warehouse.connect() as con:
        panel = trading_panel(con, "XNYS")
        rows = con.execute(
            """select entry_session as date, ticker as asset, abnormal_forward_return_1d as "1D" from mart.ticker_days
            where scorer = 'finance' and abnormal_forward_return_1d is not null"""
        ).to_arrow_table()
        ((ic, sessions),) = con.execute(
            """select ic, session_count from mart.signal_quality where scorer = 'finance' and universe = 'XNYS'
            and source = 'all' and signal = 'mean_sentiment' and horizon = 1"""
        ).fetchall()
    ours = rows.to_pandas().astype({"date": "datetime64[ns]"}).set_index(["date", "asset"])
    theirs = coefficients(panel.factor, ours.loc[ours.index.isin(panel.factor.index)])
    assert theirs.count() == sessions
    assert theirs.mean() == pytest.approx(ic, abs=1e-9)
    assert f"`mart.signal_quality` says {ic:.3f}" in PAGE


@alphalens_runs
def test_the_forward_returns_of_alphalens_run_from_the_open_of_the_entry_to_the_next(sample):
    with sample.warehouse.connect() as con:
        panel = trading_panel(con, "XNYS")
        expected = con.execute(
            """select days.entry_session as date, days.ticker as asset, following.open / entered.open - 1 as ahead
            from mart.ticker_days as days
            join core.sessions as own on own.calendar = 'XNYS' and own.trading_day = days.entry_session
            join core.sessions as next on next.calendar = 'XNYS' and next.session_number = own.session_number + 1
            join core.returns as entered on entered.ticker = days.ticker and entered.trading_day = own.trading_day
            join core.returns as following on following.ticker = days.ticker and following.trading_day = next.trading_day
            where days.scorer = 'finance' and days.mean_sentiment is not null and days.ticker <> 'BTC' and ahead is not null
            order by date, asset"""
        ).to_arrow_table()
    returns = forward_returns(panel.prices, [1]).loc[lambda rows: rows.index.isin(panel.factor.index)]
    assert [f"{day.date()} {asset}" for day, asset in returns.index] == [
        f"{row['date']} {row['asset']}" for row in expected.to_pylist()
    ]
    np.testing.assert_allclose(returns["1D"], expected["ahead"].to_numpy(), atol=1e-12)
    with_gaps = {asset for asset in panel.prices if panel.prices[asset].isna().any()}
    assert with_gaps == {"GME"}
    theirs = alphalens.utils.compute_forward_returns(panel.factor, panel.prices, [1])["1D"].dropna()
    whole = [~rows.index.isin(with_gaps, level="asset") for rows in (theirs, returns)]
    pd.testing.assert_series_equal(theirs[whole[0]], returns["1D"][whole[1]], check_freq=False)
