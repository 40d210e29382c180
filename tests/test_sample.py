"""The bundled sample: what it promises to later tests, kept in numbers and in files."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import zstandard
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from warehouse.sample import manifest
from warehouse.sample.files import write
from warehouse.sample.market import EFFECT_BPS, INSTRUMENTS, Tape, expected_slope, simulate

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "data" / "seeds"
PLANTED = [each.ticker for each in INSTRUMENTS if each.is_planted]
BARE = [each.ticker for each in INSTRUMENTS if not each.is_planted]
CLAIMED = re.compile(r"(?<![\d.])\d+\.\d\d(?=%)")

PAGE_MARK = "this page may contain third-party content"  # what such a page is recognised by, not anybody's prose

# exchange_calendars 4.13 reads timezone-aware columns in a way that pandas 3.1 will change.
pytestmark = pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning")


class Sample(NamedTuple):
    home: Path
    printed: str
    rows: list[dict]  # every version, in the order of the files
    texts: dict[str, dict]  # first versions by text_id
    opinions: list[dict]
    moods: dict[tuple[str, str], float]
    bars: dict[str, list[dict]]


def run(folder: Path) -> str:
    command = [sys.executable, "-m", "warehouse.sample", str(folder)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Sample:
    home = tmp_path_factory.mktemp("home")
    printed = run(home / "inbox")
    rows = [
        json.loads(line)
        for path in sorted(home.glob("inbox/texts/sample/*.ndjson.zst"))
        for line in zstandard.ZstdDecompressor().decompress(path.read_bytes()).decode().splitlines()
    ]
    texts: dict[str, dict] = {}
    for row in rows:
        texts.setdefault(f"{row['source']}:{row['id']}", row)
    moods = read_csv(home / "truth" / "mood.csv")
    return Sample(
        home,
        printed,
        rows,
        texts,
        read_csv(home / "truth" / "opinions.csv"),
        {(at["ticker"], at["trading_day"]): float(at["mood"]) for at in moods},
        {path.stem: read_csv(path) for path in home.glob("inbox/prices/sample/*.csv")},
    )


def read_csv(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instant(row: dict) -> int:
    return int(datetime.fromisoformat(row["published_at"]).timestamp())


def slope(mood: np.ndarray, later_return: np.ndarray) -> tuple[float, float]:
    """OLS slope in bps per 1 sd of mood, and its standard error."""
    x, y = mood - mood.mean(), later_return - later_return.mean()
    beta = (x @ y) / (x @ x)
    residual = y - beta * x
    return 1e4 * beta, 1e4 * sqrt((residual @ residual) / (len(x) - 2) / (x @ x))


def next_day_slope(tape: Tape) -> tuple[float, float]:
    return slope(tape.mood[:-1], tape.open_to_close[1:])


# The numbers.


@pytest.mark.parametrize("ticker", PLANTED)
def test_the_planted_effect_is_in_the_next_session(ticker):
    beta, error = next_day_slope(simulate().tapes[ticker])
    assert abs(beta - expected_slope()) < 3 * error
    assert beta > 3 * error


@pytest.mark.parametrize("ticker", BARE)
def test_nothing_is_in_the_next_session_where_nothing_was_planted(ticker):
    beta, error = next_day_slope(simulate().tapes[ticker])
    assert abs(beta) < 3 * error


def test_without_an_effect_moods_stay_and_nothing_is_planted():
    planted, bare = simulate(), simulate(effect_bps=0)
    for ticker in PLANTED:
        beta, error = next_day_slope(bare.tapes[ticker])
        assert abs(beta) < 3 * error
        assert not bare.tapes[ticker].planted.any()
        assert np.array_equal(bare.tapes[ticker].mood, planted.tapes[ticker].mood)


def test_over_forty_seeds_slopes_centre_on_the_oracle_and_false_discoveries_stay_rare():
    slopes = defaultdict(list)
    for seed in range(40):
        for ticker, tape in simulate(seed).tapes.items():
            slopes[ticker].append(next_day_slope(tape))
    for ticker in PLANTED:
        betas = np.array(slopes[ticker])[:, 0]
        assert abs(betas.mean() - expected_slope()) < 3 * betas.std(ddof=1) / sqrt(40)
    discoveries = [abs(beta) > 1.96 * error for ticker in BARE for beta, error in slopes[ticker]]
    assert np.mean(discoveries) < 0.08


def test_the_second_session_carries_a_third_of_the_effect():
    errors = []
    for seed in range(40):
        tape = simulate(seed).tapes["MU"]
        known = np.column_stack([np.ones(len(tape.days) - 2), tape.mood[1:-1], tape.mood[:-2]])
        errors.append(np.linalg.lstsq(known, 1e4 * tape.open_to_close[2:], rcond=None)[0][1:])
    assert np.allclose(np.mean(errors, axis=0), [EFFECT_BPS, EFFECT_BPS / 3], atol=6)


@pytest.mark.parametrize("ticker", BARE)
def test_the_crowd_follows_the_price_of_the_same_day(ticker):
    tape = simulate().tapes[ticker]
    assert np.corrcoef(tape.mood, tape.return_1d)[0, 1] > 0.4


def test_no_mood_knows_a_later_price():
    """Where nothing is planted, the mood of a night says nothing about the gap and the session after it."""
    moods, gaps, days = [], [], []
    for seed in range(40):
        for ticker in BARE:
            tape = simulate(seed, effect_bps=0).tapes[ticker]
            moods.append(tape.night_mood[1:])
            gaps.append(tape.gap[1:] / tape.gap.std())
            days.append(tape.open_to_close[1:] / tape.open_to_close.std())
    for later in (gaps, days):
        assert abs(np.corrcoef(np.concatenate(moods), np.concatenate(later))[0, 1]) < 0.02


def test_longer_markets_end_on_the_same_day():
    market = simulate(sessions=2520)
    assert len(market.tapes["SPY"].days) == 2520
    assert market.tapes["SPY"].days[-1] == simulate().tapes["SPY"].days[-1]
    assert len(market.tapes["BTC"].days) > 3640


# The files.


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    written = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        folder = tmp_path / name / "inbox"
        write(folder, simulate(seed, sessions=20))
        written.append({p.relative_to(folder.parent): p.read_bytes() for p in folder.parent.rglob("*") if p.is_file()})
    assert written[0] == written[1]
    assert written[0] != written[2]
    assert len(written[0]) > 10


def test_the_full_sample_has_the_promised_size(sample):
    assert len(sample.texts) >= 20_000
    assert len(sample.bars) >= 8
    assert {"MU", "SOXX", "SPY", "BTC"} <= set(sample.bars)
    assert len(sample.bars["SPY"]) >= 250
    assert sum(path.stat().st_size for path in sample.home.rglob("*") if path.is_file()) < 8_000_000
    assert re.fullmatch(r"sample: 2\d,\d{3} texts, 9 tickers, 272 sessions → .*inbox\n", sample.printed)


def test_a_second_run_changes_nothing_and_says_the_same(sample):
    before = {path: path.stat().st_mtime_ns for path in sample.home.rglob("*")}
    assert run(sample.home / "inbox") == sample.printed
    assert {path: path.stat().st_mtime_ns for path in sample.home.rglob("*")} == before


def test_a_sample_that_lost_a_file_or_is_another_version_is_not_current(tmp_path):
    folder = tmp_path / "inbox"
    version = manifest.fingerprint(seed=1)
    assert manifest.current(folder, version) is None
    manifest.seal(folder, version, write(folder, simulate(1, sessions=5)))
    assert manifest.current(folder, version)["tickers"] == 9
    assert manifest.current(folder, manifest.fingerprint(seed=2)) is None
    (folder / "prices" / "sample" / "MU.csv").unlink()
    assert manifest.current(folder, version) is None


def test_files_of_other_hands_survive_a_new_sample(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "mine.ndjson").write_text("{}\n")
    for seed in (1, 2):
        write(folder, simulate(seed, sessions=5))
    assert (folder / "texts" / "mine.ndjson").read_text() == "{}\n"


def test_every_kind_of_voice_is_present(sample):
    voices = Counter(line["voice"] for line in sample.opinions)
    promised = (
        "own_words slang question open_claim closed_claim false_claim target pair foreign_es foreign_de"
        " thread_remark empty_reply moderator alert_bot off_topic ambiguous long_post article copy near_copy"
        " repost post_page article_page"
    )
    assert set(voices) == set(promised.split())
    assert min(voices.values()) >= 50


def test_texts_are_edited_deleted_and_seen_again(sample):
    versions = defaultdict(list)
    for row in sample.rows:
        versions[row["source"], row["id"]].append(row)
    later = [(first, second) for first, *others in versions.values() for second in others]
    assert all(first["fetched_at"] < second["fetched_at"] for first, second in later)
    assert all(first["published_at"] == second["published_at"] for first, second in later)
    edits = [(first, second) for first, second in later if second["edited_at"]]
    assert len(edits) > 100
    assert all(first["body"] != second["body"] for first, second in edits)
    assert all(first["fetched_at"] < second["edited_at"] < second["fetched_at"] for first, second in edits)
    gone = [second for _, second in later if second["is_deleted"]]
    assert len(gone) > 100
    assert all(row["body"] is row["author"] is row["title"] is None for row in gone)
    assert len(later) > len(edits) + len(gone)


def test_threads_are_deep_and_every_parent_is_known_and_earlier(sample):
    depth = {}
    for text_id, row in sorted(sample.texts.items(), key=lambda item: item[1]["published_at"]):
        parent = row["parent_id"]
        depth[text_id] = depth[parent] + 1 if parent else 0
        assert bool(parent) == (row["kind"] == "comment") == bool(row["thread_id"])
        if parent:
            assert sample.texts[parent]["published_at"] < row["published_at"]
            assert sample.texts[row["thread_id"]]["kind"] == "post"
    assert Counter(depth.values())[3] > 50


def test_copies_follow_their_original_within_a_day(sample):
    for line in sample.opinions:
        if not line["copy_of"]:
            continue
        copy, original = sample.texts[line["text_id"]], sample.texts[line["copy_of"]]
        assert 0 < instant(copy) - instant(original) < 86_400
        assert (copy["body"] == original["body"]) == (line["voice"] == "copy")
        assert original["body"] in copy["body"]
        assert copy["repost_of"] == (line["copy_of"] if line["voice"] == "repost" else None)


def test_the_bot_repeats_itself(sample):
    alerts = Counter(row["body"] for row in sample.texts.values() if row["author"] == "TapeAlertBot")
    assert min(alerts.values()) >= 10


def test_pairs_mean_one_ticker_and_against_another(sample):
    stances = defaultdict(list)
    for line in sample.opinions:
        if line["voice"] == "pair":
            stances[line["text_id"]].append(line["stance"])
    assert all(sorted(both) == ["-1", "1"] for both in stances.values())


def test_comments_that_lean_on_their_thread_name_no_ticker(sample):
    names = "|".join(re.escape(name) for each in INSTRUMENTS for name in (each.ticker, each.name))
    leaning = ("thread_remark", "empty_reply", "off_topic")
    remarks = [sample.texts[line["text_id"]]["body"] for line in sample.opinions if line["voice"] in leaning]
    assert not any(re.search(rf"\b({names})\b", remark) for remark in remarks)


def test_people_speak_at_all_hours_and_within_a_second_of_the_bells(sample):
    spoken = {instant(row) for row in sample.texts.values()}
    moments = [datetime.fromtimestamp(at, UTC) for at in spoken]
    assert {at.hour for at in moments} == set(range(24))
    assert {at.weekday() for at in moments} == set(range(7))
    tape = simulate().tapes["MU"]
    half_days = tape.closes_at[tape.closes_at - tape.opens_at < 23_400].tolist()
    assert len(half_days) == 4
    for bells in (tape.opens_at.tolist(), tape.closes_at.tolist(), half_days):
        for offset in (-1, 0, 1):
            assert any(bell + offset in spoken for bell in bells)


def test_claims_about_the_last_session_agree_with_the_tape_unless_they_are_false(sample):
    tapes = simulate().tapes
    checked = 0
    for line in sample.opinions:
        if line["voice"] != "closed_claim":
            continue
        row, tape = sample.texts[line["text_id"]], tapes[line["ticker"]]
        session = int(np.searchsorted(tape.closes_at, instant(row))) - 1
        if session < 1:
            continue
        adjusted = tape.bars["adjusted_close"]
        move = 100 * (adjusted[session] / adjusted[session - 1] - 1)
        assert float(CLAIMED.search(row["body"])[0]) == pytest.approx(abs(move), abs=0.0051)
        assert (move > 0) == (line["stance"] == "1")
        checked += 1
    assert checked > 100


def test_prices_have_a_split_dividends_a_missing_bar_and_gaps(sample):
    nvda = [(float(bar["close"]), float(bar["adjusted_close"])) for bar in sample.bars["NVDA"]]
    assert sum(before / after > 7 for (before, _), (after, _) in pairwise(nvda)) == 1
    assert all(0.7 < after / before < 1.4 for (_, before), (_, after) in pairwise(nvda))
    assert sample.bars["MU"][0]["close"] != sample.bars["MU"][0]["adjusted_close"].rstrip("0")
    missing = {bar["day"] for bar in sample.bars["SPY"]} - {bar["day"] for bar in sample.bars["GME"]}
    assert len(missing) == 1
    for ticker, bars in sample.bars.items():
        levels = np.array([[float(bar[name]) for name in ("low", "open", "close", "high")] for bar in bars])
        assert (levels[:, [0]] <= levels[:, 1:3]).all() and (levels[:, 1:3] <= levels[:, [3]]).all()
        is_gapless = (levels[1:, 1] == levels[:-1, 2]).mean() > 0.9
        assert is_gapless == (ticker == "BTC")


@pytest.mark.parametrize("ticker", PLANTED)
def test_vader_can_read_the_mood(sample, ticker):
    tape = simulate().tapes[ticker]
    analyzer = SentimentIntensityAnalyzer()
    compounds = defaultdict(list)
    for line in sample.opinions:
        if line["ticker"] == ticker and line["text_id"] in sample.texts:
            row = sample.texts[line["text_id"]]
            session = int(np.searchsorted(tape.closes_at, instant(row)))
            compounds[session].append(analyzer.polarity_scores(row["body"])["compound"])
    compounds.pop(len(tape.days), None)
    moods = [sample.moods[ticker, str(tape.days[session])] for session in compounds]
    assert np.corrcoef(moods, [np.mean(each) for each in compounds.values()])[0, 1] > 0.6


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared data folder is not there")
def test_no_six_words_in_a_row_are_from_a_third_party(sample):
    def runs(path: Path) -> set[tuple[str, ...]]:
        told = path.read_text(encoding="utf-8").lower().replace(PAGE_MARK, "")
        lines = [re.findall(r"[a-z']+", line) for line in told.splitlines()]
        return {run for words in lines for run in zip(*(words[start:] for start in range(6)), strict=False)}

    theirs = set().union(*map(runs, SEEDS.glob("*.txt")))
    ours = [*sample.home.rglob("*.txt"), *(ROOT / "warehouse" / "sample").glob("*.toml")]
    assert theirs
    assert not any(theirs & runs(path) for path in ours)
