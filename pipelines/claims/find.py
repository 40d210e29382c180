"""What texts state that a tape or a calendar can decide: the rows of ``core.claims``.

Here: whole tables of sentences, and the main ticker of each text. Not here: what one sentence claims
(``read.py``), what the tape shows.
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.claims.candidates import may_claim
from pipelines.claims.read import Claim, read_sentence
from pipelines.claims.subjects import Mention, main_ticker

CLAIMS = pa.schema(
    [
        pa.field("text_id", pa.string(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("claim_number", pa.int32(), nullable=False),
        ("ticker", pa.string()),
        pa.field("kind", pa.string(), nullable=False),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("direction", pa.string()),
        pa.field("bound", pa.string(), nullable=False),
        ("basis", pa.string()),
        ("period", pa.string()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("due_on", pa.date32()),
        ("said_by", pa.string()),
        pa.field("is_hedged", pa.bool_(), nullable=False),
        ("hedge", pa.string()),
        pa.field("matched", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
    ]
)
EXCHANGE = ZoneInfo("America/New_York")  # whose date "today" and "Tuesday" are
LONGEST_SENTENCE = 1_000  # characters read of a sentence; core.sentences has none longer
_READ = ["text_id", "position", "sentence", "is_quote", "published_at", "known_at"]


def find_claims(sentences: pa.Table, mentions: pa.Table) -> pa.Table:
    """Find the claims in sentences.

    ``sentences``: ``text_id`` string, ``position`` int32, ``sentence`` string, ``is_quote`` bool (somebody
    else's words: not read), ``published_at`` and ``known_at`` timestamp UTC, ``day`` date32.
    ``mentions``: ``text_id``, ``position`` (null where the whole text is meant), ``ticker``, ``start``,
    ``relevance``; all rows of these texts. Other columns are ignored.

    Returns ``CLAIMS``, the columns of ``core.claims`` but ``known_at`` and ``day``, in the order of the
    sentences. Values as said: 5.58 percent, 65e9 usd, 9.74 times; never negative, the sign is the
    ``direction``. Of a target the direction says raised (up) or cut (down), and is null where it is only
    stated. Dates are those of the exchange, counted from ``published_at``, else ``known_at``. A price that
    is foretold has a ``period_from`` on that day; its ``period_to`` is null where no end is said.

    Raises ``KeyError`` for a missing column.
    """
    sentences = sentences.select(_READ).combine_chunks()
    wanted = pc.and_(may_claim(sentences["sentence"]), pc.invert(pc.fill_null(sentences["is_quote"], False)))
    rows = sentences.filter(wanted)
    named, main = _by_text(mentions.select(["text_id", "position", "ticker", "start", "relevance"]), rows["text_id"])
    claims: list[Claim] = []
    for row in rows.to_pylist():
        said_on = (row["published_at"] or row["known_at"]).astimezone(EXCHANGE).date()
        place = row["text_id"], row["position"]
        found = read_sentence(row["sentence"][:LONGEST_SENTENCE], said_on, named[place], main.get(row["text_id"]))
        claims += ({"text_id": row["text_id"], "position": row["position"], **claim} for claim in found)
    return pa.Table.from_pylist(claims, schema=CLAIMS)


def _by_text(
    mentions: pa.Table, texts: pa.ChunkedArray
) -> tuple[dict[tuple[str, int], list[Mention]], dict[str, str | None]]:
    """The mentions of each sentence, and the main ticker of each text, of the texts asked for."""
    named: dict[tuple[str, int], list[Mention]] = defaultdict(list)
    relevance: dict[str, dict[str, float]] = defaultdict(dict)
    for row in mentions.filter(pc.is_in(mentions["text_id"], texts.combine_chunks())).to_pylist():
        relevance[row["text_id"]][row["ticker"]] = row["relevance"]
        if row["start"] is not None:
            named[row["text_id"], row["position"]].append(Mention(row["ticker"], row["start"]))
    return named, {text: main_ticker(by_ticker) for text, by_ticker in relevance.items()}
