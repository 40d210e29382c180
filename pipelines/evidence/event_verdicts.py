"""The rows of an event study judged: q-values per question, and what each row says in words.

Here: the families of tests, the words. Not here: any statistic of the events (``event_study.py``).
"""

import pandas as pd

from pipelines.evidence.false_discovery import MAX_Q, judged
from pipelines.evidence.windows import question


def judged_events(groups: pd.DataFrame) -> pd.DataFrame:
    """Rows of an event study with ``question``, ``q``, ``q_by``, ``family_size`` and ``verdict``.

    ``groups``: as ``event_study.study`` gives them. Windows before, around and after the event are three questions and
    three families: what prices did before anybody spoke is no test of what the talk foretold.
    """
    windows = zip(groups["window_start"], groups["window_end"], strict=True)
    asked = groups.assign(
        question=pd.Series([question(window) for window in windows], index=groups.index, dtype=object),
        effect=groups["mean_car"],
        n=groups["event_count"],
        cause="",
    )
    families = [judged(family) for _, family in asked.groupby("question", sort=False)]
    table = pd.concat(families).sort_index() if families else judged(asked)
    is_evidence = (table["q"] <= MAX_Q) & (table["effect"] != 0)
    words = [
        _claim(group, effect, verdict) if found else verdict
        for group, effect, verdict, found in zip(
            table["event_group"], table["effect"], table["verdict"], is_evidence, strict=True
        )
    ]
    return table.assign(verdict=pd.Series(words, index=table.index, dtype=object)).drop(
        columns=["effect", "n", "cause"]
    )


def _claim(group: str, effect: float, verdict: str) -> str:
    """The verdict's figures behind words that fit events: "all" has negative ones turned round."""
    if group == "all":
        moved = "with the talk" if effect > 0 else "against the talk"
    else:
        moved = "up" if effect > 0 else "down"
    return f"evidence: prices went {moved} {verdict[verdict.index('(') :]}"
