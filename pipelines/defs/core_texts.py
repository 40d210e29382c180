"""STEPS 2 and 3. Core tables of text: each is a function of raw and of the days asked for, of nothing else.

Here: texts, their sentences and scores. Not here: whom they are about and what they claim (``core_opinions.py``).
"""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg
import duckdb
import pyarrow as pa

from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import DAYS, EACH_DAY, IN_ONE_RUN, days_of_run, whole
from pipelines.due import texts_changed
from pipelines.progress import Progress
from pipelines.sentiment import SCORERS, score, scorer_version
from pipelines.sentiment.stance import stated_stance
from pipelines.sql_files import sql_file
from pipelines.tables import BATCH_ROWS, clear_days, count_found, gather, insert, stream, transaction
from pipelines.text.automatic import automatic_reason
from pipelines.text.clean import clean
from pipelines.text.copies import number_copies
from pipelines.text.near_copies import fingerprints
from pipelines.text.reposts import is_repost
from pipelines.text.sentences import split_sentences
from pipelines.warehouse import Warehouse

CORE = {"key_prefix": "core", "group_name": "core", "kinds": {"duckdb"}, **IN_ONE_RUN}
SCORED_ROWS = 100_000  # sentences scored at a time: enough for all cores, some 15 MB


@dg.asset(
    **CORE,
    **declared("core.texts"),
    partitions_def=DAYS,
    deps=[["raw", "posts"], ["raw", "comments"]],
    freshness_policy=EACH_DAY,
)
def texts(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per post, article or comment, cleaned, as first seen."""
    if not (context.has_partition_key or context.has_partition_key_range):
        raise dg.Failure("which days? Add --partition-range 2024-07-01...2024-07-31 (or --partition 2024-07-01)")
    window = context.partition_time_window
    days = {"first": window.start.date(), "last": window.end.date() - timedelta(days=1)}
    with warehouse.at_work() as (con, progress):
        found = progress.of(stream(con, sql_file("core/texts"), days), "texts", at_most(con, days))
        gather(con, "cleaned", map(understood, found))
        known = con.execute("select text_id, content_hash, fingerprint, known_at from cleaned").to_arrow_table()
        con.register("copies", number_copies(known))
        with transaction(con):
            arriving = "text_id in (select text_id from cleaned where is_wanted)"
            texts_changed(con, "core.texts", arriving, {})
            con.execute(f"delete from core.texts where {arriving}")
            clear_days(con, "core.texts", days)
            con.execute(f"insert into core.texts by name {sql_file('core/numbered_texts')}")
            texts_changed(con, "core.texts", arriving, {})
        return built(con, "core.texts")


def at_most(con: duckdb.DuckDBPyConnection, days: dict[str, date]) -> int:
    """A few more texts than ``core/texts`` gives; to count those themselves would take a tenth of the step."""
    return con.execute(
        """select count(distinct text_id)
        from (select text_id, day from raw.posts union all select text_id, day from raw.comments)
        where day between $first::date - 1 and $last""",
        days,
    ).fetchall()[0][0]


def told_of(
    progress: Progress,
    unit: str,
    con: duckdb.DuckDBPyConnection,
    query: str,
    days: dict[str, date],
    rows: int = BATCH_ROWS,
) -> Iterator[pa.Table]:
    """The rows of ``query`` as ``stream`` gives them; the log says how many of all were done."""
    return progress.of(stream(con, query, days, rows), unit, count_found(con, query, days))


def understood(batch: pa.Table) -> pa.Table:
    """A batch of texts cleaned, with what is known of each from its own words: position, machine, repost, print."""
    texts = clean(batch)
    return (
        texts.append_column("stated_stance", stated_stance(texts["body"]))
        .append_column("automatic_reason", automatic_reason(texts))
        .append_column("is_repost", is_repost(texts))
        .append_column("fingerprint", fingerprints(texts))
    )


@dg.asset(**CORE, deps=[whole(["core", "texts"])], **declared("core.sentences"))
def sentences(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per sentence of a text; headings name the section they open."""
    query = "select text_id, title, body, day from core.texts where day between $first and $last"
    with warehouse.at_work() as (con, progress):
        days = days_of_run(context, con)
        texts = told_of(progress, "texts", con, query, days)
        warehouse.replace_days(con, "core.sentences", days, map(split_sentences, texts))
        return built(con, "core.sentences")


@dg.asset(**CORE, deps=[sentences], **declared("core.scores"))
def scores(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per sentence, scorer and version, for texts in English; an older version's scores stay beside the new."""
    query = """select sentences.text_id, sentences.position, sentences.sentence, sentences.day
        from core.sentences join core.texts using (text_id)
        where sentences.day between $first and $last and sentences.has_words
            and coalesce(texts.language, 'en') = 'en'"""
    with warehouse.at_work() as (con, progress), transaction(con):
        days = days_of_run(context, con)
        con.execute("update core.scorers set is_current = false")
        for scorer in SCORERS:
            current = [scorer, scorer_version(scorer)]
            con.execute("delete from core.scorers where scorer = ? and scorer_version = ?", current)
            con.execute("insert into core.scorers values (?, ?, true)", current)
        texts_changed(con, "core.scores", "day between $first and $last", days)
        con.execute(
            """delete from core.scores
            where (day between $first and $last
                    or text_id in (select text_id from core.texts where day between $first and $last))
                and ((scorer, scorer_version) in (select (scorer, scorer_version) from core.scorers where is_current)
                    or (text_id, position, day) not in (select (text_id, position, day) from core.sentences))""",
            days,
        )
        for batch in told_of(progress, "sentences", con, query, days, SCORED_ROWS):
            for scorer in SCORERS:
                insert(con, "core.scores", scored(batch, scorer))
    with warehouse.at_work() as (con, _):
        return built(con, "core.scores", "core.scorers")


def scored(batch: pa.Table, scorer: str) -> pa.Table:
    """Rows of ``core.scores`` for a batch of sentences (text_id, position, sentence, day)."""
    figures = score(batch["sentence"], scorer)
    for name, value in (("scorer", scorer), ("scorer_version", scorer_version(scorer))):
        figures = figures.append_column(name, pa.repeat(value, batch.num_rows))
    for name in ("text_id", "position", "day"):
        figures = figures.append_column(name, batch[name])
    return figures
