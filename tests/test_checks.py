"""Every check passes on a good warehouse and fails when its rule is broken."""

import warnings

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.defs.checks import cell
from pipelines.sql_files import SQL, header, sql_file, tables_read
from tests.conftest import Home, checks_of, post
from tests.test_daily_job import PRICES

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.marts import TABLE_ALIASES

CHECKS = sorted(path.stem for path in (SQL / "checks").glob("*.sql"))

# check → statement that breaks its rule
FAULTS = {
    "bars_are_unique": "insert into raw.prices select * from raw.prices",
    "comment_versions_are_unique": "insert into raw.comments select * from raw.comments",
    "every_day_is_built": "delete from core.texts where kind = 'post'",
    "forward_returns_start_after_the_text": "update mart.text_moves set entry_at = known_at",
    "minute_moves_are_unique": "insert into core.minute_moves select * from core.minute_moves",
    "minute_moves_start_after_the_text": "update core.minute_moves set entry_at = known_at - interval 1 second",
    "minutes_of_two_files_agree": "insert into raw.prices select * replace (path || '2' as path, close * 4 as close) "
    "from raw.prices",
    "mentions_name_a_listed_ticker": "update core.mentions set ticker = 'NOPE'",
    "no_day_of_prices_is_left_out": "insert into raw.prices select * replace ('other' as vendor, trading_day - 1000 as "
    "trading_day) from raw.prices",
    "returns_are_plausible": "update core.returns set return_1d = 99",
    "opinions_stand_on_a_mention": "delete from core.mentions",
    "no_row_knows_what_came_after_its_cut_off": "update mart.ticker_days set cutoff_at = cutoff_at - interval 6 hours",
    "signal_qualities_are_unique": "update mart.signal_quality set reason = null",
    "lead_lags_are_unique": "insert into mart.lead_lag select * from mart.lead_lag",
    "granger_tests_are_unique": "update mart.granger set reason = null",
    "events_do_not_overlap": "update mart.events set model = 'mean'",
    "event_groups_add_up": "update mart.event_study set dropped_count = dropped_count + 1",
    "source_days_are_unique": "insert into mart.source_days select * from mart.source_days",
    "price_vintages_agree": "update core.price_files set status = 'refused'",
    "no_price_is_flagged": "update core.bars set price_flag = 'missed_split', close = null",
    "daily_bars_are_unique": "insert into core.bars select * from core.bars",
    "bars_fall_on_sessions": "update core.bars set trading_day = trading_day - 2",
    "returns_are_unique": "insert into core.returns select * from core.returns",
    "scores_lie_between_minus_one_and_one": "update core.scores set compound = 1.01",
    "sentences_belong_to_a_text": "delete from core.texts",
    "sessions_follow_each_other": "update core.sessions set open_at = open_at - interval 2 days",
    "sightings_are_unique": "insert into raw.engagement select * from raw.engagement",
    "silence_is_not_neutral": "update mart.ticker_days set mean_sentiment = 0 where text_count = 0",
    "text_moves_are_unique": "delete from mart.text_moves",
    "text_scores_are_unique": "insert into mart.text_scores select * from mart.text_scores",
    "texts_are_known_after_they_are_published": "update core.texts set known_at = published_at - interval 1 second",
    "texts_are_unique": "insert into core.texts select * from core.texts",
    "threads_are_unique": "insert into mart.threads select * from mart.threads",
    "ticker_days_are_unique": "update mart.ticker_days set text_count = text_count + 1",
    "claims_are_checked_once": "insert into mart.claim_checks select * from mart.claim_checks",
    "claim_windows_are_unique": "insert into mart.claim_windows select * from mart.claim_windows",
    "a_decided_claim_shows_its_bars": "update mart.claim_checks set actual = null",
    "no_claim_is_decided_before_its_bar_closed": "update mart.claim_checks set decided_at = decided_at - interval 1 second",
    "a_target_is_not_reached_before_it_is_known": "update mart.claim_checks set first_bar = first_bar - 1",
    "an_authors_record_adds_up": "update mart.author_records set confirmed_share_low = 1.01",
    "windows_are_unique": 2
    * "insert into raw.fetches by name select 'x' as source, 'y' as subject, timestamptz '2024-07-02' as window_start, "
    "timestamptz '2024-07-03' as window_end, timestamptz '2024-07-03' as asked_at, 'ok' as status, 0 as page_count;",
    "followed_sources_are_fresh": "insert into raw.fetches by name select 'x' as source, 'y' as subject, now() as asked_at, "
    "now() - interval 1 day as window_start, now() as window_end, now() - interval 27 hours as answered_at, "
    "'failed' as status, 0 as page_count",
    "a_change_without_a_time_is_known_when_seen": "insert into raw.posts select * replace ('other' as version_id, "
    "fetched_at + interval 1 day as fetched_at) from raw.posts",
    "versions_are_unique": "insert into raw.posts select * from raw.posts",
    "no_source_falls_silent": "insert into mart.source_days by name select 'MU' as ticker, trading_day, 'test' as source, "
    "'finance' as scorer, 100 as text_count from core.sessions where calendar = 'XNYS' and trading_day between "
    "'2024-05-28' and '2024-07-01'",
    "scores_do_not_drift": "insert into core.scores select scores.* replace (number + 100 as position, if(number < 500, 0.8, -0.8) "
    "as compound, if(number < 500, day - 30, day) as day) from core.scores cross join range(1000) as numbers(number)",
    "no_session_lacks_a_bar": "delete from core.bars where trading_day = '2024-07-02'",
    "claims_are_decided_when_due": "update mart.claim_checks set status = 'not_yet_due', decided_at = null",
    "files_are_read_once": "insert into raw.files select * from raw.files",
    "instruments_are_unique": "insert into core.instruments select * from core.instruments",
    "price_files_are_unique": "insert into core.price_files select * from core.price_files",
    "mentions_are_unique": "insert into core.mentions select * from core.mentions",
    "clauses_are_unique": "insert into core.clauses select * from core.clauses",
    "claims_are_unique": "insert into core.claims select * from core.claims",
    "one_version_of_a_scorer_is_current": "insert into core.scorers select scorer, 'other', true from core.scorers",
    "event_returns_are_unique": 2 * "insert into mart.event_returns by name select 'MU' as ticker, "
    "date '2024-07-02' as trading_day, 'listed' as origin, 0 as window_start, 0 as window_end;",
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A small warehouse with a row in every table."""
    home = Home(tmp_path_factory.mktemp("good"))
    home.drop("prices/p.csv", PRICES)
    home.drop(
        "prices/minutes.csv", "ticker,datetime,open,close\nMU,2024-07-02 10:00:00,1,2\nMU,2024-07-02 10:01:00,2,3\n"
    )
    home.drop("prices/minutes.csv.json", '{"bar_stamp": "start"}')
    home.drop(
        "texts/t.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", "I love $MU", likes=3),
            post("2", "2024-07-02T15:00:00Z", "a great company", kind="comment", parent_id="1", language="en"),
            post("3", "2024-07-02T21:00:00Z", "$MU closed 10.00% higher. My price target for $MU is $111."),
            post("4", "2024-07-02T22:00:00Z", "Long $MU, short $INTC."),
        ],
    )
    home.drop("events/mine.csv", "ticker,day\nMU,2024-07-02\n")
    home.run("2024-07-02")
    return home


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_passes_on_good_rows_and_fails_on_the_fault(good, name):
    with good.warehouse.connect() as con:
        assert con.execute(sql_file(f"checks/{name}")).fetchall() == []
        con.begin()
        try:
            con.execute(FAULTS[name])
            assert con.execute(sql_file(f"checks/{name}")).fetchall() != []
        finally:
            con.rollback()


def found(good, name: str, *statements: str) -> list[tuple]:
    """What a check finds after the statements, which are taken back."""
    with good.warehouse.connect() as con:
        con.begin()
        try:
            for statement in statements:
                con.execute(statement)
            return con.execute(sql_file(f"checks/{name}")).fetchall()
        finally:
            con.rollback()


def said(counts: str, days: str, source: str = "other") -> str:
    """Texts of a source in the sessions of some days; ``counts`` is an expression of the number of the session."""
    return (
        f"insert into mart.source_days by name select 'MU' as ticker, trading_day, '{source}' as source, 'finance' as scorer, "
        f"{counts} as text_count from core.sessions where calendar = 'XNYS' and trading_day between {days}"
    )


@pytest.mark.parametrize(
    ("counts", "fallen"),
    [
        ("100 + session_number % 7", 0),
        ("if(trading_day = '2024-06-14', 15, 100 + session_number % 7)", 1),
        ("if(trading_day = '2024-06-14', 21, 100 + session_number % 7)", 0),  # less than 80 % down
        ("if(trading_day = '2024-06-14', 0, 18)", 0),  # too few to say
        ("if(trading_day = '2024-06-14', 0, 40 * (1 + session_number % 4))", 0),  # talks in bursts
        ("if(trading_day >= '2024-06-14', 0, 40 * (1 + session_number % 4))", 1),  # and then no more
    ],
)
def test_a_source_that_stops_is_told_from_one_that_talks_little_or_in_bursts(good, counts: str, fallen: int):
    rows = found(good, "no_source_falls_silent", said(counts, "'2024-03-01' and '2024-07-02'"))
    assert [row[2].isoformat() for row in rows] == ["2024-06-14"] * fallen


def test_a_source_is_not_called_silent_in_a_session_that_is_not_over(good):
    """The newest text is of 22:00 on the 2nd: the session of the 3rd has not closed yet."""
    rows = found(good, "no_source_falls_silent", said("100", "'2024-05-01' and '2024-07-02'"))
    assert rows == []


@pytest.mark.parametrize(
    ("older", "newer", "sentences", "drifts"),
    [
        ("0.8 - number % 10 / 10", "0.8 - number % 10 / 10", 600, False),
        ("0.8 - number % 10 / 10", "number % 10 / 10 - 0.8", 600, True),  # the sign is turned
        ("0.8 - number % 10 / 10", "0", 600, True),
        ("0.8 - number % 10 / 10", "0", 400, False),  # too few to say
        ("0.8 - number % 10 / 10", "0.7 - number % 10 / 10", 600, False),  # a gloomier month
    ],
)
def test_a_scorer_that_reads_otherwise_is_told_from_a_crowd_that_feels_otherwise(good, older, newer, sentences, drifts):
    def scores(figure: str, days_ago: int) -> str:
        return (
            "insert into core.scores by name select 'other:' || number as text_id, 0 as position, scorer, scorer_version, "
            f"{figure} as compound, date '2024-07-02' - {days_ago} - (number % 20)::integer as day "
            f"from core.scorers cross join range({sentences}) as numbers(number) where scorer = 'vader'"
        )

    rows = found(good, "scores_do_not_drift", scores(older, 20), scores(newer, 0))
    assert [row[:2] for row in rows] == ([("other", "vader")] if drifts else [])


def test_missing_sessions_are_named_as_ranges_without_holidays(good):
    """The 4th of July is no session; the 3rd and the 5th are one gap."""
    rows = found(
        good, "no_session_lacks_a_bar", "delete from core.bars where trading_day in ('2024-07-03', '2024-07-05')"
    )
    assert rows == [(ticker, "XNYS", 2, 1, "2024-07-03 to 2024-07-05") for ticker in ("MU", "SOXX")]


def test_text_of_strangers_cannot_steer_a_terminal():
    assert cell("\x1b[2J<script>") == r"'\x1b[2J<script>'"


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_its_rule_its_table_and_its_severity(name):
    rule, says = header(sql_file(f"checks/{name}"))
    assert rule
    assert set(says) == {"on", "severity"}
    assert says["severity"] in ("error", "warn")


def test_a_check_reads_only_tables_that_its_step_or_one_before_it_has_built():
    """Another table may still be of the run before."""
    graph = defs().resolve_asset_graph()
    for name in CHECKS:
        sql = sql_file(f"checks/{name}")
        key = dg.AssetKey(header(sql)[1]["on"].split("."))
        read = {TABLE_ALIASES.get(table, table) for table in tables_read(sql)}
        steps = {key, *graph.get_ancestor_asset_keys(key)}
        made = {one for step in steps for one in (step, *graph.get_execution_set_asset_and_check_keys(step))}
        assert read <= {".".join(one.path) for one in made if isinstance(one, dg.AssetKey)}, name


def test_a_broken_table_goes_no_further_and_readers_keep_the_file_they_had(home):
    home.drop("prices/p.csv", PRICES)
    home.drop("texts/t.ndjson", [post("1", "2024-07-02T14:00:00Z", "I love $MU")])
    home.run("2024-07-02")
    before = home.warehouse.published.read_bytes()
    with home.warehouse.connect() as con:
        con.execute("insert into raw.posts select * from raw.posts")
    home.drop("texts/more.ndjson", [post("2", "2024-07-02T15:00:00Z", "I hate $MU")])

    result = home.run("2024-07-02", raise_on_error=False)

    assert not result.success
    assert not checks_of(result)["versions_are_unique"].passed
    built = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}
    assert "raw/posts" in built
    assert not {key for key in built if key.startswith("mart/")} | (built & {"core/texts", "published"})
    assert home.warehouse.published.read_bytes() == before
    assert home.ask("select count(*) from core.texts") == [(1,)]
