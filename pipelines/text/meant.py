"""Who a batch of texts is about: what they name, quote and declare, with the relevance of each ticker.

Here: the ways of naming put together, and what a quotation counts. Not here: the rules (``mentions.py``), the formula
(``relevance.py``), what a comment takes over from its thread (``warehouse/core/mentions.sql``).
"""

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.mentions import MENTIONS, NO_THREADS, declared_mentions, find_mentions
from pipelines.text.relevance import relevance

QUOTED = "quoted"  # the rule's name
QUOTED_WEIGHT = 0.5  # a reply may be about what it quotes, or beside it: half as sure, half as relevant


def meant(
    texts: pa.Table, sentences: pa.Table, instruments: pa.Table, thread_tickers: pa.Table = NO_THREADS
) -> pa.Table:
    """Mentions in ``texts`` (text_id, symbols) and in all their ``sentences``, each with its text's ``relevance``.

    ``sentences``: as for ``find_mentions``, with ``is_title`` and ``is_quote``. ``thread_tickers``: ``text_id``,
    ``ticker``, what the first post of a text's thread names.

    Quoted words are somebody else's. A text that names an instrument in its own words, or whose source declares one, is
    about that, and what it quotes is left out. A text that does neither answers what it quotes: those mentions are
    kept under the rule ``quoted``, less surely, in their quoted sentence, which holds no opinion of this author.

    Columns: those of ``mentions.MENTIONS``, and relevance (float64, 0 to 1).
    """
    found = find_mentions(sentences, instruments, thread_tickers)
    is_quote = sentences["is_quote"]
    quotes = sentences.filter(is_quote).select(["text_id", "position"])
    said = found.join(quotes, ["text_id", "position"], join_type="left anti")
    own = pa.concat_tables([said.cast(MENTIONS), declared_mentions(texts, instruments)])
    quoted = found.join(quotes, ["text_id", "position"], join_type="left semi")
    answers = quoted.join(own.select(["text_id"]), "text_id", join_type="left anti")
    return pa.concat_tables(
        [
            own.join(relevance(own, sentences.filter(pc.invert(is_quote))), ["text_id", "ticker"]),
            _as_quoted(answers.join(relevance(answers, sentences), ["text_id", "ticker"])),
        ]
    )


def _as_quoted(mentions: pa.Table) -> pa.Table:
    """The same mentions under the rule ``quoted``, at half their weight."""
    columns = {name: mentions[name] for name in mentions.column_names}
    columns["rule"] = pa.array([QUOTED] * mentions.num_rows, pa.string())
    for name in ("confidence", "relevance"):
        columns[name] = pc.multiply(columns[name], QUOTED_WEIGHT)
    return pa.table(columns, schema=mentions.schema)
