"""A bar on the terminal while something long runs, gone when that has ended. On a pipe, as in CI, nothing is shown.

Drawn on standard error, so that standard output holds nothing but results. Not here: what is said in logs
(``progress.py``).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from pipelines.printable import printable
from pipelines.progress import every

BAR = "|{bar:10}| {n_fmt}/{total_fmt} {unit} {elapsed} {desc}"  # the last is cut to the width of the terminal
DRAW_SECONDS = 0.5


@contextmanager
def bar(total: int, unit: str, words: Callable[[], str]) -> Iterator[tqdm]:
    """While the block lasts, show how many of ``total`` are done: ``update`` what is given when one is.

    ``words`` are beside the bar and asked for anew twice a second, by another thread; strangers may have written them.
    """
    with tqdm(
        total=total, unit=unit, bar_format=BAR, file=sys.stderr, disable=None, leave=False, dynamic_ncols=True
    ) as shown:

        def draw() -> None:
            shown.set_description_str(printable(words()))

        with every(DRAW_SECONDS, draw):
            yield shown
