"""What SECURITY.md promises of the code: no SQL from data, nothing that listens to the network, its limits."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.defs.checks import SHOWN_ROWS
from pipelines.settings import ROOT, Settings
from pipelines.sources.articles import ARTICLE_BYTES
from pipelines.sources.articles import SECONDS as READING_SECONDS
from pipelines.sources.connections import CONNECT_SECONDS, SILENT_SECONDS
from pipelines.sources.feeds import FEED_BYTES, MOST_ITEMS
from pipelines.sources.public import LONGEST_URL
from pipelines.sources.records import MOST_REJECTS
from pipelines.sources.rows import EXCERPT_CHARACTERS, Limits
from pipelines.sources.web import MOST_REDIRECTS, Manners
from pipelines.sources.worker import WORKER_BYTES

# Which arguments of a call become SQL, or name a table in it: of methods, and of functions of our own.
METHODS = {
    **{"execute": (0,), "executemany": (0,), "sql": (0,), "query": (0,), "register": (0,), "unregister": (0,)},
    **{"replace_days": (1,), "build_mart": (1,)},
}
FUNCTIONS = {
    **{"insert": (1,), "gather": (1,), "frame": (1,), "count": (1,), "clear_days": (1,), "stream": (1,)},
    **{"shown_as": (1,), "beside": (1,), "replace_found": (1, 2), "shown": (1, 2)},
    **{"built": (1, 2), "checked": (1,), "sample": (1,), "replace_if_changed": (1, 2), "texts_changed": (1, 2)},
    **{"returns_changed": (1,), "minutes_changed": (1,), "sessions_due": (2,), "is_as_left": (1,), "leave": (1,)},
    **{"count_found": (1,), "told_of": (3,)},
}


# What goes into SQL and is not seen to be our own words on the spot, by file. Read where it comes from before you add to
# it: names of our tables and columns, queries of the callers (whose calls are looked at, too), a path of the settings.
# Never a row, a file of a stranger or its name.
REVIEWED = {
    "pipelines/catalogue.py": {"schema_script()"},
    "pipelines/defs/checks.py": {"one.name"},
    "pipelines/defs/core_opinions.py": {"name", "query", "table"},
    "pipelines/defs/core_texts.py": {"query"},
    "pipelines/defs/events.py": {"name"},
    "pipelines/defs/ingest.py": {"name"},
    "pipelines/defs/marts.py": {"name"},
    "pipelines/defs/housekeeping.py": {"query.bindparams(*(sa.bindparam(name, expanding=True) for name in named))"},
    "pipelines/defs/metadata.py": {
        *("', '.join(columns)", "f'order by {newest[0]}' if newest else ''"),
        *("*tables", "tables[0]", "table", "other"),
    },
    # Columns, conditions and views of our own: due.py, parts.py and core_texts.py have them in words.
    "pipelines/due.py": {
        *("', '.join((f'texts.{key}' for key in dict.fromkeys([GROUPS[mart].key, 'text_id'])))", "changed", "home"),
        *("mart", "since", "table", "which"),
    },
    "pipelines/evidence/read.py": {"query"},
    # Names of tables and columns, quoted: of ours, or of a published file that is named at the command line.
    "pipelines/export/tables.py": {"', '.join(keys)", "query", "table"},
    "pipelines/forget.py": {
        *("NAMES_THEM.format(column='error')", "NAMES_THEM.format(column='excerpt')"),
        *("NAMES_THEM.format(column='reason')", "quoted(str(fresh))", "quoted(str(warehouse.database))", "table"),
    },
    "pipelines/marts.py": {
        *("column", "home", "moves", "name", "part", "parts.is_chosen", "query", "quoted(grain)", "quoted(words)"),
        *("schema", "table"),
        *("rows.format(table=f'{home}.{table}')", "statement.format(home=home)"),
    },
    "pipelines/parts.py": {
        *("'select key from sizes' if is_whole else 'select key from due_keys'", "_priced(mart)", "group.key", "home"),
        *("mart", "query", "table"),
    },
    "pipelines/report/figures.py": {"query"},
    "pipelines/queries.py": {"query"},  # of a file of warehouse/queries, on a file that is open for reading
    "pipelines/report/pictures.py": {"name"},
    "pipelines/report/summary.py": {"name"},
    "pipelines/schema.py": {"path.read_text(encoding='utf-8')", "script"},
    "pipelines/sources/fetches.py": {"', '.join((f'? as {name}' for name in names))", "', '.join(names)"},
    "pipelines/sources/intake.py": {"table"},
    "pipelines/sources/worker.py": {"WORKER.stop"},  # atexit.register
    "pipelines/spreadsheet.py": {"question"},  # as in sql.py
    "pipelines/sql.py": {"question"},  # of the person at the terminal, on a file that is open for reading
    "pipelines/tables.py": {"name", "query", "table"},
    "pipelines/warehouse.py": {"name", "table"},
}


def sql_arguments(tree: ast.Module) -> Iterator[ast.expr]:
    """Every expression of a module that is handed on as SQL."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute):
            places = METHODS.get(call.func.attr, ())
        else:
            places = FUNCTIONS.get(getattr(call.func, "id", ""), ())
        yield from (call.args[place] for place in places if place < len(call.args))


def unseen(expression: ast.expr, known: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The parts of an SQL text that are not our own words on the spot: no literal, no ``sql_file``, no name for these."""
    match expression:
        case ast.Constant():
            return
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from unseen(part.value if isinstance(part, ast.FormattedValue) else part, known)
        case ast.Call(func=ast.Name(id="sql_file"), args=[name]):
            yield from unseen(name, known)
        case ast.Name(id=name) if name in known:
            for value in known[name]:
                yield from unseen(value, {key: values for key, values in known.items() if key != name})
        case _:
            yield ast.unparse(expression)


def assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Names that are only ever given by ``name = …`` in a module, with what they are given."""
    given: dict[str, list[ast.expr]] = {}
    otherwise = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    given.setdefault(target.id, []).append(node.value)
                    continue
                otherwise |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
        elif isinstance(
            node, ast.For | ast.AsyncFor | ast.comprehension | ast.AugAssign | ast.AnnAssign | ast.NamedExpr
        ):
            otherwise |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        elif isinstance(node, ast.withitem) and node.optional_vars:
            otherwise |= {one.id for one in ast.walk(node.optional_vars) if isinstance(one, ast.Name)}
    return {name: values for name, values in given.items() if name not in otherwise}


def from_elsewhere(text: str) -> set[str]:
    """What the SQL of a module's text is put together from, beside its own words."""
    tree = ast.parse(text)
    known = assigned(tree)
    return {part for argument in sql_arguments(tree) for part in unseen(argument, known)}


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines").rglob("*.py")), ids=lambda path: path.name)
def test_no_query_is_assembled_from_data(path: Path) -> None:
    """SQL text is put together from words and names of our own; data goes through parameters."""
    name = path.relative_to(ROOT).as_posix()
    assert from_elsewhere(path.read_text(encoding="utf-8")) == REVIEWED.get(name, set()), f"{name}: see REVIEWED"


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("con.execute('select 1')", set()),
        ("con.execute(sql_file('core/texts'), [name])", set()),
        ("con.execute(sql_file(f'core/{name}'))", {"name"}),
        ("query = 'select 1'\ncon.execute(f'insert into core.texts {query}')", set()),
        ("query = row['body']\ncon.execute(query)", {"row['body']"}),
        ("def f(query): con.sql(query)", {"query"}),
        ("con.execute('select ' + body)", {"'select ' + body"}),
        ("con.execute('select {}'.format(body))", {"'select {}'.format(body)"}),
        ("con.execute('select %s' % body)", {"'select %s' % body"}),
        ("for table in rows: con.execute(f'delete from {table}')", {"table"}),
        ("insert(con, row.table, batch)", {"row.table"}),
    ],
)
def test_a_query_of_something_else_is_seen(code: str, seen: set[str]) -> None:
    assert from_elsewhere(code) == seen


def test_a_query_reaches_no_file_no_host_and_no_extension(home) -> None:
    with home.warehouse.connect() as con:
        for query in (
            "select * from read_text('/etc/passwd')",
            "copy (select 1) to 'out.csv'",
            "attach 'other.duckdb' as other",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(query)


def test_what_listens_listens_to_this_machine_alone() -> None:
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    served = [line for line in recipes.splitlines() if re.search(r"\bdg dev\b|dagster-webserver", line)]
    assert served
    assert all("--host 127.0.0.1" in line for line in served)


def test_the_page_says_the_limits_of_the_code() -> None:
    default = {name: field.default for name, field in Settings.model_fields.items()}
    limits, manners = Limits(), Manners()
    told = {
        "a line of a file": f"{limits.line_bytes >> 20} MiB",
        "a saved page or JSON document": f"{limits.page_bytes >> 20} MiB",
        "what a compressed file expands to": f"{limits.expanded_bytes >> 30} GiB; past "
        f"{limits.expansion_free_bytes >> 20} MiB, {limits.expansion_ratio} times its size",
        "refused lines kept of a file, and of each": f"{MOST_REJECTS:,}, {EXCERPT_CHARACTERS} characters",
        "an answer of a service": f"{manners.answer_bytes >> 20} MiB unpacked, {manners.whole_seconds:.0f} s",
        "connecting, silence": f"{CONNECT_SECONDS:.0f} s, {SILENT_SECONDS:.0f} s",
        "tries of one question, longest wait": f"{manners.tries}, {manners.longest_wait_seconds:.0f} s",
        "redirects, characters of an address": f"{MOST_REDIRECTS}, {LONGEST_URL:,}",
        "a feed, its entries": f"{FEED_BYTES >> 20} MiB, {MOST_ITEMS:,}",
        "a page with an article": f"{ARTICLE_BYTES >> 20} MiB",
        "reading a page or feed": f"{READING_SECONDS:.0f} s, {WORKER_BYTES >> 30} GiB",
        "one service in one run": f"{default['source_minutes']} min",
        "memory of DuckDB": f"{default['memory_limit']}, then disk",
        "rows that a check shows": f"{SHOWN_ROWS}",
    }
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", page, re.MULTILINE)[1:]) == told
    assert f"{default['landing_days']} days" in page
    salt = next(one.min_length for one in Settings.model_fields["author_salt"].metadata if hasattr(one, "min_length"))
    assert f"{salt} characters" in page
    assert len(page.split()) < 1_100  # a page is read
