"""Saved HTML as the lines a reader would copy from the browser, with the facts its head declares.

Here: one pass over the tags. Block elements end lines, list items begin with a mark, what is never text
(scripts, navigation, footers, forms) is dropped; titles, author, times, address and language are taken from
``<meta>``, ``<time>`` and JSON-LD.
Not here: which lines are the text (``page_prose``, ``page_comments``).

No tree is built. Tree builders take quadratic time on nested input (lexbor: 100,000 nested ``<div>`` in 11 s)
and copy unclosed formatting elements into every paragraph. Here nesting is a list, so a page takes time and
memory in proportion to its length.
"""

import json
import re
from collections import Counter
from html import unescape
from typing import Any, NamedTuple

_OPENING = re.compile(
    r"(?:\s++|<!--(?:(?!-->).){0,2000}+-->|<\?[^>]{0,200}>)*+"
    r"<(?:!doctype html|html|head|body|meta|title|article|main|div|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S{1,2000}) -->")
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')|[="'])*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_ENDLESS_NUMBER = re.compile(r"&#(?:[0-9]{9,}+|[xX][0-9a-fA-F]{9,}+);?")

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
}  # fmt: skip
_RAW = {
    "script", "style", "noscript", "template", "iframe", "textarea", "svg", "title",
}  # fmt: skip
_DROPPED = {
    "nav", "footer", "aside", "select", "dialog", "figcaption", "object", "video", "audio", "canvas", "map",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd",
    "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_FURNITURE_ROLES = {
    "navigation", "banner", "contentinfo", "dialog", "search", "complementary", "menu",
}  # fmt: skip
_ARTICLE_TYPES = {
    "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle",
    "SocialMediaPosting",
}  # fmt: skip
_CLOSED_BY_NEXT = {"p", "li", "td", "th", "tr", "dt", "dd"}
_WHOLE = {"html", "body", "main", "article"}
_JSON_CHARACTERS = 2**20


class Head(NamedTuple):
    """What a page declares about itself; times as written, ``titles`` the most trusted first.

    ``shown`` is the first ``<time datetime>``: an article's own date, but of comments perhaps theirs.
    """

    titles: tuple[str, ...] = ()
    author: str | None = None
    published: str | None = None
    shown: str | None = None
    modified: str | None = None
    url: str | None = None
    language: str | None = None


def is_html(content: str) -> bool:
    """Whether the page opens as HTML does; a text that merely holds tags is not HTML."""
    return _OPENING.match(content) is not None


def html_lines(content: str) -> tuple[list[str], Head]:
    """Lines of visible text, each stripped and without empty ones, and what the head declares."""
    page = _Page()
    position = 0
    while (opening := content.find("<", position)) >= 0:
        page.text(content[position:opening])
        position = _markup(content, opening, page)
    page.text(content[position:])
    page.end_line()
    return page.lines, page.head(content)


def _markup(content: str, opening: int, page: "_Page") -> int:
    """Feed the tag, comment or declaration at ``opening`` to ``page``; the position after it."""
    if content.startswith(("<!--", "<!", "<?"), opening):
        closer = "-->" if content.startswith("<!--", opening) else ">"
        end = content.find(closer, opening + 2)
        return len(content) if end < 0 else end + len(closer)
    tag = _TAG.match(content, opening)
    if tag is None:
        page.text("<")
        return opening + 1
    name = tag[2].lower()
    if tag[1]:
        page.close(name)
        return tag.end()
    attributes = _attributes(tag[3])
    if name not in _RAW:
        page.open(name, attributes)
        return tag.end()
    closer = re.compile(f"</{name}", re.IGNORECASE).search(content, tag.end())
    end = closer.start() if closer else len(content)
    page.raw(name, attributes, content[tag.end() : end])
    return end


def _attributes(text: str) -> dict[str, str]:
    if not text:
        return {}
    return {
        found[1].lower(): _decoded(found[2] or found[3] or found[4] or "").strip()
        for found in _ATTRIBUTE.finditer(text[:4000])
    }


def _decoded(text: str) -> str:
    return unescape(_ENDLESS_NUMBER.sub("\N{REPLACEMENT CHARACTER}", text)) if "&" in text else text


class _Page:
    """Lines so far and the elements that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._mark = ""
        self._open: list[tuple[str, bool]] = []  # element, whether it hides what is inside
        self._open_names: Counter[str] = Counter()
        self._hidden = 0
        self._has_heading = False
        self._facts: dict[str, str] = {}
        self._heading_from = 0

    def text(self, text: str) -> None:
        if text and not self._hidden:
            self._line.append(text)

    def end_line(self) -> None:
        if not self._line:
            return
        line = " ".join(_decoded("".join(self._line)).split())
        if line:
            self.lines.append(self._mark + line)
            self._mark = ""
        self._line.clear()

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name in _BLOCKS:
            self.end_line()
            self._mark = "• " if name == "li" else self._mark
        elif name in {"td", "th"}:
            self._line.append(" ")
        self._note(name, attributes)
        if name in _VOID:
            return
        if name in _CLOSED_BY_NEXT and self._open and self._open[-1][0] == name:
            self._pop()
        if name in {"h1", "article"}:
            self._has_heading = True
            self._heading_from = len(self.lines)
        hides = self._hides(name, attributes)
        self._open.append((name, hides))
        self._open_names[name] += 1
        self._hidden += hides

    def _hides(self, name: str, attributes: dict[str, str]) -> bool:
        # A form that opens before any heading may hold the whole page (ASP.NET); its fields are short lines.
        return (
            name in _DROPPED
            or (name == "form" and self._has_heading)
            or ("hidden" in attributes and name not in _WHOLE)
            or (attributes.get("role") in _FURNITURE_ROLES and name not in _WHOLE)
        )

    def close(self, name: str) -> None:
        if name in _BLOCKS:
            self.end_line()
        if name == "li":
            self._mark = ""
        if name == "h1" and len(self.lines) == self._heading_from + 1:
            self._facts.setdefault("h1", self.lines[-1])
        if not self._open_names[name]:
            return
        while self._pop() != name:
            pass

    def _pop(self) -> str:
        name, hides = self._open.pop()
        self._open_names[name] -= 1
        self._hidden -= hides
        return name

    def raw(self, name: str, attributes: dict[str, str], text: str) -> None:
        if name == "title":
            self._facts.setdefault("title", " ".join(_decoded(text[:4000]).split()))
        elif attributes.get("type", "").lower() == "application/ld+json" and len(text) <= _JSON_CHARACTERS:
            self._declared(text)

    def _note(self, name: str, attributes: dict[str, str]) -> None:
        if name == "meta":
            key = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            self._facts.setdefault(f"meta {key}", attributes.get("content", ""))
        elif name == "link" and attributes.get("rel", "").lower() == "canonical":
            self._facts.setdefault("canonical", attributes.get("href", ""))
        elif name == "time" and not self._hidden:
            self._facts.setdefault("time", attributes.get("datetime", ""))
        elif name == "html":
            self._facts.setdefault("lang", attributes.get("lang", ""))

    def _declared(self, text: str) -> None:
        try:
            pending: list[Any] = [json.loads(text)]
        except (ValueError, RecursionError):
            return
        while pending:
            item = pending.pop()
            if isinstance(item, list):
                pending.extend(reversed(item))
            elif isinstance(item, dict):
                pending.extend(item[key] for key in ("mainEntity", "@graph") if key in item)
                kinds = item.get("@type")
                if any(
                    isinstance(k, str) and k in _ARTICLE_TYPES for k in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    self._declared_article(item)

    def _declared_article(self, item: dict[str, Any]) -> None:
        author = item.get("author")
        author = author[0] if isinstance(author, list) and author else author
        author = author.get("name") if isinstance(author, dict) else author
        found = {"headline": item.get("headline"), "by": author}
        found |= {"published": item.get("datePublished"), "modified": item.get("dateModified")}
        for key, value in found.items():
            if isinstance(value, str):
                said = value[:4000].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
                self._facts.setdefault(f"ld {key}", " ".join(_decoded(said).split()))

    def head(self, content: str) -> Head:
        """The facts, the most deliberate declaration of each first."""
        saved_from = _SAVED_FROM.search(content, 0, 4000)
        fact = self._facts.get
        titles = (
            fact("ld headline"),
            fact("meta og:title"),
            fact("meta twitter:title"),
            fact("h1"),
            fact("title"),
        )
        return Head(
            titles=tuple(dict.fromkeys(title for title in titles if title)),
            author=fact("ld by") or fact("meta author") or None,
            published=fact("meta article:published_time") or fact("ld published") or None,
            shown=fact("time") or None,
            modified=fact("meta article:modified_time") or fact("ld modified") or None,
            url=fact("canonical") or fact("meta og:url") or (saved_from[1] if saved_from else None),
            language=fact("lang") or None,
        )
