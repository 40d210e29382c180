"""One small chart per mart, as a specification of Vega-Lite that waits for its rows.

The rows are those of ``warehouse/pictures/<mart>.sql``, by the name ``rows``. Words of strangers (a ticker, a service)
come as values of rows alone; every word in here is our own. Not here: evidence (``evidence_charts.py``), the rows,
drawing (``pictures.py``).
"""

import altair as alt

from pipelines.report.chart_parts import (
    NEGATIVE,
    PALE,
    POSITIVE,
    SILENT,
    WIDTH,
    along,
    by_scorer,
    colours,
    part,
    rows,
    time_axis,
    up,
)
from pipelines.report.theme import LIGHT


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


CHARTS = (author_records, claim_checks, claim_windows, source_days, text_moves, text_scores, threads, ticker_days)
