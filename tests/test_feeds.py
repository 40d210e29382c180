"""Feeds in all their forms as rows: what is an item, what names it, when it was published, what is no feed."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources.answers import Answer, TooLarge, WrongShape
from pipelines.sources.feeds import FEED_BYTES, MOST_ITEMS, link_name, read_feed, rows, web_address
from pipelines.sources.rows import TEXT_ROWS, Limits, batch
from pipelines.sources.rss import read
from tests.conftest import SAVED

URL = "https://feeds.example.com/news.xml"
RSS = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Invented</title>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Invented</title>{}</feed>'


def answered(body: str | bytes, content_type: str = "application/xml", url: str = URL, **about: Any) -> Answer:
    body = body.encode() if isinstance(body, str) else body
    return Answer(url, SAVED, body, headers={"content-type": content_type}, about=about)


def read_rows(body: str | bytes, content_type: str = "application/xml", url: str = URL) -> list[dict[str, Any]]:
    answer = answered(body, content_type, url)
    return rows(read_feed(answer), answer)


def one(inner: str) -> dict[str, Any]:
    (row,) = read_rows(RSS.format(f"<item><title>A title</title>{inner}</item>"))
    return row


def entry(inner: str, count: int = 1) -> list[dict[str, Any]]:
    many = "".join(f"<entry><title>T{n}</title><id>i{n}</id>{inner}</entry>" for n in range(count))
    return read_rows(ATOM.format(many))


def at(row: dict[str, Any]) -> tuple[str | None, str | None, str]:
    told = [row[name] and f"{row[name]:%Y-%m-%d %H:%M:%S}" for name in ("published_at", "edited_at")]
    return told[0], told[1], row["time_precision"]


def test_an_item_is_a_row_of_texts():
    row = one(
        "<link>https://www.example.com/a/?utm_source=feed&amp;id=7#top</link><author>joan@example.com (Joan)</author>"
        "<pubDate>Sat, 30 May 2026 06:00:00 -0400</pubDate><description>&lt;p&gt;Words&lt;/p&gt;</description>"
    )
    assert row == {
        "text_id": "rss:example.com/a?id=7",
        "source": "rss",
        "kind": "article",
        "author": "Joan",
        "community": "Invented",
        "title": "A title",
        "body": "<p>Words</p>",
        "body_format": "html",
        "url": "https://www.example.com/a/?utm_source=feed&id=7",
        "language": None,
        "published_at": datetime(2026, 5, 30, 10, tzinfo=UTC),
        "edited_at": None,
        "fetched_at": SAVED,
        "time_precision": "exact",
        "is_deleted": False,
    }
    assert set(row) <= set(TEXT_ROWS.names)
    assert batch([row]).texts.num_rows == 1


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Sat, 30 May 2026 10:00:00 GMT", ("2026-05-30 10:00:00", None, "exact")),
        ("30 May 2026 10:00:00 +0200", ("2026-05-30 08:00:00", None, "exact")),
        ("2026-05-30T10:00:00Z", ("2026-05-30 10:00:00", None, "exact")),
        ("2026-05-30T10:00:00", ("2026-05-30 10:00:00", None, "relative")),
        ("2026-05-30", ("2026-05-30 00:00:00", None, "relative")),
        ("Sat, 30 May 2026", ("2026-05-30 00:00:00", None, "relative")),
        ("Sat, 30 May 2026 10:00:00", ("2026-05-30 10:00:00", None, "relative")),
        ("2026-05-30T12:04:59Z", ("2026-05-30 12:04:59", None, "exact")),
        ("2026-05-30T12:05:01Z", (None, None, "absent")),
        ("2026-05-30T12:04:59", ("2026-05-30 12:00:00", None, "relative")),
        ("1970-01-01T00:00:00Z", (None, None, "absent")),
        ("0000-00-00", (None, None, "absent")),
        ("Sáb, 30 Mai 2026 10:00:00 -0300", (None, None, "absent")),
        ("9" * 5000, (None, None, "absent")),
        ("", (None, None, "absent")),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(date: str, expected: tuple):
    assert at(one(f"<pubDate>{date}</pubDate>")) == expected


def test_an_item_without_a_date_has_none():
    assert at(one("")) == (None, None, "absent")


PUBLISHED = "<published>2026-05-30T08:00:00Z</published>"


def test_updated_after_the_publication_is_an_edit():
    (row,) = entry(f"{PUBLISHED}<updated>2026-05-30T09:30:00Z</updated>")
    assert at(row) == ("2026-05-30 08:00:00", "2026-05-30 09:30:00", "exact")


def test_updated_at_or_before_the_publication_is_none():
    assert at(entry(f"{PUBLISHED}<updated>2026-05-30T08:00:00Z</updated>")[0])[1] is None
    assert at(entry(f"{PUBLISHED}<updated>2026-05-30T07:00:00Z</updated>")[0])[1] is None


def test_an_update_in_the_minute_of_the_answer_is_the_answers_time():
    assert at(entry(f"{PUBLISHED}<updated>2026-05-30T11:59:30Z</updated>")[0])[1] is None


def test_an_update_that_most_items_share_is_when_the_feed_was_made():
    shared = f"{PUBLISHED}<updated>2026-05-30T11:40:00Z</updated>"
    assert {at(row)[1] for row in entry(shared, 3)} == {None}
    assert at(entry(shared)[0])[1] == "2026-05-30 11:40:00"


def test_an_old_update_that_items_share_is_believed():
    old = f"{PUBLISHED}<updated>2026-05-30T09:30:00Z</updated>"
    assert {at(row)[1] for row in entry(old, 3)} == {"2026-05-30 09:30:00"}


def test_updated_alone_is_the_publication():
    assert at(entry("<updated>2026-05-30T09:30:00Z</updated>")[0]) == ("2026-05-30 09:30:00", None, "exact")


def test_an_item_of_rss_has_no_edit_because_it_has_a_publication():
    assert at(one("<pubDate>Sat, 30 May 2026 10:00:00 GMT</pubDate>"))[1] is None


def test_a_title_is_plain_however_often_its_markup_is_escaped():
    for title in (
        "Up &lt;b&gt;9 %&lt;/b&gt; &amp;amp; on",
        "Up &amp;lt;b&amp;gt;9 %&amp;lt;/b&amp;gt; &amp;amp; on",
        "<![CDATA[Up <b>9 %</b> & on]]>",
        "  Up\n <![CDATA[<i>9 %</i>]]> &amp; on ",
    ):
        assert read_rows(RSS.format(f"<item><title>{title}</title></item>"))[0]["title"] == "Up 9 % & on"


def test_plain_bodies_are_told_from_html():
    assert entry('<content type="text">1 and 2</content>')[0]["body_format"] == "plain"
    assert entry('<content type="html">&lt;p&gt;1&lt;/p&gt;</content>')[0]["body_format"] == "html"


def test_the_longest_body_is_taken():
    row = one(
        "<description>Short</description><content:encoded xmlns:content="
        '"http://purl.org/rss/1.0/modules/content/">&lt;p&gt;The whole text&lt;/p&gt;</content:encoded>'
    )
    assert row["body"] == "<p>The whole text</p>"


def test_two_feeds_with_one_article_have_one_text():
    link = "<link>{}</link>"
    names = {
        one(link.format(address))["text_id"]
        for address in ("http://example.com/a", "https://www.example.com/a/?utm_medium=rss", "https://EXAMPLE.com/a#x")
    }
    assert names == {"rss:example.com/a"}


def test_items_that_share_an_address_are_named_by_their_guids():
    item = '<item><title>{0}</title><link>https://example.com/show</link><guid isPermaLink="false">e{0}</guid></item>'
    names = [row["text_id"] for row in read_rows(RSS.format(item.format(1) + item.format(2)))]
    assert names == ["rss:feeds.example.com/news.xml#e1", "rss:feeds.example.com/news.xml#e2"]


def test_a_front_page_names_no_item():
    assert (
        one('<link>https://example.com/</link><guid isPermaLink="false">g</guid>')["text_id"]
        == "rss:feeds.example.com/news.xml#g"
    )
    assert one("<link>https://example.com/?p=1</link>")["text_id"] == "rss:example.com?p=1"


def test_long_and_odd_names_are_hashed_and_hold():
    long, odd = f"<link>https://example.com/{'a' * 500}</link>", '<guid isPermaLink="false">a name with spaces</guid>'
    for inner in (long, odd):
        name = one(inner)["text_id"]
        assert name == one(inner)["text_id"]
        assert len(name) == len("rss:") + 32


def test_an_item_that_comes_twice_is_one():
    item = "<item><title>T</title><link>https://example.com/a</link><guid>https://example.com/a</guid></item>"
    assert len({row["text_id"] for row in read_rows(RSS.format(item + item))}) == 1


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a", "https://feeds.example.com/a"),
        ("a b", "https://feeds.example.com/a%20b"),
        ("https://bücher.example/ü?q=ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("javascript:alert(1)", None),
        ("file:///etc/hostname", None),
        ("https://user:word@example.com/", None),
        ("http://[broken", None),
        ("https://example.com/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_a_link_is_an_address_of_the_web_or_none(link: str, expected: str | None):
    assert web_address(link, URL) == expected


def test_names_keep_what_is_not_tracking():
    assert link_name("https://example.com:8080/a/?b=1&utm_x=2&fbclid=3&utmost=4") == "example.com:8080/a?b=1&utmost=4"


def test_relative_links_start_at_where_the_feed_was_found():
    (row,) = read_rows(RSS.format("<item><title>T</title><link>/a</link></item>"))
    assert row["url"] == "https://feeds.example.com/a"
    moved = answered(RSS.format("<item><title>T</title><link>/a</link></item>"), at="https://moved.example.com/f")
    assert rows(read_feed(moved), moved)[0]["url"] == "https://moved.example.com/a"


def json_feed(*items: Any, **fields: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": list(items), **fields})


def test_a_json_feed_is_read():
    item = {
        "id": 7,
        "url": "https://example.com/a",
        "title": "T",
        "content_html": "<p>x</p>",
        "date_published": "2026-05-30T08:00:00Z",
        "date_modified": "2026-05-30T09:00:00+00:00",
        "authors": [{"name": "Joan"}],
        "language": "de-DE",
    }
    (row,) = read_rows(json_feed(item), "application/feed+json")
    assert (row["text_id"], row["body"], row["author"], row["language"]) == (
        "rss:example.com/a",
        "<p>x</p>",
        "Joan",
        "de",
    )
    assert at(row) == ("2026-05-30 08:00:00", "2026-05-30 09:00:00", "exact")


def test_a_bad_item_of_a_json_feed_stops_no_other():
    feed = read_feed(answered(json_feed({"id": [], "title": "bad"}, {"id": 1, "content_text": "good \ud83d"})))
    assert [item.body for item in feed.items] == ["good \N{REPLACEMENT CHARACTER}"]
    assert "$.id" in feed.refused[0][0]


def test_an_item_that_says_nothing_is_refused():
    feed = read_feed(answered(RSS.format("<item><link>https://example.com/a</link></item>")))
    assert (feed.items, feed.refused) == ([], [("an item with neither title nor text", "https://example.com/a")])


def test_more_items_than_are_read_are_said():
    feed = read_feed(answered(json_feed(*({"id": n, "title": "T"} for n in range(MOST_ITEMS + 1)))))
    assert len(feed.items) == MOST_ITEMS
    assert feed.refused[0][0] == "only the first 1,000 of 1,001 items are read"


def test_an_empty_feed_is_a_feed():
    assert read_rows(RSS.format("")) == []


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><html><head><title>Sign in</title></head><body><p>Access denied</p></body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Moved</h1></body></html>",
        "<head><title>Document Moved</title></head><body>here</body>",
        "<rss version='2.0'><channel><title>cut in the mid",
        "",
        "plain words",
        '{"error": "no such feed"}',
        '{"version": "2", "items": []}',
        "{" * 100_000,
        b"\x00\xff\xfe\x00",
    ],
)
def test_what_is_no_feed_is_told_with_address_and_sample(body: str | bytes):
    with pytest.raises(WrongShape, match=r"rss: https://feeds\.example\.com/news\.xml .* begins ['\"]"):
        read_feed(answered(body, "text/html"))


def test_bytes_in_other_encodings_are_read():
    item = "<item><title>Ação — €</title></item>"
    for name in ("cp1252", "utf-16", "utf-8-sig"):
        declared = RSS.format(item).replace("utf-8", "utf-16" if name == "utf-16" else name.removesuffix("-sig"))
        assert read_rows(declared.encode(name))[0]["title"] == "Ação — €", name
    # Declared as UTF-8, which it is not.
    assert read_rows(RSS.format(item).encode("cp1252"))[0]["title"] == "Ação — €"
    assert read_rows(RSS.format(item).encode("cp1252"), "text/xml; charset=utf-8")[0]["title"] == "Ação — €"


def test_references_to_no_character_do_not_stop_a_feed():
    item = "<item><title>a &#55357;&#56832; &#xD800; &#99999999999; &#8364; z</title></item>"
    assert read_rows(RSS.format(item))[0]["title"] == "a 😀 � � € z"


def test_no_file_and_no_address_is_opened_for_a_feed(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    entity = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel><item><title>t&e;'
    (row,) = read_rows(f"{entity}</title></item></channel></rss>")
    assert "hidden" not in str(row)
    with pytest.raises(WrongShape):
        read_feed(answered(str(secret)))
    with pytest.raises(WrongShape):
        read_feed(answered(secret.as_uri()))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]><rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>',
        RSS.format("<item><title>T</title><description><![CDATA[" + "<div>" * 100_000 + "]]></description></item>"),
        RSS.format("<item " + " ".join(f'a{n}="1"' for n in range(2_000)) + "><title>T</title></item>"),
        RSS.format("<item>" + "<a>" * 10_000 + "</a>" * 10_000 + "<title>T</title></item>"),
        RSS.format(f'<item x="{"a" * 2_000_000}"><title>T</title></item>'),
        RSS.format("<item><title>" + "<" * 20_000),
    ],
    ids=["laughs", "nested html", "attributes", "nested xml", "long attribute", "brackets"],
)
def test_hostile_feeds_end_in_time(body: str):
    started = time.monotonic()
    for part in read([answered(body)], Limits()):
        assert part.texts.num_rows + part.rejects.num_rows == 1
        assert all(len(title or "") <= 2_000 for title in part.texts["title"].to_pylist())
    assert time.monotonic() - started < 30


def test_a_feed_longer_than_allowed_is_told():
    with pytest.raises(TooLarge, match="8,388,608 bytes"):
        read_feed(answered(b"<" * (FEED_BYTES + 1)))


COUNTS = {
    "atom-customfields.atom": 15,
    "craigslist.rss": 25,
    "encoding.rss": 40,
    "guardian.rss": 55,
    "gulp-atom.atom": 10,
    "heise.atom": 15,
    "heraldsun.rss": 2,
    "incomplete-fields.atom": 0,
    "itunes-missing-image.rss": 130,  # of 131 items, two are one
    "reddit-home.rss": 24,
    "rss-1.rss": 69,
    "uolNoticias.rss": 15,
    "unrecognized.rss": 0,
}


def test_real_feeds_are_read_through(shared: Path):
    read_counts, whole = {}, []
    for path in sorted((shared / "feeds" / "rss").iterdir()):
        found = list(read([Answer(f"https://feeds.example.com/{path.name}", SAVED, path.read_bytes())], Limits()))
        texts = [row for part in found for row in part.texts.to_pylist()]
        refused = [row for part in found for row in part.rejects.to_pylist()]
        read_counts[path.name] = len(texts)
        assert texts or refused, path.name
        assert len({row["text_id"] for row in texts}) == len(texts), path.name
        whole += texts
    assert COUNTS.items() <= read_counts.items()
    assert len(whole) > 600
    for row in whole:
        assert "<" not in (row["title"] or "") and "&amp;" not in (row["title"] or "")
        assert "\N{REPLACEMENT CHARACTER}" not in (row["title"] or "")
        assert (row["published_at"] is None) == (row["time_precision"] == "absent")
        assert row["published_at"] is None or row["published_at"] < SAVED
        assert row["edited_at"] is None or row["edited_at"] > row["published_at"]


def test_real_dates_mean_the_moment_they_say(shared: Path):
    def first(name: str) -> dict[str, Any]:
        return read_rows((shared / "feeds" / "rss" / name).read_bytes())[0]

    assert at(first("craigslist.rss")) == ("2017-06-21 17:33:10", None, "exact")
    assert at(first("customfields.rss")) == ("2017-05-19 15:35:02", None, "exact")
    assert at(first("heise.atom")) == ("2016-02-01 16:22:00", "2016-02-01 16:54:50", "exact")
    assert at(first("gulp-atom.atom")) == ("2015-06-01 21:49:41", None, "exact")
    assert at(first("uolNoticias.rss")) == (None, None, "absent")  # months in Portuguese
    assert at(first("heraldsun.rss")) == (None, None, "absent")
