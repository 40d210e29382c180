"""Whatever stands above and below a text on its page, title, body, comments and counts stay as they are."""

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources import rows
from pipelines.sources.pages import read_page

FETCHED = datetime(2026, 6, 5, 12, tzinfo=UTC)

POST = """#HarbourGridGoesPublic

The Quiet Utility: Why Harbour Grid Could Surprise the Market

The Hook:

Harbour Grid sells power lines, not stories, and that is why so few funds own the stock. Its lines carry a \
third of the wind power of the coast, and the regulator has just raised what it may charge for them.

The Bullish Case:

The raised charge alone lifts the profit of Harbour Grid by a fifth. Wind parks queue for new lines until \
2031, so the company can grow without looking for a single customer.

Risks:

Regulators change their minds.

A mild winter would hurt nobody but the power lines need copper, and copper was never as dear as this spring.
post-image
This page may contain third-party content, and nobody vouches for it.
  • Reward
  • 2
  • Repost
  • 4
Comment
Add a comment
Add a comment
SaltyDog
· 1h ago
nice find
Reply0
coastal.bear
· 2d ago
copper will kill it
what about debt?
Reply2"""

ARTICLE = """Harbour Grid (HBG) Stock Climbs After Regulator Raises Line Charges
Harbour Grid may charge a fifth more for its power lines from July, the regulator said on Friday. The \
stock climbed eleven percent, its best day since the company went public.
The regulator had rejected two earlier requests. It now accepts that the lines of Harbour Grid carry a \
third of the wind power of the coast and need new copper, which has doubled in price.
Analysts at two banks raised their targets for the stock. Both warn that the regulator looks at the \
charges again in 2028, and that wind parks may build lines of their own until then.
- βHarbour Grid may raise the charges for its lines by a fifth
- βThe stock climbed eleven percent after the decision of the regulator
- βAnalysts warn that wind parks may build power lines of their own"""

NAVIGATION = """Skip to content
Home
Markets
Buy Crypto
Futures
Hundreds of contracts, one margin account
Copy Trading
Let the leaders trade for you
Launchpad
First in line for young projects
Learn
Log in
Sign up
English
Deutsch
日本語
BTC $104,210.55 +1.2%
ETH 3,912.40 -0.4%
S&P 500 5,980.12
Search
Accept all
Reject all
We use cookies to see which pages are read, to keep you logged in and to show you offers that fit. By \
clicking Accept all you agree to that.
Charts, orders and news now live side by side in the new terminal.
Pick any of 40+ indicators, with 0% commission on top
Trade Gold and Win Prizes Worth $100,000
🎉 Spring Carnival: Share a $1,000,000 Prize Pool
Post every day in May, collect points and win a place in the weekly draw for rewards.
How to Join:
1️⃣ Open the app and look for the drum on the first screen.
2️⃣ Tap the drum, choose a colour and wait for the bell.
Register Now: https://www.example.com/carnival/7159
Mugs, tickets and a year of free trades wait for the lucky ones!
Download the app today and get 10% off all fees!
Invite friends and earn a part of what they pay
Breaking News
Bitcoin Holds Above $100,000 as Traders Await Payrolls
Central Bank Leaves Rates Unchanged
Live Prices
Portfolio Tracker
Reward
Share
1
24h Volume""".splitlines()

FOOTER = """Related Articles
Bitcoin Holds Above $100,000 as Traders Await Payrolls
Central Bank Leaves Rates Unchanged
Five Wind Stocks to Watch This Summer
Disclaimer: nothing on this website is investment advice or any other advice, whoever wrote it, and \
whoever acts on it does so at a risk that is wholly their own.
Sign up for our newsletter
The stories of the day, delivered to your inbox before breakfast.
Your email address
Subscribe
Most Read
Trending Topics
1.2M Popularity
View More
About us
Careers
Contact
Advertise
Privacy Policy
Terms of Service
Cookie Settings
Follow us
Telegram
© 2026 Example Media Ltd. All rights reserved.
What stands here is for informational purposes only. Trading carries risk and may cost you all you put in.
Our desk checks every story for fairness, and contributors speak for themselves. Readers with a complaint \
may write to the standards office, which answers within five working days.
English
Back to top
Scan to download the app
User Agreement
Newsroom
Comment
Repost
12""".splitlines()

# Lines without end: what no list of known furniture can hold.
WORDS = """
account anytime assets bonus button calendar careers choose club coins collect community contact
daily deals discover easy events explore faster friends fund gift global guide help home hot invite
join launch learn level lounge magic menu mobile more newest offers open pay people pick play plus
points popular press prime pro quick ranking ready saver season secure select smart social spin star
start support team ticket today tools topic travel tutorials update vault video vote wallet welcome
widget world zone
"""
words = st.sampled_from(WORDS.split())
label = st.lists(words, min_size=1, max_size=3).map(" ".join)
slogan = st.lists(words, min_size=4, max_size=9).map(" ".join)
promise = st.lists(words, min_size=8, max_size=16).map(lambda words: f"{' '.join(words)}!".capitalize())
made_up = st.one_of(label, label.map(str.title), slogan, promise)


def taken(page):
    batch = read_page(page, FETCHED)
    return batch.texts.to_pylist(), batch.engagement.to_pylist()


PLAIN = {page: taken(page) for page in (POST, ARTICLE)}

above = st.lists(st.sampled_from(NAVIGATION) | made_up, max_size=60)
below = st.lists(st.sampled_from(FOOTER) | made_up, max_size=40)
gaps = st.sampled_from(["\n", "\n\n", "\n\n\n"])


def test_the_texts_used_here_are_read_whole():
    (post, *comments), (seen, *_) = PLAIN[POST]
    lines = [line for line in POST.splitlines() if line]
    assert post["body"].split("\n\n") == [lines[0], *lines[2 : lines.index("post-image")]]
    assert [comment["author"] for comment in comments] == ["SaltyDog", "coastal.bear"]
    assert (seen["rewards"], seen["replies"], seen["reposts"]) == (0, 2, 0)
    [article], _ = PLAIN[ARTICLE]
    assert article["body"].split() == " ".join(ARTICLE.replace("β", "").splitlines()[1:]).split()


@pytest.mark.parametrize("page", [POST, ARTICLE], ids=["post", "article"])
@given(above=above, below=below, gap=gaps)
def test_furniture_above_and_below_changes_nothing(page, above, below, gap):
    assert taken(gap.join(["\n".join(above), page, "\n".join(below)])) == PLAIN[page]


@pytest.mark.parametrize("name", ["000_7216ba9f09d4ea01.txt", "001_36a0e20334799e9e.txt"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("turn", range(0, 60, 7))
def test_sixty_lines_above_and_forty_below_the_seeds_change_nothing(shared, name, gap, turn):
    page = (shared / "seeds" / name).read_text(encoding="utf-8")
    above = (NAVIGATION[turn:] + NAVIGATION * 2)[:60]
    below = (FOOTER[turn % len(FOOTER) :] + FOOTER * 2)[:40]
    assert taken(gap.join(["\n".join(above), page, "\n".join(below)])) == taken(page)


@pytest.mark.parametrize("page", [POST, ARTICLE], ids=["post", "article"])
def test_a_long_banner_on_another_matter_is_not_the_text(page):
    banner = (
        "Our spring carnival begins on Monday. Complete three simple tasks before the end of the month, and "
        "pick up a mystery box with points that you can turn into tickets, mugs and many other things."
    )
    assert taken("\n".join([*NAVIGATION, banner, banner, page])) == PLAIN[page]


def test_posts_of_others_below_the_comments_are_not_comments():
    other = [
        "OtherUser",
        "· 2h ago",
        "Look at my trade",
        "Reward",
        "3",
        "Repost",
        "Share",
        "Comment",
        "Add a comment",
    ]
    other += ["Somebody", "· 1h ago", "great", "Reply0"]
    assert taken("\n".join([POST, "Trending Topics", *other])) == PLAIN[POST]


def test_a_feed_below_an_article_does_not_make_it_a_post():
    feed = [
        "OtherUser",
        "· 2h ago",
        "Look at my trade",
        "Reward",
        "3",
        "Repost",
        "Share",
        "Comment",
        "Add a comment",
    ]
    assert taken("\n".join([*NAVIGATION, ARTICLE, *FOOTER, *feed])) == PLAIN[ARTICLE]


def test_menus_with_a_slogan_for_each_entry_are_cut():
    menu = [line for i in range(25) for line in (f"Entry {i}", f"Discover the {i} ways to grow your savings")]
    for page in (POST, ARTICLE):
        assert taken("\n".join([*menu, page])) == PLAIN[page]


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_around_a_post_is_survived(before, after):
    assert read_page(f"{before}\n{POST}\n{after}", FETCHED).texts.num_rows >= 1


HOSTILE = [
    "a", " ", "<", "<div>", "<p>", "<b x=1>", "<a ", "<!--", "<script>", "&#9", '<p title="', "<x-y ", "1,",
    "1\n", "· 1h ago\n", "a·1h ago\n", "Reply0\n", "Reward\n", "Reward\n1\nRepost\nShare\n", "By A\n",
    "june 5, 2026 ", "x\n· 1h ago\nhello\nReply0\n", "- β", "- β\n", "A sentence of some words here. ",
    "漢", "漢。", "\u200b", "win a prize today\n", "we use cookies ",
    "this page may contain third-party content\n",
]  # fmt: skip


def seconds(page):
    began = time.process_time()
    with suppress(rows.UnknownShape):
        read_page(page, FETCHED)
    return time.process_time() - began


@pytest.mark.parametrize("start", ["", "<html>"], ids=["text", "html"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_megabyte_takes_less_than_two_seconds(start, piece):
    page = (start + piece * (2**20 // len(piece) + 1))[: 2**20]
    assert any(seconds(page) < 2 for _ in range(3))  # a busy machine may need a second try
