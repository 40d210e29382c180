"""Who a batch of texts is about: what they name and what their source declares, with the relevance of each ticker.

Here: the two ways of naming put together. Not here: the rules (``mentions.py``), the formula (``relevance.py``),
what a comment takes over from its thread (``warehouse/core/mentions.sql``).
"""

import pyarrow as pa

from pipelines.text.mentions import declared_mentions, find_mentions
from pipelines.text.relevance import relevance


def meant(texts: pa.Table, sentences: pa.Table, instruments: pa.Table) -> pa.Table:
    """Mentions in ``texts`` (text_id, symbols) and in all their ``sentences``, each with its text's ``relevance``.

    Columns: those of ``mentions.MENTIONS``, and relevance (float64, 0 to 1).
    """
    found = pa.concat_tables([find_mentions(sentences, instruments), declared_mentions(texts, instruments)])
    return found.join(relevance(found, sentences), ["text_id", "ticker"])
