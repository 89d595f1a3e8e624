"""Evaluates one call expression, and sees what the call did to its arguments."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import sys
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker import rendering

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from types import CodeType

VALUE, RAISED, OPAQUE, INVALID = "value", "raised", "opaque", "invalid"
_WATCH = "__orps_argument__"
_MAX_PRINTED = 64 * 1024


class Call:
    """An expression whose outermost call has its arguments watched."""

    def __init__(self, source: str) -> None:
        """Raise `SyntaxError` or `ValueError` for what is no expression."""
        tree = ast.parse(source.strip(), mode="eval")
        _watch_arguments(tree.body)
        self._code: CodeType = compile(
            ast.fix_missing_locations(tree),
            "<call>",
            "eval",
            flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        )

    def evaluate(self, namespace: dict[str, Any], *, copy_root: str) -> tuple[str, str]:
        """Return the kind of observation and its text.

        A coroutine is awaited, an iterator is used up.  An argument that has another
        text after the call is told with it, and what the call printed where it
        returned nothing else.
        """
        arguments = _Arguments(copy_root)
        printed = _Printed()
        scope = {_WATCH: arguments.watch}
        try:
            with contextlib.redirect_stdout(printed):
                value = eval(self._code, {**namespace, **scope})  # noqa: S307 - its purpose
                if inspect.isawaitable(value):
                    value = asyncio.run(_awaited(value))
            written = rendering.render(value, copy_root=copy_root)
            kind = OPAQUE if written.is_opaque else VALUE
            text = written.text
            if value is None and printed.text:
                text += f"; printed {rendering.shortened(repr(printed.text))}"
        except MemoryError:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001
            kind = RAISED
            text = rendering.error_text(error, copy_root=copy_root)
        return kind, text + arguments.changes()


class _Arguments:
    """Remembers each argument of one call, and how it looked before."""

    def __init__(self, copy_root: str) -> None:
        self._copy_root = copy_root
        self._before: dict[str, tuple[object, str]] = {}

    def watch(self, name: str, value: object) -> object:
        if rendering.is_stateful(value):
            self._before[name] = (value, self._text(value))
        return value

    def changes(self) -> str:
        found = ""
        for name, (value, before) in self._before.items():
            after = self._text(value)
            if after != before:
                found += f"; {name} is now {after}"
        return found

    def _text(self, value: object) -> str:
        try:
            return rendering.render(value, copy_root=self._copy_root).text
        except Exception as error:  # noqa: BLE001 - not the call, the argument's own words
            return f"<{type(error).__name__}>"


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed, and passes all of it on."""

    def __init__(self) -> None:
        self.text = ""
        self._outer = sys.stdout

    def writable(self) -> bool:
        return True

    def write(self, s: str) -> int:
        self.text += s[: max(_MAX_PRINTED - len(self.text), 0)]
        return self._outer.write(s)

    def flush(self) -> None:
        self._outer.flush()


def _watch_arguments(expression: ast.expr) -> None:
    if isinstance(expression, ast.Await):
        expression = expression.value
    if not isinstance(expression, ast.Call):
        return
    for number, argument in enumerate(expression.args):
        name = f"argument {number + 1}"
        if isinstance(argument, ast.Starred):
            argument.value = _watched(name, argument.value)
        else:
            expression.args[number] = _watched(name, argument)
    for keyword in expression.keywords:
        keyword.value = _watched(keyword.arg or "keywords", keyword.value)


def _watched(name: str, value: ast.expr) -> ast.expr:
    function = ast.Name(id=_WATCH, ctx=ast.Load())
    return ast.Call(func=function, args=[ast.Constant(value=name), value], keywords=[])


async def _awaited(value: Awaitable[object]) -> object:
    return await value
