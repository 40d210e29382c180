"""Which session a text belongs to, and at which open it could first be traded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import post

# (what, moment in UTC, react session, entry session)
EDGES = [
    ("a second before the close", "2024-07-02T19:59:59Z", "2024-07-02", "2024-07-03"),
    ("at the close", "2024-07-02T20:00:00Z", "2024-07-03", "2024-07-03"),
    ("a second after the close", "2024-07-02T20:00:01Z", "2024-07-03", "2024-07-03"),
    ("a second before the open", "2024-07-02T13:29:59Z", "2024-07-02", "2024-07-02"),
    ("at the open", "2024-07-02T13:30:00Z", "2024-07-02", "2024-07-03"),
    ("a second after the open", "2024-07-02T13:30:01Z", "2024-07-02", "2024-07-03"),
    ("a second before a half day's close", "2024-07-03T16:59:59Z", "2024-07-03", "2024-07-05"),
    ("a second after a half day's close", "2024-07-03T17:00:01Z", "2024-07-05", "2024-07-05"),
    ("on a holiday", "2024-07-04T15:00:00Z", "2024-07-05", "2024-07-05"),
    ("a second before a holiday's midnight", "2024-07-04T23:59:59Z", "2024-07-05", "2024-07-05"),
    ("on a Saturday", "2024-07-06T12:00:00Z", "2024-07-08", "2024-07-08"),
    ("before the clocks go back", "2024-11-01T20:00:01Z", "2024-11-04", "2024-11-04"),
    ("after the clocks went back, in the last hour", "2024-11-04T20:59:59Z", "2024-11-04", "2024-11-05"),
]
CRYPTO = [
    ("a second before midnight", "2024-07-06T23:59:59Z", "2024-07-06", "2024-07-07"),
    ("at midnight", "2024-07-07T00:00:00Z", "2024-07-07", "2024-07-08"),
]


@pytest.fixture(scope="module")
def moves(tmp_path_factory):
    """Every edge as a post on MU or BTC, through the whole job."""
    from tests.conftest import Home

    home = Home(tmp_path_factory.mktemp("edges"), job="hourly")
    rows = [post(f"x{n}", edge[1], "$MU is great") for n, edge in enumerate(EDGES)]
    rows += [post(f"c{n}", edge[1], "$BTC is great") for n, edge in enumerate(CRYPTO)]
    home.drop("texts/edges.ndjson", rows)
    home.run("2024-07-01", "2024-11-30")
    return {
        text_id: (react, entry, known_at, entry_at)
        for text_id, react, entry, known_at, entry_at in home.ask(
            "select text_id, react_session, entry_session, known_at, entry_at from mart.text_moves where scorer = 'vader'"
        )
    }


@pytest.mark.parametrize(
    ("text_id", "edge"),
    [(f"test:x{n}", edge) for n, edge in enumerate(EDGES)] + [(f"test:c{n}", edge) for n, edge in enumerate(CRYPTO)],
    ids=[edge[0] for edge in EDGES + CRYPTO],
)
def test_a_text_lands_in_its_session(moves, text_id, edge):
    react, entry, known_at, entry_at = moves[text_id]
    assert (react, entry) == (date.fromisoformat(edge[2]), date.fromisoformat(edge[3]))
    assert known_at == datetime.fromisoformat(edge[1]).astimezone(UTC)
    assert known_at < entry_at <= known_at + timedelta(days=4)
