"""Reposts: somebody else's words again, so no new opinion.

Here: what the source says, and a text that begins like a retweet made by hand. Not here: the same words without either
(``copies.py``); a quote with words of one's own, which is an opinion (the sources leave its ``repost_of`` empty).
"""

import pyarrow as pa
import pyarrow.compute as pc

# "RT @ann: …", "MT .@ann …" (shortened), 'RT "@ann: …'; with own words before it, "So true RT @ann", it is a quote.
_BEGINS_AS_RETWEET = r"^[\s\"“”'‘.]{0,4}(?:RT|MT)[\s:.\"“]{0,3}@\w"


def is_repost(texts: pa.Table) -> pa.Array:
    """Whether each text repeats another: booleans, from ``repost_of`` and the cleaned ``title`` and ``body``."""
    is_repeated = pc.is_valid(texts["repost_of"].combine_chunks())
    for name in ("title", "body"):
        begins = pc.match_substring_regex(texts[name].combine_chunks(), _BEGINS_AS_RETWEET)
        is_repeated = pc.or_(is_repeated, pc.fill_null(begins, False))
    return is_repeated
