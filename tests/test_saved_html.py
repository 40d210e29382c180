"""Pages saved as HTML give the same rows as the text copied from them, and say more about themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.page_html import html_lines, is_html
from pipelines.sources.pages import read_page

FETCHED = datetime(2026, 6, 5, 12, tzinfo=UTC)

TITLE = "Ferry Line Orders Twelve Electric Ships"
PARAGRAPHS = [
    "The ferry line Skagerrak ordered twelve electric ships on Monday & will retire its diesel ships by "
    "2032. The order is worth two billion crowns, the largest in the history of the line.",
    "The ships are built in Gdansk, where the yard hires four hundred people. The first ship is to sail in "
    "the spring of 2028 between Kristiansand and Hirtshals, the busiest route of the line.",
]
POINTS = [
    "Twelve electric ships replace the diesel ships of the line",
    "5% of the order is paid by the state",
]
TEXT = "\n".join([TITLE, *PARAGRAPHS, *(f"• {point}" for point in POINTS)])

HEAD = """<!DOCTYPE html>
<!-- saved from url=(0033)https://example.com/ferries?page=1 -->
<html lang="en-GB"><head><meta charset="utf-8">
<title>Ferry Line Orders Twelve Electric Ships | Example News</title>
<meta property="og:title" content="Ferry Line Orders Twelve Electric Ships">
<meta property="article:published_time" content="2026-06-04T09:30:00+02:00">
<script type="application/ld+json">
{"@graph": [{"@type": "NewsArticle", "author": [{"name": "Jane Doe"}]}]}
</script>
<script>if (a < b) { document.write("<p>A sentence that no reader ever sees on this page.</p>") }</script>
</head>"""


def article(body=PARAGRAPHS, head=HEAD):
    paragraphs = "".join(f"<p>{line.replace('&', '&amp;')}</p>\n" for line in body)
    items = "".join(f"<li><p>{point}</p>" for point in POINTS)
    return f"""{head}<body><nav><ul><li>Home<li>Markets</ul></nav><div><a href="/in">Log in</a></div>
<article><h1>{TITLE}</h1><div>By <a>Jane Doe</a></div>{paragraphs}<ul>{items}</ul></article>
<aside>Ferry shares rise, and this box beside the text says so in a whole sentence.</aside>
<form>Your email <input></form>
<footer>The footer speaks in sentences as well, for it is a long one.</footer></body>"""


def read(page):
    batch = read_page(page, FETCHED)
    return batch.texts.to_pylist(), batch.engagement.to_pylist()


def test_an_article_saved_as_html_has_the_text_and_identity_of_the_copied_one():
    [saved], _ = read(article())
    [copied], _ = read(TEXT)
    assert (saved["text_id"], saved["title"], saved["body"]) == (copied["text_id"], TITLE, copied["body"])


def test_the_head_says_who_when_where_and_in_which_language():
    [saved], _ = read(article())
    assert (saved["author"], saved["language"]) == ("Jane Doe", "en")
    assert saved["url"] == "https://example.com/ferries?page=1"
    assert (saved["published_at"], saved["time_precision"]) == (
        datetime(2026, 6, 4, 7, 30, tzinfo=UTC),
        "exact",
    )


def test_a_declared_change_is_the_edit_whose_words_these_are():
    modified = '<meta property="article:modified_time" content="2026-06-04T11:00:00Z"></head>'
    [saved], _ = read(article(head=HEAD.replace("</head>", modified)))
    assert (saved["edited_at"], saved["time_precision"]) == (datetime(2026, 6, 4, 11, tzinfo=UTC), "exact")


def test_a_declared_title_is_found_among_other_headlines():
    others = "".join(f"<div>{line}</div>" for line in ["Twelve Ships and Their Electric Ferry Line", "Ferry News"])
    [saved], _ = read(article().replace("<article>", f"<div>{others}</div><article>"))
    assert saved["title"] == TITLE


def test_a_post_saved_as_html_is_read_like_its_text():
    lines = ["#Ferries", TITLE, PARAGRAPHS[0], "The Bullish Case:", PARAGRAPHS[1], "post-image"]
    lines += ["This page may contain third-party content, and nobody vouches for it."]
    lines += [
        "Reward",
        "1",
        "Repost",
        "Share",
        "Comment",
        "Add a comment",
        "Ann",
        "· 1h ago",
        "well found",
        "Reply0",
    ]
    spans = "".join(f"<div><span>{line.replace('&', '&amp;')}</span></div>" for line in lines)
    page = f"<html><body><header>Gate</header><div>Futures</div>{spans}<div>About</div></body></html>"
    assert read(page) == read("\n".join(lines))
    (_, comment), (seen, _) = read(page)
    assert (comment["author"], comment["published_at"], seen["replies"]) == (
        "Ann",
        FETCHED - timedelta(hours=1),
        1,
    )


def test_the_time_of_a_comment_is_not_the_time_of_the_post():
    post = f"<html><body><h1>{TITLE}</h1><p>{PARAGRAPHS[1]}</p><p>Reward</p><p>1</p><p>Repost</p><p>Share</p>"
    post += "<p>Comment</p><p>Ann</p><time datetime='2026-06-05T11:00:00Z'>· 1h ago</time><p>hm</p><p>Reply0</p>"
    assert read(post)[0][0]["published_at"] is None


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//example.com", "https://", "http://[", "https://exa mple.com"]
)
def test_an_address_that_is_none_is_not_kept(address):
    page = (
        article()
        .replace("https://example.com/ferries?page=1", "x")
        .replace("</head>", f'<link rel="canonical" href="{address}"></head>')
    )
    assert read(page)[0][0]["url"] is None


def test_what_json_declares_is_cleaned_too():
    declared = '{"@type": "NewsArticle", "headline": "x\\ud800\\u0000", "author": {"name": "A\\ud800"}}'
    head = (
        HEAD.replace("</head>", "").replace("Jane Doe", "") + f'<script type="application/ld+json">{declared}</script>'
    )
    assert read(article(head=head.replace("NewsArticle", "Thing", 1)))[0][0]["author"] == "A?"


def test_text_that_holds_tags_is_not_html():
    assert not is_html("Use <p> for a paragraph")
    assert is_html("\n<!-- saved from url=(0014)about:internet -->\n<HTML>")


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>one<br>two</p>three", ["one", "two", "three"]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", ["a b", "c"]),
        (
            "<p>a <b>bold</b>\n word &lt;x&gt; &#169; &#99999999999;</p>",
            ["a bold word <x> © \N{REPLACEMENT CHARACTER}"],
        ),
        ("<div hidden>no<div>no</div></div><div>yes</div>", ["yes"]),
        ("<p>1 < 2 and 3 > 2</p>", ["1 < 2 and 3 > 2"]),
        ("<style>p { color: red }</style><p title='a > b'>yes", ["yes"]),
        ("<nav><p>no</nav><p>yes", ["yes"]),
        ("<p hidden>no<p>yes", ["yes"]),
        ("<form><h1>All in a form</h1><p>yes</p></form>", ["All in a form", "yes"]),
        ("<!-- no <p>no</p> --><p>yes</p><script>never closed", ["yes"]),
    ],
)
def test_tags_become_lines(page, lines):
    assert html_lines(page)[0] == lines


def test_nesting_without_end_is_survived():
    depth = 100_000
    assert html_lines("<div>" * depth + "deep" + "</div>" * depth)[0] == ["deep"]
    assert html_lines(f'<script type="application/ld+json">{"[" * depth}</script><p>x')[0] == ["x"]


@given(st.text(st.sampled_from(list("<>/!-=\"' apdivnscrt&#;1")), max_size=200))
def test_any_markup_is_survived(page):
    assert all(line == line.strip() for line in html_lines(page)[0])
