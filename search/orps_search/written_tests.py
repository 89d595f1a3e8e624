"""A tester's reply, parsed into expressions that should be true; pure."""

import ast
import builtins
from collections.abc import Iterator

from orps_search.problem import Problem
from orps_search.prompts import MAX_WRITTEN_TESTS
from orps_search.proposer import MalformedReply, WrittenTests
from orps_search.reply_blocks import python_blocks, split_thinking

_MAX_CHARACTERS = 500
_BUILTINS = frozenset(dir(builtins))


def parse_tests(reply: str, problem: Problem) -> WrittenTests | MalformedReply:
    """The assertions about the target that a reply holds, wherever they stand."""
    root = problem.target.qualname.partition(".")[0]
    answer = split_thinking(reply).answer
    blocks = [block.code for block in python_blocks(answer)] or [answer]
    found = dict.fromkeys(
        expression
        for text in blocks
        for test in _assertions(text)
        if (expression := _expression(test, root)) is not None
    )
    if not found:
        reason = f"it holds no line of the form `assert {root}(...) == ...`"
        return MalformedReply(reply=reply, reason=reason)
    return WrittenTests(expressions=tuple(found)[:MAX_WRITTEN_TESTS])


def _assertions(text: str) -> Iterator[ast.expr]:
    """Of a whole block, or line by line where it was cut off or holds prose."""
    for part in (text, *text.splitlines()):
        try:
            tree = ast.parse(part.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield from (
            node.test for node in ast.walk(tree) if isinstance(node, ast.Assert)
        )
        if part is text:
            return


def _expression(test: ast.expr, root: str) -> str | None:
    """`None` for what is not about the target, or needs more than it."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    bound = {
        node.id
        for node in ast.walk(test)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if root not in names or names - bound - _BUILTINS - {root}:
        return None
    text = ast.unparse(test)
    return text if len(text) <= _MAX_CHARACTERS else None
