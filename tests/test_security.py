"""What SECURITY.md promises of the code: no SQL from data, no secret in the tree, nothing that listens to the network."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Where SQL goes in: which arguments of a call are SQL, or the name of a table or view, as methods and as functions.
METHODS = {
    **{"execute": (0,), "executemany": (0,), "sql": (0,), "query": (0,), "register": (0,), "unregister": (0,)},
    **{"replace_days": (1,), "replace_by_query": (1, 2), "build_mart": (1,)},
}
FUNCTIONS = {
    **{"insert": (1,), "gather": (1,), "frame": (1,), "count": (1,), "clear_days": (1,), "stream": (1,)},
    **{"shown_as": (1,), "beside": (1,), "replace_found": (1, 2), "shown": (1, 2)},
}

# What is put into SQL and cannot be seen to be a text of our own on the spot, and where it comes from: read it before
# adding to it. Nothing here comes from a file of a stranger or from a row.
REVIEWED = {
    "pipelines/demo.py": {},
}
