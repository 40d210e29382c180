"""Algolia's Hacker News: some 850 invented items of four threads and of lone stories, and one thread that is gone.

Two items around the border of the first page share one second. Not every item holds the word that is searched.
"""

import json
import re
from collections import defaultdict
from datetime import UTC, datetime
from itertools import count
from typing import Any

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "hackernews"
SUBJECT = Subject("search", "micron")
WINDOW = Window(datetime(2026, 5, 28, tzinfo=UTC), datetime(2026, 5, 29, tzinfo=UTC))
NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
KEYS: dict[str, str] = {}

PAGE, MOST_HITS = 100, 1_000  # hits on a page when asked so, hits of all pages of one question
STORIES = (41_000_000, 41_000_001, 41_000_002, 41_000_003)
GONE = 41_000_004  # one of its comments is found, the story is removed
DELETED = 41_000_060  # a comment: in the tree without author and text, in no search
FOUND = 780  # items in the window that the search finds
SHARES = (3, 3, 3, 3, 3, 2, 2, 2, 1, 1, 0)  # which of the stories is talked about
STEP = 100  # seconds between them

FIRST = int(WINDOW.start.timestamp())
WORDS = ("memory", "prices", "margin", "cycle", "fab", "demand", "yield", "wafer", "supply", "contract", "quarter")
FILTER = re.compile(r"created_at_i(<=|>=|<|>|=)(\d+)")
COMPARED = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
    "=": int.__eq__,
}


def words(number: int, subject: str = "Micron") -> str:
    picked = [WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 7)]
    return f"{subject} {' '.join(picked)} {number}"


def story(number: int, moment: int, title: str, *, text: str | None = None) -> dict[str, Any]:
    return {"id": number, "moment": moment, "author": f"author{number % 17}", "title": title, "text": text}


def comment(number: int, moment: int, parent: int, top: int, text: str) -> dict[str, Any]:
    place = {"id": number, "moment": moment, "parent": parent, "story": top}
    return {**place, "author": f"author{number % 23}", "title": None, "text": text}


def invented() -> dict[int, dict[str, Any]]:
    """Every item by its number: four stories at midnight, two of them of the day before, then an item each 100 seconds."""
    found = [story(top, FIRST + place - 2, words(place)) for place, top in enumerate(STORIES)]
    latest = {top: [top] for top in STORIES}
    numbers = count(STORIES[0] + 10)
    for place in range(FOUND):
        number, moment = next(numbers), FIRST + 60 + place * STEP
        if place == FOUND - PAGE - 1:
            moment += STEP  # the second of the next item: the last on the first page and the first on the second
        top = STORIES[SHARES[place % 11]]
        if place % 10 == 9:
            found.append(story(number, moment, words(place)))
        elif place == 5:
            found.append(comment(number, moment, GONE, GONE, words(place)))
        else:
            below = latest[top]
            parent = below[-1] if place % 4 else below[len(below) // 2]
            found.append(
                comment(number, moment, parent, top, f"{words(place)} isn't it?<p>{words(place + 1, 'It has')}")
            )
            latest[top] = [*below[-6:], number] if place % 30 else [top]
    for place in range(30):  # said in the threads without the word, partly on other days
        number, top = next(numbers), STORIES[place % 4]
        found.append(comment(number, FIRST + 80_000 + place * 900, top, top, words(place, "They")))
    # Found by the search, but of the next day.
    found += [story(next(numbers), FIRST + 86_400 + place, words(place)) for place in range(20)]
    return {item["id"]: item for item in found}


ITEMS = invented()
ITEMS[DELETED] |= {"author": None, "text": None}
BELOW: dict[int, list[int]] = defaultdict(list)
TOTAL: dict[int, int] = defaultdict(int)
for one in ITEMS.values():
    if "parent" in one:
        BELOW[one["parent"]].append(one["id"])
        TOTAL[one["story"]] += 1


def iso(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def hit(item: dict[str, Any]) -> dict[str, Any]:
    """An item as the search gives it."""
    is_comment = "parent" in item
    said = item["text"] and item["text"].replace("'", "&#x27;")
    about = ITEMS.get(item.get("story", item["id"]), {}).get("title", "A story that is gone")
    shown = (said or item["title"] or "").replace("Micron", "<em>Micron</em>")
    marked = {"value": shown, "matchLevel": "full", "fullyHighlighted": False, "matchedWords": ["micron"]}
    return {
        "created_at": iso(item["moment"]),
        "title": item["title"],
        "url": None if is_comment else f"https://news.example/{item['id']}",
        "author": item["author"],
        "points": None if is_comment else 1 + item["id"] % 50,
        "story_text": None,
        "comment_text": said if is_comment else None,
        "num_comments": None if is_comment else TOTAL[item["id"]],
        "story_id": item.get("story"),
        "story_title": about if is_comment else None,
        "story_url": "" if is_comment else None,
        "parent_id": item.get("parent"),
        "created_at_i": item["moment"],
        "_tags": [
            "comment" if is_comment else "story",
            f"author_{item['author']}",
            f"story_{item.get('story', item['id'])}",
        ],
        "objectID": str(item["id"]),
        "_highlightResult": {"comment_text" if is_comment else "title": marked},
    }


def tree(number: int) -> dict[str, Any]:
    """An item as it is given with everything below it; its paragraphs are closed and its quotes are plain."""
    item = ITEMS[number]
    is_comment = "parent" in item
    said = item["text"] and f"<p>{item['text'].replace('<p>', '</p><p>')}</p>"
    return {
        "id": number,
        "created_at": iso(item["moment"]),
        "created_at_i": item["moment"],
        "type": "comment" if is_comment else "story",
        "author": item["author"],
        "title": item["title"],
        "url": None if is_comment else f"https://news.example/{number}",
        "text": said,
        "points": None if is_comment else 1 + number % 50,
        "parent_id": item.get("parent"),
        "story_id": item.get("story", number),
        "children": [tree(below) for below in BELOW[number]],
    }


def matching(query: dict[str, str]) -> list[dict[str, Any]]:
    """What the question finds, newest first."""
    asked = query.get("query", "").lower().split()
    limits = [(COMPARED[sign], int(value)) for sign, value in FILTER.findall(query.get("numericFilters", ""))]
    kinds = re.findall(r"\w+", query.get("tags", "story,comment"))

    def is_found(item: dict[str, Any]) -> bool:
        said = f"{item['title'] or ''} {item['text'] or ''}".lower()
        kind = "comment" if "parent" in item else "story"
        is_then = all(compare(item["moment"], value) for compare, value in limits)
        return is_then and kind in kinds and item["author"] is not None and all(word in said for word in asked)

    return sorted(filter(is_found, ITEMS.values()), key=lambda item: (-item["moment"], -item["id"]))


def search(query: dict[str, str]) -> dict[str, Any]:
    found = matching(query)
    size = min(int(query.get("hitsPerPage", 20)), MOST_HITS)
    page = int(query.get("page", 0))
    reached = found[:MOST_HITS][page * size : (page + 1) * size]
    return {
        "hits": [hit(item) for item in reached],
        "nbHits": len(found),
        "page": page,
        "nbPages": -(-min(len(found), MOST_HITS) // size),
        "hitsPerPage": size,
        "exhaustiveNbHits": True,
        "processingTimeMS": 3,
        "query": query.get("query", ""),
        "params": "advancedSyntax=true&analytics=false",
    }


def play(asked: Asked) -> Reply:
    """As Algolia's interface for Hacker News answers."""
    if asked.path == "/api/v1/search_by_date":
        return Reply(json.dumps(search(asked.query)).encode())
    number = re.fullmatch(r"/api/v1/items/(\d{1,18})", asked.path)
    if number and int(number[1]) in ITEMS:
        return Reply(json.dumps(tree(int(number[1]))).encode())
    return Reply(b'{"error":"Not Found","status":404}', 404)
