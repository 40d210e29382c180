from datetime import UTC, datetime, timedelta

import pytest

from pipelines.sources import rows
from pipelines.sources.pages import read_page

FETCHED = datetime(2026, 6, 5, 12, tzinfo=UTC)

TAG = "#NordvikWinsBigOrder"
TITLE = "Why Nordvik's Memory Order Matters More Than Its Price"
INTRO = (
    "Nordvik told the market that it will deliver memory to three cloud companies until 2029. The order is "
    "larger than everything that Nordvik sold last year, and the stock went up nine percent within the "
    "hour."
)
BULLISH = (
    "Memory is scarce and Nordvik owns the only new plant in Europe. With the order signed, the plant runs "
    "full from its first day, and margins should climb while rivals still wait for permits."
)
BEARISH = (
    "Plants are late more often than not. If Nordvik starts a year behind plan, the cloud companies may "
    "walk away, and the stock would give back all of its gains and more."
)
BODY_LINES = ["The Hook:", INTRO, "The Bullish Case:", BULLISH, "The Bearish Case:", BEARISH]
DISCLAIMER = "This page may contain third-party content, and nobody vouches for it."
BAR = ["  • Reward", "  • 2", "  • Repost", "  • Share"]
BELOW = ["Comment", "Add a comment", "Add a comment"]
COMMENTS = [
    "LonePine",
    "· 1h ago",
    "thanks",
    "Reply0",
    "Quiet_Bear",
    "· 3m",
    "late plants",
    "again",
    "Reply 2",
]

HEADLINE = "Nordvik (NVK) Shares Jump After Memory Order"
PARAGRAPHS = [
    "Nordvik said on Thursday that it will supply memory to three cloud companies until 2029, and its "
    "shares rose nine percent. The order is the largest in the history of the company.",
    "The memory will come from a new plant in Bergen. The plant is meant to open next spring, and Nordvik "
    "will hire eight hundred people for it before the winter.",
    "For investors the order removes a doubt about demand. It does not remove the doubt whether a plant of "
    "this size can open on time, which three of the last four did not.",
]
POINTS = ["Nordvik will supply memory to three cloud companies", "The plant in Bergen is to open next spring"]


def post_page(bar=BAR, comments=COMMENTS, body=BODY_LINES, title=TITLE, tags=(TAG,)):
    return "\n".join([*tags, "", title, "", *body, "post-image", DISCLAIMER, *bar, *BELOW, *comments])


def article_page(glyph="- β"):
    return "\n".join([HEADLINE, *PARAGRAPHS, *(glyph + point for point in POINTS)])


def read(page, **sidecar):
    batch = read_page(page, FETCHED, sidecar or None)
    assert batch.texts.schema == rows.TEXT_ROWS
    assert batch.rejects.num_rows == 0
    return batch.texts.to_pylist(), batch.engagement.to_pylist()


def counts(page):
    seen = read(page)[1][0]
    return seen["rewards"], seen["likes"], seen["replies"], seen["reposts"]


def test_the_gate_post_is_read_whole_with_its_comment_and_its_counts(shared):
    page = (shared / "seeds" / "000_7216ba9f09d4ea01.txt").read_text(encoding="utf-8")
    (post, comment), (post_seen, comment_seen) = read(page)
    lines = [line for line in page.splitlines() if line.strip()]
    until = lines.index("post-image")
    assert (post["kind"], post["source"], post["title"]) == ("post", "gate", lines[1])
    assert post["body"].split("\n\n") == [lines[0], *lines[2:until]]
    assert (post["published_at"], post["time_precision"]) == (None, "absent")
    assert (comment["author"], comment["body"]) == ("HighAmbition", "thnx for sharing")
    assert comment["published_at"] == FETCHED - timedelta(hours=1)
    assert comment["time_precision"] == "relative"
    assert comment["parent_id"] == comment["thread_id"] == post["text_id"]
    assert post_seen["replies"] == 1
    assert comment_seen["replies"] == 0
    for text in (post, comment):
        said = f"{text['title']} {text['body']}"
        assert not any(word in said for word in ("third-party", "post-image", "Add a comment", "Reply0", "Repost"))


def test_the_news_article_is_read_whole_without_its_stray_glyphs(shared):
    page = (shared / "seeds" / "001_36a0e20334799e9e.txt").read_text(encoding="utf-8")
    [article], seen = read(page)
    title, *lines = page.splitlines()
    assert (article["kind"], article["title"], seen) == ("article", title, [])
    paragraphs = article["body"].split("\n\n")
    assert paragraphs[:5] == lines[:5]
    assert paragraphs[5].split("\n") == [line.replace("β", "") for line in lines[5:]]
    assert "β" not in article["body"]


def test_a_post_has_title_hashtags_body_and_comments():
    (post, first, second), _ = read(post_page())
    assert post["title"] == TITLE
    assert post["body"].split("\n\n") == [TAG, *BODY_LINES]
    assert (first["author"], first["body"]) == ("LonePine", "thanks")
    assert (second["author"], second["body"]) == ("Quiet_Bear", "late plants\nagain")
    assert second["published_at"] == FETCHED - timedelta(minutes=3)


def test_a_post_without_title_or_hashtags_is_all_body():
    (post, *_), _ = read("\n".join([INTRO, BULLISH, DISCLAIMER, *BAR, *BELOW]))
    assert (post["title"], post["body"].split("\n\n")) == (None, [INTRO, BULLISH])


def test_a_post_of_a_few_words_is_kept_whole():
    (post,), _ = read("\n".join(["#NVK", "GM everyone", "to the moon 🚀", *BAR, *BELOW]))
    assert post["body"].split("\n\n") == ["#NVK", "GM everyone", "to the moon 🚀"]


def test_author_and_age_above_a_post_are_its_own():
    (post, *_), _ = read("\n".join(["Gate", "ChipFox", "Follow", "· 2h ago", post_page()]))
    assert (post["author"], post["time_precision"]) == ("ChipFox", "relative")
    assert post["published_at"] == FETCHED - timedelta(hours=2)


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        (["Reward", "1", "Repost", "Share"], (0, None, 1, 0)),
        (["Reward", "Like", "Comment", "Repost", "Share"], (0, 0, 0, 0)),
        (["Reward", "Comment", "Repost", "Share"], (0, None, 0, 0)),
        (["12", "1", "Repost", "3"], (12, None, 1, 0)),
        (["- 1.2K", "- 3,4K", "- 12,345", "- 7", "- Share"], (1200, 3400, 12_345, 7)),
        (["Reward", "40", "Comment", "2", "Share"], (0, 40, 0, 2)),
        (["5", "6", "7", "8"], (5, None, 6, 7)),
        (["• Reward • 1 • Repost • Share"], (0, None, 1, 0)),
        (["Reward1RepostShare"], (0, None, 1, 0)),
        (["Reward", "2M", "99+", "Share"], (0, None, 2_000_000, 99)),
    ],
)
def test_in_the_action_bar_a_count_takes_the_place_of_its_label_and_a_label_is_zero(bar, expected):
    assert counts(post_page(bar=bar)) == expected


def test_the_bar_and_the_listing_may_disagree_and_both_are_kept():
    texts, seen = read(post_page(bar=["Reward", "9", "Repost", "Share"]))
    assert seen[0]["replies"] == 9
    assert len(texts) - 1 == 2


def test_a_page_without_a_bar_has_no_counts():
    texts, seen = read("\n".join([TITLE, *BODY_LINES, DISCLAIMER, *BELOW, *COMMENTS]))
    assert len(texts) == 3
    assert texts[0]["text_id"] not in {row["text_id"] for row in seen}


def test_comments_know_their_replies_and_unknown_is_not_zero():
    comments = [
        "A",
        "· just now",
        "one",
        "Reply0",
        "B",
        "· 2d ago",
        "two",
        "Reply 3",
        "C",
        "· 05-14",
        "three",
        "Reply",
    ]
    comments += ["D", "· 2026-05-30 12:00", "cut off here"]
    texts, seen = read(post_page(comments=comments))
    replies = {row["text_id"]: row["replies"] for row in seen}
    assert [replies.get(text["text_id"]) for text in texts[1:]] == [0, 3, 0, None]
    assert [text["published_at"] for text in texts[1:]] == [
        FETCHED,
        FETCHED - timedelta(days=2),
        datetime(2026, 5, 14, tzinfo=UTC),
        datetime(2026, 5, 30, 12, tzinfo=UTC),
    ]


def test_an_answer_that_names_its_author_hangs_below_that_comment():
    comments = [
        "Ann",
        "· 3h ago",
        "first",
        "Reply 1",
        "Bob",
        "· 2h ago",
        "@Ann no",
        "Reply0",
        "Cy",
        "· 1h ago",
        "@Zed",
        "Reply0",
    ]
    (post, ann, bob, cy), _ = read(post_page(comments=comments))
    assert bob["parent_id"] == ann["text_id"]
    assert ann["parent_id"] == cy["parent_id"] == post["text_id"]
    assert bob["thread_id"] == post["text_id"]


def test_buttons_in_a_comment_are_not_said_by_it():
    comments = ["Ann", "VIP 3", "· 3h ago", "first", "View original", "Translate", "Reply0"]
    assert [text["body"] for text in read(post_page(comments=comments))[0][1:]] == ["first"]


def test_repeated_comments_have_their_own_identities():
    texts, _ = read(post_page(comments=["Ann", "· 3h ago", "gm", "Reply0"] * 3))
    assert len({text["text_id"] for text in texts}) == 4


def test_a_post_saved_again_elsewhere_is_the_same_post():
    first, _ = read(post_page(), url="https://www.gate.com/post/status/1")
    again = "\n".join(["Markets", "Log in", post_page(bar=["7", "8", "Repost", "Share"]), "© 2026"])
    second, _ = read(again.replace("'", "’"), url="https://gate.example/post/status/1")
    assert [text["text_id"] for text in first] == [text["text_id"] for text in second]


@pytest.mark.parametrize(
    "url",
    [
        "https://gate.com/post/status/17",
        "https://www.gate.io/post/status/17?ref=ABC&lang=en#comments",
        "https://www.gate.com/de/post/status/17/",
        "https://m.gate.tr/post/status/17",
        "http://GATE.COM.AU/post/status/17",
    ],
)
def test_the_number_in_gates_address_makes_one_post_of_its_hosts_and_its_edits(url):
    first, _ = read(post_page(), url="https://www.gate.com/post/status/17")
    texts, counts = read(post_page().replace("nine", "ten"), url=url)
    assert [text["text_id"] for text in texts] == [text["text_id"] for text in first]
    assert (texts[0]["text_id"], counts[0]["text_id"]) == ("gate:17", "gate:17")


@pytest.mark.parametrize(
    "url",
    [
        "https://gate.evil.example/post/status/17",
        "https://gate.com.evil.example.org/post/status/17",
        "https://aggregate.com/post/status/17",
        "https://example.com/gate.com/post/status/17",
        "https://www.gate.com/post/status/17a",
        "https://www.gate.com/post/status/١٧",
    ],
)
def test_another_address_has_no_number_of_gates(url):
    assert read(post_page(), url=url)[0][0]["text_id"] == read(post_page())[0][0]["text_id"]


def test_another_word_makes_another_post():
    assert read(post_page())[0][0]["text_id"] != read(post_page().replace("nine", "ten"))[0][0]["text_id"]


@pytest.mark.parametrize("glyph", ["- β", "- â†’", "- β†’ ", "• ", "→ ", "▪", "- ", "â€¢ ", "‚Ä¢ "])
def test_list_marks_are_written_one_way_and_mis_encoded_ones_are_cut(glyph):
    [article], _ = read(article_page(glyph))
    assert article["title"] == HEADLINE
    assert article["body"].split("\n\n") == [*PARAGRAPHS, "\n".join(f"- {point}" for point in POINTS)]


def test_a_list_mark_before_a_number_is_no_minus():
    points = [
        "• 9% up after the memory order of Nordvik",
        "• 800 people will be hired for the plant in Bergen",
    ]
    [article], _ = read("\n".join([HEADLINE, *PARAGRAPHS, *points]))
    assert article["body"].split("\n\n")[-1] == "\n".join(points)


def test_a_greek_word_in_a_list_stays():
    point = "- β-blockers are not what Nordvik will supply to cloud companies"
    assert point in read("\n".join([HEADLINE, *PARAGRAPHS, point]))[0][0]["body"]


@pytest.mark.parametrize(
    ("lines", "author", "published_at", "precision"),
    [
        (
            ["By Jane Doe", "June 4, 2026 9:30 AM EDT"],
            "Jane Doe",
            datetime(2026, 6, 4, 13, 30, tzinfo=UTC),
            "exact",
        ),
        (["By Jane Doe | Published: June 4, 2026"], "Jane Doe", datetime(2026, 6, 4, tzinfo=UTC), "relative"),
        (
            ["Published: 2026-06-04T13:30:00Z", "3 min read"],
            None,
            datetime(2026, 6, 4, 13, 30, tzinfo=UTC),
            "exact",
        ),
        (["Written by Jane Doe", "3 hours ago"], "Jane Doe", FETCHED - timedelta(hours=3), "relative"),
        ([], None, None, "absent"),
    ],
)
def test_byline_and_date_of_an_article_are_taken_and_are_not_its_text(lines, author, published_at, precision):
    [article], _ = read("\n".join([HEADLINE, *lines, *PARAGRAPHS]))
    assert (article["author"], article["published_at"], article["time_precision"]) == (
        author,
        published_at,
        precision,
    )
    assert article["body"].split("\n\n") == PARAGRAPHS


def test_an_article_changed_at_an_unknown_hour_is_known_at_the_fetch():
    dates = ["Published: June 3, 2026 9:30 AM EDT", "Updated June 4, 2026"]
    [article], _ = read("\n".join([HEADLINE, *dates, *PARAGRAPHS]))
    assert (article["time_precision"], article["edited_at"]) == ("relative", None)


def test_lines_broken_by_a_text_browser_are_joined_again():
    words, broken = " ".join(PARAGRAPHS).split(), [""]
    for word in words:
        if len(broken[-1]) + len(word) + 1 > 72:
            broken.append("")
        broken[-1] = f"{broken[-1]} {word}".strip()
    [article], _ = read("\n".join([HEADLINE, "", *broken]))
    assert article["body"] == " ".join(PARAGRAPHS)


def test_a_sidecar_says_where_a_page_is_from_and_when():
    sidecar = {
        "url": "https://example.com/nordvik",
        "source": "example",
        "published_at": "2026-06-04T09:30:00-04:00",
        "fetched_at": "2026-06-04T14:00:00Z",
    }
    [article], _ = read(article_page(), **sidecar)
    assert article["text_id"].startswith("example:")
    assert (article["url"], article["source"]) == ("https://example.com/nordvik", "example")
    assert article["published_at"] == datetime(2026, 6, 4, 13, 30, tzinfo=UTC)
    assert article["fetched_at"] == datetime(2026, 6, 4, 14, tzinfo=UTC)
    assert article["time_precision"] == "exact"


def test_ages_count_back_from_the_fetch_that_the_sidecar_names():
    texts, seen = read(post_page(), fetched_at="2026-05-01T00:30:00Z")
    assert texts[1]["published_at"] == datetime(2026, 4, 30, 23, 30, tzinfo=UTC)
    assert {row["observed_at"] for row in seen} == {datetime(2026, 5, 1, 0, 30, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published_at", "2026-06-04"),
        ("published_at", "yesterday"),
        ("published_at", 1_780_000_000),
        ("fetched_at", "2026-06-04T10:00:00"),
        ("fetched_at", "0001-01-01T00:00:00+14:00"),
        ("url", "javascript:alert(1)"),
        ("url", 7),
        ("source", "Gate Square"),
        ("source", "a:b"),
    ],
)
def test_a_wrong_sidecar_is_refused_by_field(field, value):
    with pytest.raises(ValueError, match=f"sidecar field '{field}'") as refusal:
        read_page(post_page(), FETCHED, {field: value})
    assert not isinstance(refusal.value, rows.UnknownShape)


@pytest.mark.parametrize(
    "page",
    [
        "",
        " \n\n\t\n",
        "403 Forbidden\nnginx/1.24.0",
        "Access Denied\nYou don't have permission to access this page on this server.\nReference #18.2f",
        "Just a moment...\nEnable JavaScript and cookies to continue",
        "Log in\nLog in to continue reading. Create a free account or sign in now.\nForgot password?",
        "\n".join(["alpha", "beta gamma", "delta"] * 40),
        " ".join(["alpha beta gamma"] * 300),
        "<html><head><title>404</title></head><body><h1>Page not found</h1><p>It moved.</p></body></html>",
        "\n".join([*BAR, *BELOW]),
    ],
)
def test_a_page_that_is_neither_shape_is_refused_with_what_was_expected(page):
    with pytest.raises(rows.UnknownShape, match=r"expected a Gate Square post .* or a news article"):
        read_page(page, FETCHED)


def test_nul_and_lone_surrogates_do_not_reach_the_rows():
    (post, *_), _ = read(post_page().replace("Nordvik", "Nord\x00vik").replace("hour", "hour\ud800"))
    assert post["title"] == TITLE
    assert "hour?" in post["body"]
