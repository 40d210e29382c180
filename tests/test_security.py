"""What SECURITY.md promises of the code: no SQL from data, no secret in the tree, nothing that listens to the network."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Which arguments of a call become SQL, or name a table in it: of methods, and of functions of our own.
METHODS = {
    **{"execute": (0,), "executemany": (0,), "sql": (0,), "query": (0,), "register": (0,), "unregister": (0,)},
    **{"replace_days": (1,), "replace_by_query": (1, 2), "build_mart": (1,)},
}
FUNCTIONS = {
    **{"insert": (1,), "gather": (1,), "frame": (1,), "count": (1,), "clear_days": (1,), "stream": (1,)},
    **{"shown_as": (1,), "beside": (1,), "replace_found": (1, 2), "shown": (1, 2)},
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
