"""What a figure measures: a price, or a figure of the business; and what is neither (users, inflation, battery).

Here: the names of measures and which one stands nearest. Not here: figures and verbs.
"""

import re
from typing import NamedTuple

_BUSINESS = {
    "gross margin": r"gross margins?",
    "operating margin": r"(?:operating|ebit) margins?",
    "net margin": r"(?:net|profit) margins?",
    "margin": r"margins",
    "market share": r"market share",
    "short interest": r"short interest|float",
    "dividend yield": r"dividend yield",
    "payout ratio": r"pay-?out ratio",
    "free cash flow": r"free cash flow|fcf",
    "cash flow": r"(?:operating )?cash flow",
    "net income": r"net (?:income|profits?|earnings)|pat|net(?= ?$)",
    "net loss": r"net loss(?:es)?",
    "operating profit": r"operating (?:profits?|income)|ebit",
    "gross profit": r"gross profits?",
    "ebitda": r"(?:adjusted )?ebitda",
    "earnings per share": r"eps|earnings per share",
    "earnings": r"earnings",
    "profit": r"profits?(?! ?-?taking)",
    "same-store sales": r"(?:same-store|comparable|like-for-like) sales",
    "sales": r"sales|turnover",
    "revenue": r"revenues?|rev|top[ -]line",
    "bookings": r"bookings",
    "backlog": r"(?:order )?backlog",
    "orders": r"(?:new |net )?orders",
    "shipments": r"shipments|deliveries",
    "capital spending": r"capex|capital (?:expenditures?|spending)",
    "buyback": r"(?:share |stock )?(?:buy-?backs?|repurchases?)(?: program(?:me)?)?",
    "dividend": r"dividends?",
    "market value": r"market[ -](?:cap(?:itali[sz]ation)?|value)|mkt cap|mcap|valuations?",
    "debt": r"debt",
    "cash": r"cash",
    "costs": r"(?:operating|input|total) (?:costs|expenses)|opex",
    "inventory": r"inventor(?:y|ies)",
    "growth": r"growth",
    "results": r"(?:q[1-4]|h[12])(?= ?$)",  # "Q3 down 19%"
}
_PRICE = (
    r"shares?|stocks?|share price|stock price|price action|adrs?|etfs?|ind(?:ex|ices)|futures|the name|chart"
    r"|sensex|nifty|kospi|hang seng|stoxx|nasdaq|dow|s&p(?: 500)?|spx|spy|qqq|russell(?: 2000)?|nikkei|dax|ftse"
    r"|bitcoin|btc|ether(?:eum)?|eth|crypto|coins?"
    r"|tokens?|gold|silver|oil|crude|miners?|\$[a-z]{1,5}"
)
_NEITHER = (
    r"inflation|cpi|ppi|pce|gdp|unemployment|payrolls|wages?|(?:interest|mortgage|tax|fed funds|policy) rates?|rates?"
    r"|tariffs?|taxe?s?|treasur(?:y|ies)|(?:bond|\d+-year) yields?|10-year|2-year|economy|"
    r"price targets?|users?|subscribers?|customers?|members?|followers?|traffic|downloads?|visitors?|voters?"
    r"|polls?|turnout|rents?"
    r"|home prices|housing|chance|odds|probability|confidence|battery|power|volume|rsi|iv|implied volatility|volatility"
    r"|workforce|headcount|staff|jobs|fees?|commissions?|discount|accuracy|uptime|defects"
    r"|open interest|picks?|alerts?|calls?|puts?|options?|portfolios?|weeklies|leaps"
    r"|weight|score|temperature|speed|latency|performance|efficien\w+|productivity|humidity|cases|deaths"
)
_GROUPS = {f"measure_{number}": name for number, name in enumerate(_BUSINESS)}
_NAMED = re.compile(
    r"(?<![\w$])(?:"
    + "|".join(
        [f"(?P<neither>{_NEITHER})"]
        + [f"(?P<{group}>{_BUSINESS[name]})" for group, name in _GROUPS.items()]
        + [f"(?P<price>{_PRICE})"]
    )
    + r")(?!\w)"
)
# Before a measure that is the occasion and not the subject: "after earnings", "on strong revenue".
_OCCASION = re.compile(r"\b(?:on|after|following|before|into|despite|post|ahead of|with|beats?|by) (?:\S+ ){0,3}$")


class Measure(NamedTuple):
    """What is measured, and where the words stand in the text that was searched."""

    kind: str  # price, business, neither
    name: str  # price, revenue, gross margin …
    start: int
    end: int
    is_occasion: bool


def find_measures(text: str) -> list[Measure]:
    """Every measure that folded text names, in order."""
    return [_measure(text, match) for match in _NAMED.finditer(text)]


def _measure(text: str, match: re.Match[str]) -> Measure:
    group = match.lastgroup or ""
    kind = group if group in ("price", "neither") else "business"
    is_occasion = bool(_OCCASION.search(text[max(0, match.start() - 40) : match.start()]))
    return Measure(kind, _GROUPS.get(group, group), match.start(), match.end(), is_occasion)


def is_about_price(text: str) -> bool:
    """Whether folded text names a share, an index, a coin or their price."""
    return any(measure.kind == "price" for measure in find_measures(text))
