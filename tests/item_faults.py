"""Changes to the items of a JSON answer, whatever the service; a body without a list of objects stays as it is.

``faults_of(play)`` adds them to the ``FAULTS`` of ``faults.py``. Not here: how an answer arrives.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.faults import FAULTS, Factory, changed

HUGE_CHARACTERS = 10 * 2**20


def _items(value: Any) -> list[dict[str, Any]]:
    """The longest list of objects in decoded JSON, the very list."""
    if isinstance(value, dict):
        return max(map(_items, value.values()), key=len, default=[])
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return max(map(_items, value), key=len, default=[]) if isinstance(value, list) else []


def _with_items(change: Callable[[list[dict[str, Any]]], object], body: bytes) -> bytes:
    try:
        whole = json.loads(body)
    except ValueError:
        return body
    items = _items(whole)
    if not items:
        return body
    change(items)
    return json.dumps(whole).encode()


def _grow(items: list[dict[str, Any]]) -> None:
    texts = {name: value for name, value in items[0].items() if isinstance(value, str)}
    if texts:
        longest = max(texts, key=lambda name: len(texts[name]))
        items[0][longest] += HUGE_CHARACTERS * "x"


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "items twice": partial(_with_items, lambda items: items.extend(list(items))),
    "items reordered": partial(_with_items, lambda items: items.reverse()),
    "an item of 10 MB": partial(_with_items, _grow),
}


def faults_of(play: Any) -> dict[str, Factory]:
    """``FAULTS`` and the changes of items: those of the play's own ``CHANGES`` where it has them, else those here."""
    return {**FAULTS, **{name: changed(change) for name, change in {**CHANGES, **getattr(play, "CHANGES", {})}.items()}}
