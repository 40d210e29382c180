"""Event windows as a setting writes them: ``-5:-1 0:0 1:5``, sessions relative to the event, both ends included.

Here: reading them. Not here: what is cumulated over them (``event_study.py``).
"""

import re

from pipelines.evidence.event_returns import Timeline

WINDOW = re.compile(r"(-?\d{1,3}):(-?\d{1,3})")
MOST_WINDOWS = 20


def parsed_windows(text: str) -> tuple[tuple[int, int], ...]:
    """Windows of ``text``, in its order; raises ``ValueError`` saying what is wrong and what a window looks like."""
    example = "write windows like -5:-1 0:0 1:5, separated by spaces"
    words = text.split()
    if not 1 <= len(words) <= MOST_WINDOWS or len(set(words)) < len(words):
        raise ValueError(f"{len(words)} windows, of which {len(set(words))} differ; {example}, at most {MOST_WINDOWS}")
    windows = []
    for word in words:
        found = WINDOW.fullmatch(word)
        if not found:
            raise ValueError(f"{word[:20]!r} is no window; {example}")
        window = int(found[1]), int(found[2])
        if window[0] > window[1]:
            raise ValueError(f"window {word} ends before it begins; {example}")
        Timeline().within(window)
        windows.append(window)
    return tuple(windows)


def question(window: tuple[int, int]) -> str:
    """What a window asks: ``before`` the event, ``around`` its session, or ``after`` it."""
    if window[1] < 0:
        return "before"
    return "after" if window[0] > 0 else "around"
