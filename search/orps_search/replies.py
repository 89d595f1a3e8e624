"""A programmer's reply, parsed into a proposal.

Real models send prose and one or more fenced blocks, sometimes no fence at all,
sometimes only a body. What counts is the last complete block that defines the
target, with what earlier blocks define for it; then the last one that could be its
body; then a last block that was cut off but still parses; then the whole text, or
its part that looks like code.
"""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from orps_search.problem import Problem
from orps_search.proposer import MalformedReply, Proposal
from orps_search.reply_blocks import Block, python_blocks, split_thinking
from orps_search.source.splice import Placement, place

_DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)
_CODE_START = re.compile(r"^(?:@|def |async def |class |from \w|import \w)")
_MAX_TRAILING_LINES = 60
_REASONING_CHARACTERS = 8_000


def parse_proposal(reply: str, problem: Problem) -> Proposal | MalformedReply:
    """Read the code that a reply holds for the problem's target, and the reasoning."""
    spoken = split_thinking(reply)
    found = _read(spoken.answer, problem)
    if isinstance(found, str) and not spoken.answer.strip():
        # The think-tag was never closed; perhaps the code follows all the same.
        found = _read(spoken.thinking, problem)
    if isinstance(found, str):
        return MalformedReply(reply=reply, reason=found)
    code, prose = found
    reasoning = prose.strip() or spoken.thinking
    return Proposal(reasoning=reasoning[:_REASONING_CHARACTERS], code=code)


def _read(answer: str, problem: Problem) -> tuple[str, str] | str:
    """Canonical code and the prose around it, or why there is none."""
    refusal = ""
    for code, prose in _attempts(answer, problem):
        placed = place(problem.module_text, problem.target, code)
        if isinstance(placed, Placement):
            return placed.code, prose
        # The first refusal is that of the most promising attempt.
        refusal = refusal or placed.reason
    return refusal or "it holds no Python block"


def _attempts(answer: str, problem: Problem) -> Iterator[tuple[str, str]]:
    """Code with the prose around it, the most promising first."""
    name = problem.target.qualname.rpartition(".")[2]
    blocks = python_blocks(answer)
    closed = [block for block in reversed(blocks) if block.is_closed]
    cut_off = [block for block in blocks if not block.is_closed]
    for group in (closed, cut_off):
        defining = [block for block in group if _defines(block.code, name)]
        for block in defining:
            yield from _with_helpers(block, blocks, answer, name)
            yield from _codes([block], answer)
        others = (block for block in group if block not in defining)
        yield from _codes((b for b in others if not _is_usage(b.code, name)), answer)
    if not blocks:
        yield from _unfenced(answer, name)


def _codes(blocks: Iterable[Block], answer: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        prose = answer[: block.start]
        for code in (block.code, *block.longer):
            yield code, prose


def _with_helpers(
    block: Block, blocks: Sequence[Block], answer: str, name: str
) -> Iterator[tuple[str, str]]:
    """The block after what earlier ones define: `place` keeps what it needs."""
    earlier = [
        textwrap.dedent(other.code)
        for other in blocks
        if other.start < block.start and _is_helper(other.code, name)
    ]
    if earlier:
        yield (
            "\n\n".join([*earlier, textwrap.dedent(block.code)]),
            answer[: block.start],
        )


def _is_helper(code: str, name: str) -> bool:
    tree = _parsed(code)
    return (
        tree is not None
        and not _defines(code, name)
        and all(isinstance(statement, _DEFINITIONS) for statement in tree.body)
    )


def _unfenced(answer: str, name: str) -> Iterator[tuple[str, str]]:
    if _says_something(answer) and not _is_usage(answer, name):
        yield answer, ""
    lines = answer.split("\n")
    starts = [idx for idx, line in enumerate(lines) if _CODE_START.match(line)]
    if not starts:
        return
    start = starts[0]
    ends = range(len(lines), max(start, len(lines) - _MAX_TRAILING_LINES), -1)
    for end in ends:
        code = "\n".join(lines[start:end])
        if _parsed(code) is not None and _defines(code, name):
            yield code, "\n".join(lines[:start])
            return


def _defines(code: str, name: str) -> bool:
    pattern = rf"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+{re.escape(name)}\b"
    return re.search(pattern, code, re.MULTILINE) is not None


def _is_usage(code: str, name: str) -> bool:
    """Whether the code only shows how to call the target: no body of it."""
    tree = _parsed(code)
    if tree is None:
        return False
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) for node in nodes):
        return False
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in nodes
    )


def _says_something(text: str) -> bool:
    """Whether a text without a fence is code: `Sorry` alone is Python, too."""
    tree = _parsed(text)
    return tree is not None and any(
        not isinstance(statement, ast.Expr) for statement in tree.body
    )


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
