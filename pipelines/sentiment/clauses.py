"""Scores of clauses: the words of a shared sentence that are about one ticker.

Here: each clause scored alone, and the sign that a preference gives. Not here: which words are whose
(``pipelines/text/clauses.py``).
"""

import re
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sentiment.score import SCORERS, score, scorer_version

PREFERENCE = 0.3  # size of a preference whose words have no tone: a mild view, as "prefer AMD over INTC" is
SIGN = {"preferred": 1.0, "passed_over": -1.0}


def score_clauses(clauses: pa.Table, mentions: pa.Table) -> pa.Table:
    """The clauses (text_id, position, ticker, rule, clause) once for each scorer, scored.

    ``mentions`` (text_id, position, ticker, matched) of the same sentences: whoever is named is scored as a cashtag, so
    that a name has no tone of its own (Best Buy) and "Micron up" is read as "$MU up".

    Adds ``scorer``, ``scorer_version`` and ``compound`` (float64, -1 to 1): of the clause alone; for the rules
    ``preferred`` and ``passed_over`` its size, ``PREFERENCE`` at least, with the sign of the preference.
    """
    spoken = pa.array(_with_cashtags(clauses, mentions), pa.string())
    return pa.concat_tables([_scored(clauses, spoken, scorer) for scorer in SCORERS])


def _with_cashtags(clauses: pa.Table, mentions: pa.Table) -> list[str]:
    """The clauses with each matched name of their sentence written as a cashtag."""
    names: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for row in mentions.select(["text_id", "position", "ticker", "matched"]).to_pylist():
        if row["matched"]:
            names[row["text_id"], row["position"]][row["matched"]] = f"${row['ticker']}"
    return [
        _renamed(row["clause"], names[row["text_id"], row["position"]])
        for row in clauses.select(["text_id", "position", "clause"]).to_pylist()
    ]


def _renamed(clause: str, names: dict[str, str]) -> str:
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.sub(rf"(?<![\w$#])(?:{'|'.join(longest_first)})(?!\w)", lambda name: names[name[0]], clause)


def _scored(clauses: pa.Table, spoken: pa.Array, scorer: str) -> pa.Table:
    compound = score(spoken, scorer)["compound"]
    size = pc.max_element_wise(pc.abs(compound), PREFERENCE)
    for rule, sign in SIGN.items():
        compound = pc.if_else(pc.equal(clauses["rule"], rule), pc.multiply(size, sign), compound)
    return (
        clauses.append_column("scorer", pa.repeat(scorer, len(clauses)))
        .append_column("scorer_version", pa.repeat(scorer_version(scorer), len(clauses)))
        .append_column("compound", compound)
    )
