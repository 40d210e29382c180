"""The charts of the tear sheet as specs of Vega-Lite, made once: rows come later, the same spec serves every ticker.

Every chart takes its rows from the data set ``rows``; a row lacks what is missing, and the line breaks there. Colours
are names of ``theme.py``. Text of strangers never stands in a chart. Not here: rows (``figures.py``), the page.
"""

from functools import cache
from typing import Any

import altair as alt

ROWS = alt.Data(name="rows")
GAP = "break-paths-show-path-domains"  # a missing value breaks the line; nothing is drawn at zero
Y_ROOM = 46  # pixels for the labels of every y axis, so that charts below each other share their x
TALL, LOW = 220, 90
SIDES = alt.Scale(domain=["positive", "negative"], range="category")
SCORERS = alt.Scale(domain=["finance", "vader"], range="ordinal")
VOICES = alt.Scale(domain=["posts", "comments"], range="ordinal")
VERDICTS = ["confirmed", "contradicted", "undecided"]
Spec = dict[str, Any]


def day(field: str = "day", *, labels: bool = True) -> alt.X:
    """A date on the x axis; in UTC, as a date without a time would else be the day before west of Greenwich."""
    axis = alt.Axis(
        title=None, labels=labels, ticks=labels, grid=False, tickCount=8, labelSeparation=8, labelBound=True
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", padding=4, nice=False), axis=axis)


def every_day(labels: bool) -> alt.Chart:
    """Nothing to see: it has every session on the x axis, also one of which a chart shows nothing.

    Charts below each other have the same axis by it. Lowest of the layers, or it would catch the pointer.
    """
    return alt.Chart(ROWS).mark_rule(opacity=0).encode(day(labels=labels))


def y(field: str, title: str, format_: str = "", **more: Any) -> alt.Y:
    """A quantity on the y axis, its labels in a column of fixed width."""
    zero = more.pop("zero", True)
    axis = alt.Axis(
        title=title,
        minExtent=Y_ROOM,
        maxExtent=Y_ROOM,
        format=format_ or alt.Undefined,
        tickCount=5,
        tickMinStep=1 if format_ == "d" else alt.Undefined,
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=zero), **more)


def told(*fields: tuple[str, str, str]) -> list[alt.Tooltip]:
    """What a pointer is told: (field, title, format). A date in UTC, for the same reason as on the axis."""
    dates = {"day", "month"}
    return [
        alt.Tooltip(f"utcyearmonthdate({name}):T", title=title, format="%Y-%m-%d")
        if name in dates
        else alt.Tooltip(f"{name}:{'Q' if form else 'N'}", title=title, format=form or alt.Undefined)
        for name, title, form in fields
    ]


def price() -> alt.LayerChart:
    """Adjusted close; events of sentiment as triangles that lead to their texts."""
    base = alt.Chart(ROWS)
    line = base.mark_line(style="price", invalid=GAP).encode(
        day(labels=False),
        y("close", "close", zero=False),
        tooltip=told(("day", "session", ""), ("close", "close", ",.2f")),
    )
    named = alt.Legend(title="event: sentiment unusually")
    events = (
        base.transform_filter("isValid(datum.event)")
        .mark_point(filled=True, size=90, opacity=1, cursor="pointer")
        .encode(
            day(labels=False),
            y("close", "close", zero=False),
            color=alt.Color("event:N", scale=SIDES, legend=named),
            shape=alt.Shape(
                "event:N",
                scale=alt.Scale(domain=["positive", "negative"], range=["triangle-up", "triangle-down"]),
                legend=named,
            ),
            tooltip=told(("day", "event", ""), ("z", "sentiment z", "+.1f"), ("texts", "texts", ",d")),
        )
    )
    return (every_day(labels=False) + line + events).properties(height=TALL)


def sentiment() -> alt.LayerChart:
    """Mean sentiment of each session, blue above zero and orange below; no bar where nothing was said."""
    bars = (
        alt.Chart(ROWS)
        .mark_rule(strokeWidth=1.5, invalid="filter")
        .encode(
            day(labels=False),
            y("sentiment", "sentiment", "+.2~f"),
            y2=alt.datum(0),
            color=alt.Color("side:N", scale=SIDES, legend=None),
            tooltip=told(("day", "session", ""), ("sentiment", "mean sentiment", "+.2f"), ("texts", "texts", ",d")),
        )
    )
    return (every_day(labels=False) + bars + zero("sentiment")).properties(height=LOW)


def coverage() -> alt.LayerChart:
    """Texts of each session; a grey band where no text of any ticker was read, so that nobody knows."""
    base = alt.Chart(ROWS)
    gaps = base.mark_rule(style="gap", strokeWidth=4).encode(
        day(), opacity=alt.condition("isValid(datum.texts)", alt.value(0), alt.value(0.35))
    )
    bars = base.mark_rule(style="muted", strokeWidth=1.5, invalid="filter").encode(
        day(),
        y("texts", "texts", "d"),
        y2=alt.datum(0),
        tooltip=told(("day", "session", ""), ("texts", "texts", ",d"), ("authors", "authors", ",d")),
    )
    return (every_day(labels=True) + gaps + bars).properties(height=LOW)


def zero(title: str) -> alt.Chart:
    """The line of nothing, on an axis of this title."""
    return alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(style="zero").encode(y=alt.Y("zero:Q", title=title))


def lead_lag() -> alt.LayerChart:
    """Correlation of sentiment with the return of sessions before and after it, with 95 % intervals, by scorer."""
    x = alt.X("lag:O", title="lag in sessions (below 0: returns first)", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(ROWS).encode(x, xOffset=alt.XOffset("scorer:N", scale=alt.Scale(domain=["finance", "vader"])))
    color = alt.Color("scorer:N", scale=SCORERS)
    told_ = told(
        ("scorer", "scorer", ""), ("lag", "lag", ""), ("correlation", "correlation", "+.2f"), ("verdict", "verdict", "")
    )
    bars = base.mark_bar(invalid="filter").encode(y("correlation", "correlation", "+.2~f"), color=color, tooltip=told_)
    reach = base.mark_rule(style="reach", invalid="filter").encode(y("low", "correlation", "+.2~f"), y2="high:Q")
    return (bars + reach + zero("correlation")).properties(height=TALL)


def horizons() -> alt.LayerChart:
    """Basis points per standard deviation of sentiment, by horizon and scorer, with 95 % intervals."""
    x = alt.X("horizon:O", title="sessions held from the next open", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(ROWS).encode(
        x,
        xOffset=alt.XOffset("scorer:N", scale=alt.Scale(domain=["finance", "vader"])),
        color=alt.Color("scorer:N", scale=SCORERS),
    )
    told_ = told(
        ("scorer", "scorer", ""), ("horizon", "sessions", ""), ("bps", "bps", "+.0f"), ("verdict", "verdict", "")
    )
    points = base.mark_point(filled=True, size=70, opacity=1, invalid="filter").encode(
        y("bps", "bps per 1 sd", "+.0f"), shape=alt.Shape("scorer:N", legend=None), tooltip=told_
    )
    reach = base.mark_rule(strokeWidth=2, invalid="filter").encode(y("low", "bps per 1 sd", "+.0f"), y2="high:Q")
    return (reach + points + zero("bps per 1 sd")).properties(height=TALL)


def over_time(value: str, title: str) -> alt.LayerChart:
    """A coefficient through time with the band of its 95 % interval."""
    base = alt.Chart(ROWS)
    band = base.mark_area(style="band", invalid=GAP).encode(day(), y("low", title, "+.2~f"), y2="high:Q")
    line = base.mark_line(style="price", invalid=GAP).encode(
        day(), y(value, title, "+.2~f"), tooltip=told(("day", "up to", ""), (value, title, "+.2f"), ("n", "n", ",d"))
    )
    return (band + line + zero(title)).properties(height=150)


def rolling() -> alt.LayerChart:
    """One ticker: correlation over the 60 sessions up to each."""
    return over_time("correlation", "correlation")


def session_ic() -> alt.LayerChart:
    """A calendar: mean information coefficient of the 60 sessions up to each."""
    return over_time("ic", "mean IC")


def fifths() -> alt.LayerChart:
    """Mean return after the gloomiest to the most cheerful fifth of sessions, with 95 % intervals."""
    x = alt.X("fifth:O", title="fifth by sentiment, 5: most cheerful", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(ROWS).encode(x)
    bars = base.mark_bar(invalid="filter").encode(
        y("bps", "bps", "+.0f"),
        color=alt.Color("side:N", scale=SIDES, legend=None),
        tooltip=told(("fifth", "fifth", ""), ("bps", "mean bps", "+.0f"), ("n", "sessions", ",d")),
    )
    reach = base.mark_rule(style="reach", invalid="filter").encode(y("low", "bps", "+.0f"), y2="high:Q")
    return (bars + reach + zero("bps")).properties(height=TALL)


def event_paths() -> alt.LayerChart:
    """Mean cumulated abnormal return around positive and negative events, each with its 95 % band where it has one."""
    base = alt.Chart(ROWS).encode(
        alt.X(
            "step:Q",
            title="sessions from the event",
            scale=alt.Scale(domain=[-5, 20], nice=False),
            axis=alt.Axis(grid=False, format="+d"),
        )
    )
    color = alt.Color("direction:N", scale=SIDES, legend=alt.Legend(symbolOpacity=1))
    band = base.mark_area(opacity=0.18, invalid=GAP).encode(y("low", "mean CAR", "+.1~%"), y2="high:Q", color=color)
    line = base.mark_line(strokeWidth=2, invalid=GAP).encode(
        y("car", "mean CAR", "+.1~%"),
        color=color,
        strokeDash=alt.StrokeDash(
            "direction:N", scale=alt.Scale(domain=["positive", "negative"], range=[[1, 0], [6, 3]])
        ),
        tooltip=told(
            ("direction", "events", ""), ("step", "session", "+d"), ("car", "mean CAR", "+.1%"), ("n", "n", ",d")
        ),
    )
    moment = alt.Chart(alt.Data(values=[{"event": 0}])).mark_rule(style="zero", strokeDash=[2, 2]).encode(x="event:Q")
    return (band + line + zero("mean CAR") + moment).properties(height=TALL)


def scorers() -> alt.LayerChart:
    """Session means of one scorer against the other."""
    both = (("finance", alt.X), ("vader", alt.Y))
    where = [
        kind(f"{name}:Q", title=name, scale=alt.Scale(domain=[-1, 1]), axis=alt.Axis(tickCount=5))
        for name, kind in both
    ]
    points = (
        alt.Chart(ROWS)
        .mark_point(style="muted", filled=True, size=22, opacity=0.55)
        .encode(
            *where, tooltip=told(("day", "session", ""), ("finance", "finance", "+.2f"), ("vader", "vader", "+.2f"))
        )
    )
    ends = alt.Data(values=[{"finance": -1, "vader": -1}, {"finance": 1, "vader": 1}])
    same = alt.Chart(ends).mark_line(style="zero", strokeDash=[4, 3]).encode(*where)
    return (points + same).properties(height=TALL)


def voices() -> alt.LayerChart:
    """Posts against comments, month by month."""
    lines = (
        alt.Chart(ROWS)
        .mark_line(point=True, invalid=GAP)
        .encode(
            day("month"),
            y("sentiment", "sentiment", "+.2~f"),
            color=alt.Color("voice:N", scale=VOICES),
            shape=alt.Shape("voice:N", legend=None),
            tooltip=told(
                ("month", "month", ""), ("voice", "voice", ""), ("sentiment", "mean", "+.2f"), ("n", "sessions", ",d")
            ),
        )
    )
    return (lines + zero("sentiment")).properties(height=150)


def claims() -> alt.Chart:
    """Claims by kind: confirmed, contradicted, undecided."""
    return (
        alt.Chart(ROWS)
        .mark_bar()
        .encode(
            alt.X("claims:Q", title="claims", axis=alt.Axis(format="d", tickMinStep=1)),
            alt.Y("kind:N", title=None, axis=alt.Axis(minExtent=Y_ROOM)),
            color=alt.Color("verdict:N", scale=alt.Scale(domain=VERDICTS, range="category")),
            order=alt.Order("verdict:O"),
            tooltip=told(("kind", "kind", ""), ("verdict", "verdict", ""), ("claims", "claims", ",d")),
        )
        .properties(height=TALL)
    )


def slopes() -> alt.LayerChart:
    """Every ticker's basis points per standard deviation of sentiment, the surest first."""
    base = alt.Chart(ROWS).encode(alt.Y("ticker:N", sort=None, title=None, axis=alt.Axis(minExtent=Y_ROOM)))
    title = "next open to close, bps per 1 sd of sentiment"
    reach = base.mark_rule(strokeWidth=2, invalid="filter").encode(
        alt.X("low:Q", title=title),
        x2="high:Q",
        color=alt.Color("found:N", scale=alt.Scale(domain=["evidence", "no evidence"], range="ordinal")),
    )
    points = base.mark_point(filled=True, size=60, opacity=1, invalid="filter").encode(
        alt.X("bps:Q", title=title),
        color=alt.Color("found:N", scale=alt.Scale(domain=["evidence", "no evidence"], range="ordinal")),
        shape=alt.Shape("found:N", legend=None),
        tooltip=told(("ticker", "ticker", ""), ("bps", "bps", "+.0f"), ("verdict", "verdict", "")),
    )
    nothing = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(style="zero").encode(x="zero:Q")
    return (reach + points + nothing).properties(height=TALL)


OF_TICKER = (price, sentiment, coverage, lead_lag, horizons, rolling, fifths, event_paths, scorers, voices, claims)
OF_ALL = (slopes, session_ic, lead_lag, event_paths)


@cache
def specs(*charts: Any) -> dict[str, Spec]:
    """Each chart's spec by name, as wide as the page."""
    return {chart.__name__: spec(chart) for chart in charts}


def spec(chart: Any) -> Spec:
    """One chart as Vega-Lite, without a theme and without rows."""
    made = chart().properties(width="container").to_dict()
    for key in ("config", "$schema"):
        made.pop(key, None)
    return made
