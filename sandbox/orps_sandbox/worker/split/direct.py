# pyright: basic
"""Judges calls instead of tests: an expression, and one for what it has to give.

Both are evaluated here, in the person's own module; the functions that the candidate
has changed ask its process, which learns of a call its arguments and nothing else.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.excerpt import excerpt
from orps_sandbox.worker.observing import imported
from orps_sandbox.worker.split.exact import is_plain, same
from orps_sandbox.worker.split.guard import Unsplittable
from orps_sandbox.worker.split.leaves import is_atom
from orps_sandbox.worker.verdict import (
    ERROR,
    FAILED,
    MEMORY,
    PASSED,
    TIMEOUT,
    CaseTimeout,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from orps_sandbox.worker.reporter import Reporter
    from orps_sandbox.worker.request import RunRequest
    from orps_sandbox.worker.split.judge import Judge

_LATER_SECONDS = 0.2
_LONG = 3600.0
_MAX_SHOWN = 200


class DirectCalls:
    """Imports the module; then `begin`, and `judge_all`."""

    def __init__(self, request: RunRequest, judge: Judge, reporter: Reporter) -> None:
        """Raise whatever importing the person's module raises."""
        assert request.splitting is not None
        self._request = request
        self._judge = judge
        self._reporter = reporter
        path = request.splitting.module_path
        module = judge.collected(path) or imported(request.copy_root, path)
        self._namespace = vars(module)
        chosen = request.case_ids
        self._wanted = {
            source: expected
            for source, expected in request.splitting.calls
            if chosen is None or source in chosen
        }
        self._calls: dict[str, _Expression] = {}
        self._begun: dict[str, int] = {}

    def begin(self) -> None:
        """Ask for all at once where each is a call of the target with plain data.

        Then the candidate goes on with the next while the last is judged.
        """
        self._judge.start_case()
        self._calls = {source: _Expression(source) for source in self._wanted}
        for source, call in self._calls.items():
            number = call.begin(self._namespace, self._judge)
            if number is None:
                return
            self._begun[source] = number

    def judge_all(self) -> None:
        """Report a verdict for each call, in their order."""
        reporter = self._reporter
        n_timeouts = 0
        for source, call in self._calls.items():
            reporter.hold("start", id=source)
            started = time.perf_counter()
            status, message = self._judged(source, call)
            reporter.hold(
                "case",
                id=source,
                status=status,
                message=message if status == PASSED else f"{source}: {message}",
                wall_seconds=time.perf_counter() - started,
                is_split=not self._judge.relies_on_candidate,
            )
            n_timeouts += status == TIMEOUT
            if self._judge.broken or n_timeouts >= self._request.max_timeouts:
                self._judge.leave()

    def _judged(self, source: str, call: _Expression) -> tuple[str, str]:
        request = self._request
        expected = _Expression(self._wanted[source])
        try:
            self._judge.start_case()
            with _alarm(request.case_seconds + _LATER_SECONDS):
                if source in self._begun:
                    value = self._judge.result_of(self._begun[source])
                else:
                    self._reporter.flush()
                    value = call.value(self._namespace)
                if not (is_atom(value) and expected.is_atom):
                    # From here on it may take long: somebody has to know of what.
                    self._reporter.flush()
                wanted = expected.value(self._namespace)
                if same(value, wanted):
                    return PASSED, ""
                return FAILED, f"gave {_shown(value)} instead of {_shown(wanted)}"
        except CaseTimeout:
            return TIMEOUT, f"took longer than {request.case_seconds:g} s"
        except MemoryError:
            return MEMORY, "MemoryError"
        except NoExpression as error:
            return ERROR, str(error)
        except Unsplittable as error:
            return ERROR, f"cannot be judged from outside: {error}"
        except BaseException as error:  # noqa: BLE001 - a candidate may raise anything
            text = excerpt(f"raised {_described(error)}", copy_root=request.copy_root)
            return FAILED, text


def rehearse() -> None:
    """Go through the motions of judging, so that the pages of that are private."""
    call = _Expression("abs(-1)")
    with _alarm(_LONG):
        same([call.value({}), call.is_atom], [_Expression("1").value({})])


class NoExpression(Exception):
    """Raised in place of a value."""


class _Expression:
    def __init__(self, source: str) -> None:
        self._source = source
        self._body: ast.expr | None = None
        self._code: Any = None
        try:
            tree = ast.parse(source.strip(), mode="eval")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            self._code = compile(tree, "<call>", "eval", flags=flags)
            self._body = tree.body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self._problem = f"{source!r} is no expression: {error}"

    @property
    def is_atom(self) -> bool:
        """Whether it says what it is, so that finding out takes no time."""
        body = self._body
        if isinstance(body, ast.UnaryOp):
            body = body.operand
        return isinstance(body, ast.Constant)

    def value(self, namespace: dict[str, Any]) -> Any:
        if self._code is None:
            raise NoExpression(self._problem)
        value = eval(self._code, dict(namespace))  # noqa: S307 - its purpose
        return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value

    def begin(self, namespace: dict[str, Any], judge: Judge) -> int | None:
        """Ask for it without waiting; `None` if it is more than one call of a name."""
        body = self._body
        if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
            return None
        try:
            args = [ast.literal_eval(arg) for arg in body.args]
            named = {
                str(k.arg): ast.literal_eval(k.value) for k in body.keywords if k.arg
            }
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        if len(named) != len(body.keywords):
            return None
        return judge.begin_call(namespace.get(body.func.id), tuple(args), named)


async def _awaited(value: Any) -> Any:
    return await value


@contextmanager
def _alarm(seconds: float) -> Generator[None]:
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_signal: int, _frame: object) -> None:
    raise CaseTimeout


def _shown(value: object) -> str:
    """As text, without asking the candidate: it may be answering the next call."""
    if not is_plain(value):
        return f"an object of type {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."


def _described(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if is_plain(error.args) else name
