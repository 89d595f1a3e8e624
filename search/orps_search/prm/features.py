"""What a model sees of one step: syntax, data flow, and how many cases execute it.

Verdicts of cases are no feature: the model has to add to what execution says.
"""

import ast
import builtins
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from orps_search.prm.rows import Example

_NAME: Final = re.compile(r"[^\W\d]\w*")
_BUILTINS: Final = frozenset(dir(builtins))
_KEYWORDS: Final = frozenset(
    [
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
        "match",
        "case",
    ]
)
_KINDS: Final = (
    ast.Assign, ast.AugAssign, ast.Return, ast.If, ast.For, ast.While, ast.Expr,
    ast.Raise, ast.Pass, ast.Break, ast.Continue, ast.Try, ast.With, ast.FunctionDef,
)  # fmt: skip
_PARTS: Final = (
    ast.Name, ast.Call, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice,
    ast.BinOp, ast.Compare, ast.BoolOp, ast.Not, ast.USub, ast.ListComp, ast.IfExp,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Is, ast.IsNot, ast.And, ast.Or,
)  # fmt: skip


def features(example: Example) -> dict[str, float]:
    """Return all features by name; the same names for every example."""
    tree = _parsed(example.step)
    found: dict[str, float] = {
        "characters": len(example.step.strip()),
        "position": example.position,
        "indent": _indent(example.step),
        "parses": float(tree is not None),
        "executing_share": example.n_executing / max(1, example.n_cases),
        "n_cases": example.n_cases,
    }
    nodes = [] if tree is None else list(ast.walk(tree))
    statement = tree.body[0] if tree is not None and tree.body else None
    for kind in _KINDS:
        found[f"is_{kind.__name__}"] = float(isinstance(statement, kind))
    for part in _PARTS:
        found[f"n_{part.__name__}"] = sum(isinstance(node, part) for node in nodes)
    found.update(_constants(nodes))
    found.update(_oddities(nodes, example))
    found.update(_flow(example, nodes))
    return found


def _constants(nodes: list[ast.AST]) -> Mapping[str, float]:
    values: list[object] = [n.value for n in nodes if isinstance(n, ast.Constant)]
    numbers = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
    return {
        "n_zero": numbers.count(0),
        "n_one": numbers.count(1),
        "n_two": numbers.count(2),
        "largest": float(min(max((abs(v) for v in numbers), default=0), 10**6)),
        "n_none": sum(value is None for value in values),
        "n_truth": sum(isinstance(value, bool) for value in values),
        "n_texts": sum(isinstance(value, str) for value in values),
        "n_empty": sum(value == "" for value in values),
        "plus_one": sum(_is_step_by_one(node, ast.Add) for node in nodes),
        "minus_one": sum(_is_step_by_one(node, ast.Sub) for node in nodes),
    }


def _is_step_by_one(node: ast.AST, operator: type[ast.operator]) -> bool:
    match node:
        case ast.BinOp(op=op, right=ast.Constant(value=1)):
            return isinstance(op, operator)
        case _:
            return False


def _oddities(nodes: list[ast.AST], example: Example) -> Mapping[str, float]:
    """Count what people seldom write on purpose."""
    text = example.step.strip()
    lines = [line.strip() for line in example.prefix.splitlines()]
    first = text.splitlines()[0] if text else ""
    own = [line.strip() for line in text.splitlines() if line.strip()]
    return {
        "same_operands": sum(_any(node, _has_same_operands) for node in nodes),
        "same_arguments": sum(_any(node, _has_same_arguments) for node in nodes),
        "fixed_condition": sum(_any(node, _has_fixed_condition) for node in nodes),
        "assigns_itself": sum(_any(node, _assigns_itself) for node in nodes),
        "reversed_range": sum(_any(node, _counts_down) for node in nodes),
        "repeats_last": float(bool(lines) and first == lines[-1]),
        "repeats_any": float(first in lines),
        "repeats_itself": float(len(own) > len(set(own))),
        "redundant_parentheses": text.count("((") + text.count("not (not"),
        "negations": text.count("not "),
    }


def _any(node: ast.AST, test: Callable[[ast.AST], bool]) -> bool:
    return test(node)


def _has_same_operands(node: ast.AST) -> bool:
    match node:
        case (
            ast.BinOp(left=left, right=right)
            | ast.Compare(left=left, comparators=[right])
        ):
            return ast.dump(left) == ast.dump(right)
        case _:
            return False


def _has_same_arguments(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    dumps = [ast.dump(each) for each in node.args]
    return len(dumps) > len(set(dumps))


def _has_fixed_condition(node: ast.AST) -> bool:
    match node:
        case ast.If(test=ast.Constant()) | ast.While(test=ast.Constant()):
            return True
        case _:
            return False


def _assigns_itself(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[target], value=value):
            return ast.unparse(target) == ast.unparse(value)
        case _:
            return False


def _counts_down(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[_, _, ast.UnaryOp()]):
            return True
        case _:
            return False


def _flow(example: Example, nodes: list[ast.AST]) -> Mapping[str, float]:
    """Relate the step's names to what stands before it."""
    lines = example.prefix.splitlines()
    last_seen = {
        name: number
        for number, line in enumerate(lines)
        for name in _NAME.findall(line)
    }
    parameters = set(_NAME.findall(lines[0])) if lines else set[str]()
    loaded = {
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    stored = {
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    names = loaded - _BUILTINS
    distances = [len(lines) - last_seen[name] for name in names if name in last_seen]
    unknown = names - last_seen.keys() - stored
    recent = set(_recent_names(lines))
    return {
        "n_distinct_names": len(names),
        "n_unknown_names": len(unknown),
        "share_of_parameters": len(names & parameters) / max(1, len(names)),
        "nearest_name": min(distances, default=-1),
        "farthest_name": max(distances, default=-1),
        "n_recent_names": len(names & recent),
        "stores_new": len(stored - last_seen.keys()),
        "stores_again": len(stored & last_seen.keys()),
        "stores_what_it_loads": len(stored & loaded),
        "n_unused_parameters": len(parameters - set(_rest_names(lines)) - names),
        "n_lines_before": len(lines),
    }


def _recent_names(lines: list[str]) -> Iterator[str]:
    for line in lines[-2:]:
        yield from (name for name in _NAME.findall(line) if name not in _KEYWORDS)


def _rest_names(lines: list[str]) -> Iterator[str]:
    for line in lines[1:]:
        yield from _NAME.findall(line)


def _indent(step: str) -> int:
    first = step.lstrip("\n").splitlines()[0] if step.strip() else ""
    return len(first) - len(first.lstrip())


def _parsed(step: str) -> ast.Module | None:
    """Parse the statement alone; of a compound one the header, with an empty block."""
    lines = textwrap.dedent(step.strip("\n")).splitlines()
    # `else:` and comments of what follows stand at the end of a step.
    for end in range(len(lines), 0, -1):
        text = "\n".join(lines[:end])
        for tail in ("", "\n    pass", "\n    pass\nexcept Exception:\n    pass"):
            try:
                return ast.parse(text + tail)
            except (SyntaxError, ValueError, RecursionError):
                continue
    return None
