"""Sentences written for the tests, with the claims that a careful reader finds in them.

All are said on Wednesday, 10 June 2026. These were there while the rules were written; those that were not are in
``held_out_claim_sentences.py``.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

Claim = dict[str, Any]
Said = tuple[str, list[Claim]]


def claim(kind: str, unit: str | None, value: float | None, direction: str | None = None, **more: Any) -> Claim:
    """What the tests compare; ``more`` names further columns."""
    return {"kind": kind, "value": value, "unit": unit, "direction": direction, **more}


def event(due_on: str, **more: Any) -> Claim:
    return claim("event", None, None, due_on=date.fromisoformat(due_on), **more)


def days(first: str | None, last: str | None) -> dict[str, date | None]:
    return {
        "period_from": first and date.fromisoformat(first),
        "period_to": last and date.fromisoformat(last),
    }


up = partial(claim, "move", "percent", direction="up")
down = partial(claim, "move", "percent", direction="down")
target: Callable[..., Claim] = partial(claim, "target", "usd")
multiple: Callable[..., Claim] = partial(claim, "multiple", "times")
level: Callable[..., Claim] = partial(claim, "level", "usd")
index: Callable[..., Claim] = partial(claim, "level", "points")
amount: Callable[..., Claim] = partial(claim, "amount", "usd")
ratio: Callable[..., Claim] = partial(claim, "ratio", "percent")

TODAY = days("2026-06-10", "2026-06-10")
HEDGED = {"is_hedged": True}

LEARNED: list[Said] = [
    # moves
    ("Micron (MU) shares jump over 5% on new supply deal", [up(5, bound="at_least", basis="intraday")]),
    ("The stock closed up 5.58% after the announcement.", [up(5.58, bound="exact", basis="close")]),
    ("$MU +5.58% today", [up(5.58, period="session", **TODAY)]),
    ("$NVDA -2.4%, $AMD -3.1%", [down(2.4), down(3.1)]),
    ("Shares have run up 239% in 2025.", [up(239, period="year", **days("2025-01-01", "2025-12-31"))]),
    ("Intel fell 3% on Tuesday", [down(3, period="session", **days("2026-06-09", "2026-06-09"))]),
    ("The stock is down 12% since March.", [down(12, period="since", **days("2026-03-01", "2026-06-10"))]),
    ("AMD has gained 40% year to date.", [up(40, period="year_to_date", **days("2026-01-01", "2026-06-10"))]),
    ("$TSLA up 18% YTD and nobody talks about it", [up(18, period="year_to_date")]),
    ("Bitcoin slid nearly 4% overnight", [down(4, bound="about")]),
    ("GME rips 22% premarket", [up(22, period="session", basis=None, **TODAY)]),
    ("Shares dropped as much as 7.5% before recovering", [down(7.5, basis="intraday")]),
    (
        "The shares lost roughly 9 percent last week.",
        [down(9, bound="about", period="week", **days("2026-06-01", "2026-06-07"))],
    ),
    ("Nvidia tumbled 6 pct on Friday", [down(6, period="session", **days("2026-06-05", "2026-06-05"))]),
    ("Stock gained 8% this week", [up(8, period="week", **days("2026-06-08", "2026-06-10"))]),
    (
        "Apple is up about 2% so far this month",
        [up(2, bound="about", period="month", **days("2026-06-01", "2026-06-10"))],
    ),
    ("ON Semiconductor sank 11% yesterday after guidance", [down(11, **days("2026-06-09", "2026-06-09"))]),
    ("a 5.6% jump in the stock shows how starved the market is for news", [up(5.6)]),
    ("That 14% drop was overdone", [down(14)]),
    (
        "The name has more than doubled, up 120% over the past year",
        [up(120, period="year", **days("2025-06-10", "2026-06-10"))],
    ),
    (
        "Over the past five days the stock is off 6%",
        [down(6, period="several_days", **days("2026-06-05", "2026-06-10"))],
    ),
    ("Shares of the chipmaker rose 4% to $132.50", [up(4), level(132.5, "up")]),
    ("Ether surged 12% to $3,400 while Bitcoin added 3%", [up(12), level(3400, "up"), up(3)]),
    ("Oil names slipped 1.2%", [down(1.2)]),
    ("SOXX was up 0.8%, the Nasdaq 0.3% lower", [up(0.8), down(0.3)]),
    ("If guidance disappoints, this could fall 20% in a day", [down(20, **HEDGED)]),
    ("I think it may rally 15% by Friday", [up(15, **HEDGED)]),
    ("Could Micron drop another 10%?", [down(10, **HEDGED)]),
    ("We see 35% upside from here", [up(35, **HEDGED)]),
    ("I wouldn't be surprised if it dips 5% tomorrow", [down(5, **HEDGED)]),
    ("Down 30% from its 52-week high, the stock looks cheap", [down(30, period="since", **days(None, "2026-06-10"))]),
    ("Nvidia soared 171% in 2024", [up(171, **days("2024-01-01", "2024-12-31"))]),
    (
        "Its shares climbed more than 10% in after-hours trading",
        [up(10, bound="at_least", basis=None, period="session")],
    ),
    ("Stock jumped by 9% intraday", [up(9, basis="intraday")]),
    ("AAPL up less than 1% on the event", [up(1, bound="at_most")]),
    ("$AMC green by 6%", [up(6)]),
    ("holy crap $BB just went up 30%", [up(30)]),
    ("Micron's 7% surge lifted the whole group", [up(7)]),
    ("The Dow fell 400 points on Monday", [claim("move", "points", 400, "down", **days("2026-06-08", "2026-06-08"))]),
    ("Shares fell $4.20 to $88.10", [claim("move", "usd", 4.2, "down"), level(88.1, "down")]),
    (
        "Dell shares have rallied 60% since the start of April",
        [up(60, period="since", **days("2026-04-01", "2026-06-10"))],
    ),
    ("Intel shares added 5.1% in May", [up(5.1, period="month", **days("2026-05-01", "2026-05-31"))]),
    (
        "The ETF returned 11% in the second quarter of 2025",
        [up(11, period="quarter", **days("2025-04-01", "2025-06-30"))],
    ),
    ("Palantir plunges 13%", [down(13, basis="intraday")]),
    ("Shares are trading 3% higher at the open", [up(3)]),
    ("MU 🚀🚀 +11%", [up(11)]),
    ("SK Hynix closed 4.3% lower in Seoul", [down(4.3)]),
    # targets
    ("UBS raises its price target on Micron to $1,500", [target(1500, "up", said_by="UBS", due_on=date(2027, 6, 10))]),
    ("Micron PT raised from $100 to $120 by UBS", [target(120, "up", said_by="UBS")]),
    ("My price target is $50.", [target(50, said_by=None)]),
    ("Goldman Sachs cuts Intel target to $18 from $22", [target(18, "down", said_by="Goldman Sachs")]),
    ("The average 12-month target among analysts is $142.", [target(142, due_on=date(2027, 6, 10))]),
    ("PT $200", [target(200)]),
    ("Morgan Stanley initiates at Overweight, $85 target", [target(85, said_by="Morgan Stanley")]),
    (
        "The path to $1,500+ per share by 2027 looks achievable",
        [target(1500, bound="at_least", due_on=date(2027, 12, 31), **HEDGED)],
    ),
    ("$TSLA to $1,000 by year-end", [target(1000, due_on=date(2026, 12, 31))]),
    ("Wedbush lowered its PT to $310 from $350", [target(310, "down", said_by="Wedbush")]),
    ("We lift our target price to $64", [target(64, "up")]),
    ("gme to 500 eoy", [target(500, due_on=date(2026, 12, 31))]),
    ("I see $200 by December", [target(200)]),
    ("Analysts at Citi have a price target of $95 on the stock", [target(95, said_by="Citi")]),
    ("price target: 75 dollars", [target(75)]),
    # multiples
    (
        "It trades at 9.74x forward earnings (Nasdaq 25.5x).",
        [multiple(9.74, measure="forward earnings"), multiple(25.5)],
    ),
    ("Nvidia trades at 25 times sales", [multiple(25, measure="sales")]),
    ("With a P/E of 12 this is a gift", [multiple(12)]),
    ("forward PE 9, PEG 0.4, what are we doing", [multiple(9)]),
    ("The shares fetch 31 times forward earnings", [multiple(31)]),
    ("EV/EBITDA of 14.5x versus 11x for peers", [multiple(14.5), multiple(11)]),
    ("Valued at roughly 8x book", [multiple(8, bound="about")]),
    ("Its price-to-sales ratio is 3.4", [multiple(3.4)]),
    # levels
    ("The stock trades at $1,050", [level(1050, basis="intraday")]),
    ("Micron closed at $98.20 on Friday", [level(98.2, basis="close", **days("2026-06-05", "2026-06-05"))]),
    ("S&P 500 above 6,000", [index(6000, bound="at_least")]),
    ("Bitcoin hits $100,000 for the first time", [level(100000, basis="intraday")]),
    ("Shares hit an intraday high of $143.80", [level(143.8, basis="intraday")]),
    ("The Nasdaq ended at 19,480", [index(19480, basis="close")]),
    ("BTC back above 95k", [level(95000, bound="at_least")]),
    ("AMD is now trading around $160", [level(160, bound="about")]),
    ("The stock slipped below $90", [level(90, "down", bound="at_most")]),
    ("if it breaks $120 we fly", [level(120, **HEDGED)]),
    # events
    ("Micron reports earnings on June 24.", [event("2026-06-24")]),
    ("$MU earnings June 24 after close", [event("2026-06-24")]),
    ("The ex-dividend date is July 3", [event("2026-07-03")]),
    ("FDA decision on Friday", [event("2026-06-12")]),
    ("The 10-for-1 split takes effect on June 22, 2026", [event("2026-06-22")]),
    ("Earnings tomorrow, buckle up", [event("2026-06-11")]),
    ("Nvidia will report results next Wednesday", [event("2026-06-17")]),
    ("Investor day is set for March 5", [event("2027-03-05")]),
    ("Q3 results due 9/24", [event("2026-09-24")]),
    ("Shareholders vote on the merger in two weeks", [event("2026-06-24")]),
    ("The company reported first-quarter earnings on May 28.", [event("2026-05-28")]),
    ("IPO expected on 18 June", [event("2026-06-18", **HEDGED)]),
    # amounts
    ("Anthropic raised $65 billion at a $965 billion valuation", [amount(65e9), amount(965e9, measure="market value")]),
    ("Revenue of $9.3 billion beat estimates", [amount(9.3e9, measure="revenue")]),
    ("market cap of $1 trillion", [amount(1e12, measure="market value")]),
    ("Net income was $1.2 billion", [amount(1.2e9, measure="net income")]),
    ("EPS of $1.35 vs $1.20 expected", [amount(1.35, measure="earnings per share")]),
    ("The board approved a $10B buyback", [amount(10e9, measure="buyback")]),
    ("It sits on $7bn in cash and no debt", [amount(7e9, measure="cash")]),
    ("a quarterly dividend of $0.24 per share", [amount(0.24, measure="dividend")]),
    ("Capex will be about $14 billion this year", [amount(14e9, bound="about", measure="capital spending")]),
    ("AMD agreed to buy the startup for $4.9 billion", [amount(4.9e9)]),
    ("The chipmaker is worth over $3T", [amount(3e12, bound="at_least", measure="market value")]),
    ("They guide Q4 revenue to $10.7 billion", [amount(10.7e9, measure="revenue")]),
    ("Earned 98 cents a share", [amount(0.98)]),
    # ratios
    ("Gross margins could reach 80%", [ratio(80, measure="gross margin", **HEDGED)]),
    ("Revenue up 93% year over year", [ratio(93, "up", measure="revenue")]),
    (
        "Data center sales grew 56% to $4.4 billion",
        [ratio(56, "up", measure="sales"), amount(4.4e9, "up", measure="sales")],
    ),
    ("gross margin was 46.9%", [ratio(46.9)]),
    ("EPS fell 12%", [ratio(12, "down", measure="earnings per share")]),
    ("The dividend yield is 3.1%", [ratio(3.1, measure="dividend yield")]),
    ("Samsung has a 40% market share in DRAM", [ratio(40, measure="market share")]),
    ("short interest is 22% of float", [ratio(22, measure="short interest")]),
    ("Operating profit slid 8 percent", [ratio(8, "down", measure="operating profit")]),
    ("Shares rose 6% after revenue jumped 38%", [up(6), ratio(38, "up")]),
    ("Subscription revenue increased by more than 20%", [ratio(20, "up", bound="at_least")]),
    ("HBM makes up 30% of revenue", [ratio(30)]),
    # none
    ("5% of users never log in", []),
    ("Upgrade to version 5.5 before Monday", []),
    ("Top 10 stocks to watch", []),
    ("Odds are 50/50 at best", []),
    ("Q2 2025 was a mess", []),
    ("There is a 0.5% fee on withdrawals", []),
    ("I'm 100% sure this works", []),
    ("I'm up 300% on my calls", []),
    ("0 DTE $150c lottery tickets", []),
    ("June 24, 2026", []),
    ("open 24/7", []),
    ("call me at 555-201-3344", []),
    ("There is a 10% chance of that", []),
    ("It's a 5% position for me", []),
    ("The Fed left its interest rate at 4%", []),
    ("CPI came in at 3.2%", []),
    ("Unemployment rose to 4.1%", []),
    ("Micron did not fall 5%", []),
    ("The stock never dropped 20%", []),
    ("It isn't up 10%, check your chart", []),
    ("My portfolio is down 40% this year", []),
    ("bought 100 shares at $45.20", []),
    ("my cost basis is $88", []),
    ("I lost $5,000 on this trade", []),
    ("sold the $120 calls for a nice gain", []),
    ("the 150/155 spread is cheap", []),
    ("Windows 11 ships with 8 GB", []),
    ("HBM3E 12-high stacks ramp", []),
    ("S&P 500 companies report this week", []),
    ("He has 20 years of experience", []),
    ("2 for 1 pizza at $9.99", []),
    ("Join our group for only $49 a month!", []),
    ("use code TRADE20 for 20% off", []),
    ("give 110% every day", []),
    ("Apple's 5G phone is 20% thinner", []),
    ("The new node is 30% faster than the old one", []),
    ("A 25% tariff on imports starts soon", []),
    ("The 10-year yield rose to 4.5%", []),
    ("chapter 11", []),
    ("It's the third of 12 parts", []),
    ("The company employs 48,000 people", []),
    ("cut 10% of its workforce", []),
    ("page 3 of 10", []),
    ("In 2025 the sector was quiet", []),
    ("Since March nothing has happened", []),
    ("May the best company win", []),
    ("On Friday I go fishing", []),
    ("set a stop loss at 5%", []),
    ("sell covered calls 5% out of the money", []),
    ("next stop 10x baby", []),
    ("training is 10x faster on this chip", []),
    ("a 3x leveraged ETF", []),
    ("you can make $500 a day from home", []),
    ("he paid $12 for lunch", []),
    ("tickets cost $1,200 each", []),
    ("the iPhone costs $999", []),
    ("RSI at 70", []),
    ("50-day and 200-day moving averages", []),
    ("support at $95, resistance at $110", []),
    ("Stage 3 trial enrolled 240 patients", []),
    ("tumors shrank in 45% of patients", []),
    ("90% of traders lose money", []),
    ("The tax rate is 21%", []),
    ("only 1% of people understand this", []),
    ("12 months ago nobody cared", []),
    ("The Russell 2000 led", []),
    ("iOS 19.2 fixes 3 bugs", []),
    ("Rule 1: never lose money. Rule 2: see rule 1", []),
    ("up 2 notches in my ranking", []),
    ("the battery is at 80%", []),
    ("room 5-10, floor 3", []),
    ("7 reasons to buy", []),
    ("Down 3 nights of sleep", []),
    ("Follow for more, 5,000 followers already", []),
    ("Earnings season starts soon", []),
    ("The meeting is on Tuesday", []),
    ("happy 4th of July", []),
    ("born on June 24, 1980", []),
    ("Yields 90% fewer defects", []),
    ("1,2,3 go", []),
    ("my target audience is 18-25", []),
    ("Analysts raised 3 questions", []),
]
