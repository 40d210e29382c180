"""Parts of the small charts of marts: rows to come, panels by scorer, axes, colours. Not here: any chart."""

from typing import Any

import altair as alt

from pipelines.report.theme import LIGHT

ROWS = "rows"
WIDTH, HEIGHT = 400, 120  # of the whole plot, the axes not counted
POSITIVE, NEGATIVE, SILENT = LIGHT.bullish, LIGHT.bearish, LIGHT.silent
PALE = "#c9d1d9"
SIDES = alt.Scale(domain=["positive", "negative", "listed"], range=[POSITIVE, NEGATIVE, SILENT])
EVIDENCE = alt.Color(
    "is_evidence:N",
    title=None,
    scale=alt.Scale(domain=[True, False], range=[POSITIVE, SILENT]),
    legend=alt.Legend(labelExpr="datum.label == 'true' ? 'evidence (q ≤ 0.05)' : 'no evidence'"),
)


def rows(panels: int = 1) -> alt.Chart:
    """A chart of the rows, one of so many beside each other."""
    gaps = 60 * (panels - 1)
    return alt.Chart(alt.Data(name=ROWS), width=(WIDTH - gaps) / panels, height=HEIGHT)


def part() -> alt.Chart:
    """A layer of ``by_scorer``; with rows of its own it would show those of every scorer."""
    return alt.Chart()


def by_scorer(*layers: alt.Chart) -> alt.FacetChart:
    """The layers once for each scorer, side by side."""
    layered = alt.layer(*layers, data=alt.Data(name=ROWS)).properties(width=(WIDTH - 30) / 2, height=HEIGHT)
    return layered.facet(column=alt.Column("scorer:N", title=None), spacing=20)


def along(field: str, title: str | None, **more: Any) -> alt.X:
    """The horizontal axis."""
    return alt.X(field, title=title, **more)


def up(field: str, title: str | None, **more: Any) -> alt.Y:
    """The vertical axis, with few lines."""
    return alt.Y(field, title=title, axis=alt.Axis(tickCount=4), **more)


def time_axis(field: str) -> alt.X:
    """Time along the horizontal axis."""
    return alt.X(f"{field}:T", title=None, axis=alt.Axis(tickCount=4, grid=False, labelOverlap=True, labelSeparation=8))


def colours(field: str, title: str | None, given: dict[str, str]) -> alt.Color:
    """A colour for each of our own words."""
    return alt.Color(field, title=title, scale=alt.Scale(domain=list(given), range=list(given.values())))


def no_line() -> alt.Chart:
    """The line at zero."""
    return alt.Chart(alt.Data(values=[{}])).mark_rule().encode(y=alt.datum(0))
