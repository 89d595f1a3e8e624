"""What the tests and the target's module import from elsewhere, read from their text."""

import ast
import sys
from collections.abc import Iterable, Iterator

MAX_NAMES = 40


def foreign_imports(texts: Iterable[str]) -> tuple[str, ...]:
    """Dotted names in order, without the standard library; the worker tries them.

    Names of the project's own modules may be among them; the worker leaves those out,
    which only it can tell apart.
    """
    found: dict[str, None] = {}
    for text in texts:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        found |= dict.fromkeys(_imported(tree))
    return tuple(found)[:MAX_NAMES]


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in {"pytest", "_pytest"}:
                yield name
