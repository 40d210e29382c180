"""One small chart per mart, as a specification of Vega-Lite that waits for its rows.

The rows are those of ``warehouse/pictures/<mart>.sql``, by the name ``rows``. Words of strangers (a ticker, a service)
come as values of rows alone; every word in here is our own. Not here: the rows, drawing (``pictures.py``).
"""

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


def ticker_days() -> alt.HConcatChart:
    """Does a gloomy or a cheerful session go before another return; and how many texts there are, by time."""
    fifths = rows(2).transform_filter("datum.panel == 'returns'")
    returns = fifths.mark_line(point=True).encode(
        along(
            "fifth:O",
            "fifth by sentiment, 5: most cheerful",
            scale=alt.Scale(domain=[1, 2, 3, 4, 5]),
            axis=alt.Axis(labelAngle=0),
        ),
        up("return_bps:Q", "next return, bps"),
        alt.Color("scorer:N", title=None, scale=alt.Scale(range=[POSITIVE, NEGATIVE, SILENT])),
    )
    size = (
        fifths.transform_aggregate(n="min(day_count)")
        .transform_calculate(words="'n ≥ ' + format(datum.n, ',') + ' each'")
        .mark_text(align="right", baseline="bottom", fontSize=10, color=LIGHT.muted)
        .encode(text="words:N", x=alt.value("width"), y=alt.value("height"))
    )
    coverage = (
        rows(2)
        .transform_filter("datum.panel == 'coverage'")
        .mark_line(color=SILENT, point={"size": 8, "color": SILENT})
        .encode(time_axis("week"), up("texts_per_day:Q", "texts a day", scale=alt.Scale(zero=True)))
    )
    return alt.hconcat(returns + size, coverage, spacing=20)


def text_moves() -> alt.FacetChart:
    """Returns of the text's own session, which began before it, and of the next."""
    lines = part().encode(
        along("sentiment:Q", "sentiment of the text", scale=alt.Scale(domain=[-1, 1]), axis=alt.Axis(tickCount=4)),
        up("return_bps:Q", "mean return, bps"),
        colours("session:N", "session", {"next": POSITIVE, "same": PALE}),
    )
    return by_scorer(lines.mark_line(point=True))


def source_days() -> alt.Chart:
    """Texts of each service by time, one above the other."""
    return (
        rows()
        .mark_bar(width={"band": 1})
        .encode(
            time_axis("week"),
            up("texts_per_day:Q", "texts a day", stack="zero"),
            alt.Color(
                "source:N",
                title=None,
                scale=alt.Scale(range=[POSITIVE, NEGATIVE, SILENT, "#8ab8e6", "#e3a878", PALE]),
                legend=alt.Legend(orient="right", labelLimit=90),
            ),
        )
        .properties(width=WIDTH - 90)
    )


def threads() -> alt.FacetChart:
    """Where author and crowd stand, as a map."""
    ends = alt.Scale(domain=[-1, 1], nice=False)
    squares = part().encode(
        along("author:Q", "author", scale=ends, axis=alt.Axis(tickCount=4)),
        alt.Y("crowd:Q", title="commenters", scale=ends, axis=alt.Axis(tickCount=4)),
        alt.Size("thread_count:Q", title="threads", scale=alt.Scale(range=[4, 160]), legend=alt.Legend(tickCount=3)),
    )
    return by_scorer(squares.mark_square(color=POSITIVE, opacity=0.8))


def text_scores() -> alt.Chart:
    """How sentiment is spread, by scorer."""
    return (
        rows()
        .mark_line(interpolate="step")
        .encode(
            along("sentiment:Q", "sentiment of the whole text", scale=alt.Scale(domain=[-1, 1])),
            alt.Y("text_share:Q", title="share of texts", axis=alt.Axis(format="%", tickCount=4)),
            alt.Color("scorer:N", title=None, scale=alt.Scale(range=[POSITIVE, NEGATIVE, SILENT])),
        )
    )


def claim_checks() -> alt.Chart:
    """What became of claims, by kind."""
    verdicts = {"confirmed": POSITIVE, "contradicted": NEGATIVE, "not yet due": SILENT, "cannot be checked": PALE}
    return (
        rows()
        .mark_bar()
        .encode(
            along("claim_count:Q", "claims", axis=alt.Axis(tickCount=5)),
            alt.Y("kind:N", title=None, sort="-x"),
            colours("status:N", None, verdicts),
        )
    )


def claim_windows() -> alt.Chart:
    """How long claims have to come true."""
    return (
        rows()
        .mark_bar()
        .encode(
            along("sessions:N", "sessions in which it can come true", sort=None, axis=alt.Axis(labelAngle=0)),
            up("claim_count:Q", "claims"),
            colours("named:N", None, {"certain": POSITIVE, "in doubt": SILENT, "not named": PALE}),
        )
    )


def author_records() -> alt.Chart:
    """How often authors were right."""
    many = {"1–2": PALE, "3–9": SILENT, "10 or more": POSITIVE}
    return (
        rows()
        .mark_bar(width=30)
        .encode(
            along(
                "share:Q", "claims confirmed", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)
            ),
            up("author_count:Q", "authors"),
            colours("decided:N", "claims decided", many),
        )
    )


def events() -> alt.Chart:
    """Events by time; pale ones are in no figure."""
    return (
        rows()
        .mark_bar(width={"band": 0.8})
        .encode(
            alt.X("yearmonth(month):O", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True, labelAngle=0)),
            up("event_count:Q", "events"),
            alt.Color("direction:N", title=None, scale=SIDES),
            alt.Opacity(
                "is_used:O",
                title=None,
                scale=alt.Scale(domain=[True, False], range=[1, 0.35]),
                legend=alt.Legend(labelExpr="datum.label == 'true' ? 'in the study' : 'left out'"),
            ),
        )
    )


def event_returns() -> alt.LayerChart:
    """How far prices moved around events: tenths, middle half and median."""
    base = rows().encode(
        along("window_name:N", "sessions from the event", sort=None, axis=alt.Axis(labelAngle=0)),
        xOffset="moved:N",
        color=alt.Color("moved:N", title=None, scale=SIDES),
    )
    title = "abnormal return, %"
    return no_line() + alt.layer(
        base.mark_rule().encode(up("low_pct:Q", title), y2="high_pct"),
        base.mark_bar(size=12).encode(up("lower_pct:Q", title), y2="upper_pct"),
        base.mark_tick(color="white", thickness=2, size=12).encode(up("middle_pct:Q", title), color=alt.value("white")),
    )


def event_study() -> alt.FacetChart:
    """Mean abnormal return around events."""
    base = part().encode(
        along("window_name:N", "sessions from the event", sort=None, axis=alt.Axis(labelAngle=-35)),
        xOffset="event_group:N",
        color=alt.Color("event_group:N", title=None, scale=SIDES),
    )
    title = "abnormal return, %"
    return by_scorer(
        no_line(),
        base.mark_rule().encode(up("low_pct:Q", title), y2="high_pct"),
        base.mark_point(filled=True, size=30, opacity=1).encode(up("mean_pct:Q", title)),
    )


def granger() -> alt.FacetChart:
    """Which past adds to which."""
    shades = {"sentiment to returns": POSITIVE, "returns to sentiment": NEGATIVE}
    points = part().encode(
        along(
            "p:Q",
            "p (left: surer; filled: q ≤ 0.05)",
            scale=alt.Scale(type="log", domain=[1e-6, 1]),
            axis=alt.Axis(values=[1e-6, 1e-4, 1e-2, 1], format=".0e"),
        ),
        alt.Y("ticker:N", title=None, sort=None, axis=alt.Axis(labelLimit=60, grid=True)),
        colours("direction:N", None, shades),
        alt.Fill("direction:N", legend=None),
        alt.FillOpacity("is_evidence:O", scale=alt.Scale(domain=[True, False], range=[1, 0]), legend=None),
    )
    return by_scorer(points.mark_point(size=30, opacity=1))


def lead_lag() -> alt.FacetChart:
    """Sentiment beside the returns before and after it."""
    base = part().encode(along("lag:O", "sessions by which the return follows", axis=alt.Axis(labelAngle=0)))
    return by_scorer(
        base.mark_bar().encode(up("correlation:Q", "correlation"), EVIDENCE),
        base.mark_rule(color=LIGHT.ink).encode(up("low:Q", "correlation"), y2="high"),
    )


def signal_quality() -> alt.FacetChart:
    """What sentiment says of the next session."""
    title = "bps a standard deviation"
    base = part().encode(alt.Y("ticker:N", title=None, sort=None, axis=alt.Axis(labelLimit=60)), EVIDENCE)
    zero = alt.Chart(alt.Data(values=[{}])).mark_rule().encode(x=alt.datum(0))
    return by_scorer(
        zero,
        base.mark_rule().encode(along("low_bps:Q", title, axis=alt.Axis(tickCount=4)), x2="high_bps"),
        base.mark_point(filled=True, size=30, opacity=1).encode(along("slope_bps:Q", title)),
    )


CHARTS = (
    *(author_records, claim_checks, claim_windows, event_returns, event_study, events, granger, lead_lag),
    *(signal_quality, source_days, text_moves, text_scores, threads, ticker_days),
)
