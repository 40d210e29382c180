"""STEPS 2 and 3. Core tables of text: each is a function of raw and of the days asked for, of nothing else."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import dagster as dg
import duckdb
import pyarrow as pa

from pipelines.defs.metadata import shown
from pipelines.defs.resources import DAYS, IN_ONE_RUN
from pipelines.sentiment import SCORERS, score, scorer_version
from pipelines.sentiment.stance import stated_stance
from pipelines.text.clean import clean
from pipelines.text.copies import number_copies
from pipelines.text.meant import meant
from pipelines.text.sentences import split_sentences
from pipelines.warehouse import Warehouse, clear_days, insert, sql_file, stream, transaction

CORE = {"key_prefix": "core", "group_name": "core", "kinds": {"duckdb"}, **IN_ONE_RUN}
SCORED_ROWS = 100_000  # sentences scored at a time: enough for all cores, some 15 MB
INHERITED_CONFIDENCE = 0.5  # a comment that names nothing probably speaks of its thread's subject: half as sure

# Dagster's tags of a run over one day, or over a range of days.
ONE_DAY = "dagster/partition"
FIRST_DAY, LAST_DAY = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def days_of_run(context: dg.AssetExecutionContext, con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """First and last UTC day that the run is about; all days of ``core.texts`` where it names none.

    Only ``core.texts`` is partitioned. Dagster writes two events of about 8 ms for every partition of every asset, so
    five partitioned tables cost a year 30 s of bookkeeping around 10 s of work.
    """
    tags = context.run.tags
    first, last = tags.get(FIRST_DAY, tags.get(ONE_DAY)), tags.get(LAST_DAY, tags.get(ONE_DAY))
    if first and last:
        return {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    known = con.execute("select min(day), max(day) from core.texts").fetchall()
    first_known, last_known = known[0]
    return {"first": first_known or date.min, "last": last_known or date.min}


def gather(con: duckdb.DuckDBPyConnection, name: str, batches: Iterable[pa.Table]) -> None:
    """Collect ``batches`` (at least one) in a temporary table, which spills to disk."""
    con.execute(f"drop table if exists {name}")
    for batch in batches:
        con.execute(f"create temp table if not exists {name} as select * from batch limit 0")
        insert(con, name, batch)


@dg.asset(**CORE, partitions_def=DAYS, deps=[["raw", "posts"], ["raw", "comments"]])
def texts(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per post, article or comment, cleaned, as first seen."""
    if not (context.has_partition_key or context.has_partition_key_range):
        raise dg.Failure("which days? Add --partition-range 2024-07-01...2024-07-31 (or --partition 2024-07-01)")
    window = context.partition_time_window
    days = {"first": window.start.date(), "last": window.end.date() - timedelta(days=1)}
    with warehouse.connect() as con:
        gather(con, "cleaned", map(understood, stream(con, sql_file("core/texts"), days)))
        known = con.execute("select text_id, content_hash, published_at, known_at from cleaned").to_arrow_table()
        con.register("copies", number_copies(known))
        with transaction(con):
            con.execute("delete from core.texts where text_id in (select text_id from cleaned where is_wanted)")
            clear_days(con, "core.texts", days)
            con.execute(
                """insert into core.texts by name
                select cleaned.* exclude (body_format, is_wanted), copies.* exclude (text_id)
                from cleaned join copies using (text_id)
                where cleaned.is_wanted"""
            )
        return dg.MaterializeResult(metadata=shown(con, "core.texts"))


def understood(batch: pa.Table) -> pa.Table:
    """A batch of texts cleaned, with the position that the author's own words state."""
    cleaned = clean(batch)
    return cleaned.append_column("stated_stance", stated_stance(cleaned["body"]))


@dg.asset(**CORE, deps=[texts])
def sentences(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per sentence of a text; headings name the section they open."""
    query = "select text_id, title, body, day from core.texts where day between $first and $last"
    with warehouse.connect() as con:
        days = days_of_run(context, con)
        warehouse.replace_days(con, "core.sentences", days, map(split_sentences, stream(con, query, days)))
        return dg.MaterializeResult(metadata=shown(con, "core.sentences"))


@dg.asset(**CORE, deps=[sentences])
def scores(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per sentence, scorer and version, for texts in English; an older version's scores stay beside the new."""
    query = """select sentences.text_id, sentences.position, sentences.sentence, sentences.day
        from core.sentences join core.texts using (text_id)
        where sentences.day between $first and $last and coalesce(texts.language, 'en') = 'en'"""
    with warehouse.connect() as con, transaction(con):
        days = days_of_run(context, con)
        con.execute("update core.scorers set is_current = false")
        for scorer in SCORERS:
            current = [scorer, scorer_version(scorer)]
            con.execute("delete from core.scorers where scorer = ? and scorer_version = ?", current)
            con.execute("insert into core.scorers values (?, ?, true)", current)
        con.execute(
            """delete from core.scores
            where (day between $first and $last
                    or text_id in (select text_id from core.texts where day between $first and $last))
                and ((scorer, scorer_version) in (select (scorer, scorer_version) from core.scorers where is_current)
                    or (text_id, position, day) not in (select (text_id, position, day) from core.sentences))""",
            days,
        )
        for batch in stream(con, query, days, rows=SCORED_ROWS):
            for scorer in SCORERS:
                insert(con, "core.scores", scored(batch, scorer))
    with warehouse.connect() as con:
        return dg.MaterializeResult(metadata=shown(con, "core.scores", "core.scorers"))


def scored(batch: pa.Table, scorer: str) -> pa.Table:
    """Rows of ``core.scores`` for a batch of sentences (text_id, position, sentence, day)."""
    figures = score(batch["sentence"], scorer)
    for name, value in (("scorer", scorer), ("scorer_version", scorer_version(scorer))):
        figures = figures.append_column(name, pa.repeat(value, batch.num_rows))
    for name in ("text_id", "position", "day"):
        figures = figures.append_column(name, batch[name])
    return figures


@dg.asset(**CORE, deps=[sentences, ["core", "instruments"]])
def mentions(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per text, ticker, rule and place: why we think it speaks of that ticker."""
    with warehouse.connect() as con:
        days = days_of_run(context, con)
        instruments = con.execute("select * from core.instruments order by ticker, valid_from").to_arrow_table()
        gather(con, "found_mentions", (meant(*pair, instruments) for pair in texts_with_sentences(con, days)))
        starts = map(clean, stream(con, sql_file("core/thread_starts"), days))
        gather(con, "start_mentions", (start_mentions(batch, instruments) for batch in starts))
        with transaction(con):
            clear_days(con, "core.mentions", days)
            con.execute(
                f"insert into core.mentions by name {sql_file('core/mentions')}",
                {**days, "inherited_confidence": INHERITED_CONFIDENCE},
            )
        return dg.MaterializeResult(metadata=shown(con, "core.mentions"))


def texts_with_sentences(con: duckdb.DuckDBPyConnection, days: dict[str, date]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Texts (text_id, symbols) of the days in batches, each with all sentences of just these texts."""
    query = "select text_id, symbols from core.texts where day between $first and $last order by text_id"
    for batch in stream(con, query, days):
        bounds = (
            {"low": batch["text_id"][0].as_py(), "high": batch["text_id"][-1].as_py()}
            if batch.num_rows
            else {
                "low": "",
                "high": "",
            }
        )
        spoken = con.execute(
            """select text_id, position, sentence, section, stance, is_title, is_quote from core.sentences
            where day between $first and $last and text_id between $low and $high order by text_id, position""",
            {**days, **bounds},
        ).to_arrow_table()
        yield batch, spoken


def start_mentions(batch: pa.Table, instruments: pa.Table) -> pa.Table:
    """Mentions in first posts of threads, with ``known_at`` of the post."""
    return meant(batch, split_sentences(batch), instruments).join(batch.select(["text_id", "known_at"]), "text_id")


@dg.asset(**CORE, deps=[mentions, scores])
def opinions(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per text, ticker and scorer: what the text says of that ticker, and on which sentences that stands."""
    with warehouse.connect() as con:
        days = days_of_run(context, con)
        with transaction(con):
            clear_days(con, "core.opinions", days)
            con.execute(f"insert into core.opinions by name {sql_file('core/opinions')}", days)
        return dg.MaterializeResult(metadata=shown(con, "core.opinions"))
