"""Which days are events of sentiment, which of a user's rows are taken, and which events are too close to another."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.evidence import listed_events as listing
from pipelines.evidence.events import EVENTS, sentiment_events, without_overlaps
from pipelines.evidence.listed_events import BadEvents, listed_events, on_sessions


def ticker_day(**changes) -> dict:
    usual = {
        "ticker": "NVDA",
        "trading_day": pd.Timestamp("2024-05-23"),
        "session_number": 100,
        "scorer": "vader",
        "sentiment_z": 2.5,
        "text_count": 10,
        "scored_count": 8,
        "copy_count": 2,
        "post_sentiment": 0.4,
        "comment_sentiment": 0.2,
    }
    return usual | changes


def events_of(*changes: dict) -> pd.DataFrame:
    return sentiment_events(pd.DataFrame([ticker_day(**change) for change in changes]))


def test_a_day_is_an_event_beyond_two_deviations_with_five_scored_texts():
    found = events_of(
        {"ticker": "UP"},
        {"ticker": "DOWN", "sentiment_z": -2.01},
        {"ticker": "AT", "sentiment_z": 2.0},
        {"ticker": "FEW", "scored_count": 4},
        {"ticker": "SILENT", "sentiment_z": np.nan},
        {"ticker": "BROKEN", "sentiment_z": np.inf},
    )
    assert list(found.columns) == list(EVENTS)
    assert found[["ticker", "origin", "direction", "sentiment_z"]].to_numpy().tolist() == [
        ["DOWN", "sentiment", "negative", -2.01],
        ["UP", "sentiment", "positive", 2.5],
    ]


def test_no_event_gives_an_empty_table_of_the_same_columns():
    found = without_overlaps(events_of({"sentiment_z": 0.0}))
    assert list(found.columns) == [*EVENTS, "is_used", "dropped_reason"]
    assert len(found) == 0


@pytest.mark.parametrize(
    ("posts", "comments", "voice"),
    [
        (0.4, -0.06, "author against crowd"),
        (-0.4, 0.06, "author against crowd"),
        (0.4, 0.06, "together"),
        (-0.4, -0.06, "together"),
        (0.4, -0.05, None),
        (0.05, -0.4, None),
        (0.4, np.nan, None),
        (np.nan, np.nan, None),
    ],
)
def test_an_author_stands_against_the_crowd_where_both_take_opposite_sides(posts, comments, voice):
    assert events_of({"post_sentiment": posts, "comment_sentiment": comments})["voice"].tolist() == [voice]


@pytest.mark.parametrize(
    ("texts", "copies", "newness"), [(10, 5, "copied"), (10, 4, "novel"), (0, 0, None), (10, None, None)]
)
def test_talk_is_copied_when_half_of_it_repeats(texts, copies, newness):
    assert events_of({"text_count": texts, "copy_count": copies})["newness"].tolist() == [newness]


def at_sessions(*sessions: int, ticker: str = "NVDA", **columns) -> pd.DataFrame:
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(sessions, unit="D")
    rows = pd.DataFrame({"ticker": ticker, "trading_day": days, "session_number": sessions})
    return rows.assign(**{"scorer": "vader", "origin": "sentiment", "direction": "positive", "label": None} | columns)


def test_of_overlapping_events_the_first_is_kept_and_the_dropped_ones_say_why():
    found = without_overlaps(at_sessions(10, 41, 40, 71, 72), window=(-10, 20))
    assert found[["session_number", "is_used"]].to_numpy().tolist() == [
        [10, True],
        [40, False],
        [41, True],
        [71, False],  # though the one before it that it also overlaps with was dropped
        [72, True],
    ]
    assert found["dropped_reason"].tolist() == [
        None,
        "its window overlaps that of the event of 2020-01-11",
        None,
        "its window overlaps that of the event of 2020-02-11",
        None,
    ]


def test_events_of_different_tickers_scorers_or_origins_do_not_overlap():
    first, second = at_sessions(10), at_sessions(11)
    for change in ({"ticker": "MU"}, {"scorer": "finance"}, {"origin": "listed"}):
        assert without_overlaps(pd.concat([first, second.assign(**change)]))["is_used"].all()


def test_an_event_that_nothing_can_be_estimated_for_displaces_no_other():
    found = without_overlaps(at_sessions(100, 115, 120), (-5, 20), pd.Series({"NVDA": 110}))
    assert found["is_used"].tolist() == [True, True, False]


def test_events_without_a_session_overlap_nothing():
    nowhere = at_sessions(10, 10).assign(session_number=pd.array([None, None], dtype="Int64"))
    found = without_overlaps(pd.concat([nowhere, at_sessions(10).astype({"session_number": "Int64"})]))
    assert found["is_used"].tolist() == [True, True, True]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 60)), max_size=40),
    st.integers(-5, 0),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
)
def test_the_kept_events_are_those_of_a_plain_loop_whatever_the_order_of_the_rows(rows, first, last, chance):
    events = pd.concat([at_sessions(number, ticker=name) for name, number in rows] or [at_sessions()])
    kept = []
    for name, number in sorted(rows):
        if not any(name == other and number - before < last - first + 1 for other, before in kept):
            kept.append((name, number))
    shuffled = events.iloc[chance.sample(range(len(events)), len(events))]
    found = without_overlaps(shuffled, window=(first, last))
    used = found[found["is_used"]]
    assert list(zip(used["ticker"], used["session_number"], strict=True)) == kept
    assert found["dropped_reason"].isna().tolist() == found["is_used"].tolist()


def listed(tmp_path, text: str) -> pd.DataFrame:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return listed_events(path)


SESSIONS = pd.DataFrame(
    [
        ("XNYS", "2024-07-02", 1, "2024-07-02T20:00Z"),
        ("XNYS", "2024-07-03", 2, "2024-07-03T17:00Z"),  # a half day
        ("XNYS", "2024-07-05", 3, "2024-07-05T20:00Z"),
        ("24/7", "2024-07-03", 71, "2024-07-04T00:00Z"),
        ("24/7", "2024-07-04", 72, "2024-07-05T00:00Z"),
    ],
    columns=["calendar", "trading_day", "session_number", "close_at"],
).assign(
    trading_day=lambda table: pd.to_datetime(table["trading_day"]),
    close_at=lambda table: pd.to_datetime(table["close_at"]),
)
CALENDARS = {"NVDA": "XNYS", "BRK.B": "XNYS", "BTC": "24/7"}


def test_a_listed_event_belongs_to_the_first_session_that_closes_after_it(tmp_path):
    rows = listed(
        tmp_path,
        "ticker,moment,day,label\n"
        "nvda,2024-07-03T12:59:59-04:00,,earnings\n"
        "NVDA,2024-07-03T13:00:00-04:00,,earnings\n"  # the close itself: too late
        "$NVDA,,2024-07-03,\n"
        '"brk.b",,2024-07-04,a "quoted, label"\n'.replace('a "quoted, label"', '"a ""quoted, label"""')
        + "\n"
        "BTC,2024-07-04T23:59:59Z,,\n"
        "BTC,,2024-07-04,\n"
        "BTC,,2024-07-09,\n"
        "XYZ,2024-07-03T01:00:00Z,,\n"
        "NVDA,0001-01-01T00:00:00+14:00,,\n"
        "NVDA,,9999-12-31,\n",
    )
    assert rows["line"].tolist() == [2, 3, 4, 5, 7, 8, 9, 10, 11, 12]
    events = on_sessions(rows, SESSIONS.sample(frac=1, random_state=1), CALENDARS)
    assert list(events.columns) == list(EVENTS)
    assert set(events["origin"]) == {"listed"}
    found = events[["ticker", "trading_day", "session_number", "label"]]
    assert [
        (ticker, str(day)[:10], None if pd.isna(number) else number, label)
        for ticker, day, number, label in found.itertuples(index=False)
    ] == [
        ("NVDA", "2024-07-03", 2, "earnings"),
        ("NVDA", "2024-07-05", 3, "earnings"),
        ("NVDA", "2024-07-03", 2, None),
        ("BRK.B", "2024-07-05", 3, 'a "quoted, label"'),
        ("BTC", "2024-07-04", 72, None),
        ("BTC", "2024-07-04", 72, None),
        ("BTC", "2024-07-09", None, None),
        ("XYZ", "2024-07-03", None, None),
        ("NVDA", "0000-12-31", None, None),
        ("NVDA", "9999-12-31", None, None),
    ]
    assert without_overlaps(events)["is_used"].sum() == 7  # the sessionless ones too


def test_a_header_in_other_case_with_semicolons_and_a_byte_order_mark_is_read(tmp_path):
    rows = listed(tmp_path, "\ufeff\nTicker; Day\nNVDA;2024-07-03\n")
    assert rows[["ticker", "day"]].to_numpy().tolist() == [["NVDA", pd.Timestamp("2024-07-03")]]
    assert rows["moment"].isna().all()
    assert rows["moment"].dtype == "datetime64[us, UTC]"


def test_a_header_alone_is_a_list_of_no_events(tmp_path):
    rows = listed(tmp_path, "ticker,moment\n")
    assert len(rows) == 0
    assert len(without_overlaps(on_sessions(rows, SESSIONS, CALENDARS))) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.csv: an empty file; expected ticker, moment and/or day"),
        ("name,day\n", "mine.csv, line 1: the columns are 'name,day'; expected ticker"),
        ("ticker,day,note\n", "line 1, column 'note': unknown; expected"),
        ("ticker,day,day\n", "line 1, column day: named twice"),
        ("ticker,day\nNV DA,2024-07-03\n", "line 2, column ticker: 'NV DA' is no ticker; write it like NVDA"),
        ("ticker,day\n,2024-07-03\n", "line 2, column ticker: '' is no ticker"),
        ("ticker,day\n=cmd|' /C calc'!A0,2024-07-03\n", "column ticker"),
        ("ticker,day\nNVDA,20240703\n", "line 2, column day: '20240703' is no day; write it like 2024-07-03".replace("24-07-03", "14-01-02")),
        ("ticker,day\nNVDA,2024-02-30\n", "line 2, column day: '2024-02-30' is no day"),
        ("ticker,day\nNVDA,٢٠٢٤-07-03\n", "is no day"),
        ("ticker,moment\nNVDA,2024-07-03T10:00:00\n", "line 2, column moment: '2024-07-03T10:00:00' is no moment; write a time with its zone"),
        ("ticker,moment\nNVDA,yesterday\n", "line 2, column moment: 'yesterday' is no moment"),
        ("ticker,moment,day\nNVDA,2024-07-03T10:00:00Z,2024-07-03\n", "line 2, columns moment and day: fill exactly one"),
        ("ticker,moment,day\nNVDA,,\n", "line 2, columns moment and day: fill exactly one"),
        ("ticker,day,label\nNVDA,2024-07-03,all\n", "line 2, column label: 'all' is the study's name"),
        ("ticker,day,label\nNVDA,2024-07-03,a\x1b[31mb\n", r"column label: 'a\\x1b\[31mb' holds control characters"),
        ("ticker,day,label\nNVDA,2024-07-03," + "x" * 101 + "\n", r"column label: 'x{60}'… has 101 characters, more than the 100"),
        ("ticker,day\nNVDA," + "9" * 5_000 + "\n", "line 2: line of 5,005 bytes is longer than the 4,096"),
        ("ticker," * 1_000, "mine.csv, line 1: line of 7,000 bytes"),
        ("ticker,day\nNVDA,2024-07-03,x\n", "line 2: 3 cells where the header has 2"),
        ('ticker,day\n"NVDA,2024-07-03\n', "line 2: not CSV"),
    ],
)  # fmt: skip
def test_a_bad_list_is_refused_with_file_line_and_column(tmp_path, text, message):
    with pytest.raises(BadEvents, match=message) as refused:
        listed(tmp_path, text)
    assert "mine.csv" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_list_of_too_many_events_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "MOST_ROWS", 3)
    with pytest.raises(BadEvents, match="line 5: more than 3 events; split the file"):
        listed(tmp_path, "ticker,day\n" + "NVDA,2024-07-03\n" * 4)


def test_a_hundred_thousand_events_are_thinned_quickly():
    sessions = np.arange(100_000)
    events = at_sessions(*range(3)).iloc[[0] * len(sessions)].assign(
        ticker=np.char.add("T", (sessions % 500).astype(str)), session_number=sessions // 500
    )  # fmt: skip
    found = without_overlaps(events)
    assert found["is_used"].sum() == 3_500  # of 500 tickers: 200 sessions hold 7 windows of 31
