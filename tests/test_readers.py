"""Four processes read the published copy while runs write: no locks in anybody's way, and every answer is of one run."""

import pytest
from conftest import Home, post

from benchmarks.publishing import ONE_RUN, Seen, is_reading, read, start_readers, summary, what_they_saw, write_run

BY_THE_JOB = """select (select count(*) from raw.posts), (select count(*) from core.texts),
    (select count(distinct text_id) from mart.text_scores)"""


def assert_undisturbed(seen: list[Seen], published: int) -> None:
    print(summary(seen, published))
    for reader in seen:
        assert reader.wrong == []
        assert reader.runs == sorted(reader.runs)  # a later connection never sees an earlier run
        assert len(reader.runs) > 1
        assert reader.held > 0
        assert reader.runs[-1] <= published


def test_readers_and_runs_are_never_in_each_others_way(home):
    """The writes are real and go through the warehouse as a run's do; the whole job would publish twice in this time."""
    write_run(home.warehouse, 1)
    readers = start_readers(home.warehouse.published, ONE_RUN, seconds=12)
    run = 1
    while is_reading(readers):
        run += 1
        write_run(home.warehouse, run)  # waits for no lock: a reader in the way would fail it
    seen = what_they_saw(readers)
    assert_undisturbed(seen, run)
    assert sum(reader.reads for reader in seen) > 100


@pytest.mark.slow
def test_ten_minutes_of_readers_beside_the_job(home: Home):
    def take_in(run: int) -> None:
        home.drop(
            f"texts/{run}.ndjson", [post(str(run), f"2024-03-04T12:00:{run % 60:02}Z", f"great news no. {run} for $MU")]
        )
        home.run("2024-03-04")

    take_in(1)
    readers = start_readers(home.warehouse.published, BY_THE_JOB, seconds=600)
    run = 1
    while is_reading(readers):
        run += 1
        take_in(run)
    assert_undisturbed(what_they_saw(readers), run)


def test_a_reader_sees_when_an_answer_is_of_two_runs(home):
    """The readers above can fail."""
    write_run(home.warehouse, 1)
    with home.warehouse.connect() as con:
        con.execute("insert into mart.runs values (1)")
    home.warehouse.publish()
    assert "torn" in read(home.warehouse.published, ONE_RUN, 0.01).wrong[0]
