"""One small chart per table of evidence, as a specification of Vega-Lite that waits for its rows.

As in ``mart_charts.py``, every word in here is our own. Not here: the rows, drawing (``pictures.py``).
"""

import altair as alt

from pipelines.report.chart_parts import (
    EVIDENCE,
    NEGATIVE,
    POSITIVE,
    SIDES,
    along,
    by_scorer,
    colours,
    no_line,
    part,
    rows,
    up,
)
from pipelines.report.theme import LIGHT


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


CHARTS = (event_returns, event_study, events, granger, lead_lag, signal_quality)
