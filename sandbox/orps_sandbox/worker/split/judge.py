# pyright: basic
"""The judge's side: the person's module with the changed functions asking afar.

The tests import the person's own text.  When the module under test has been executed,
each function that the candidate has changed gets another body, in place, so that every
reference to it, wherever it was taken, asks the candidate's process.
"""

from __future__ import annotations

import inspect
import logging
import math
import os
import random
import sys
import time
import warnings
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker.split import functions, handles, operations, targets
from orps_sandbox.worker.split.graph import Graph
from orps_sandbox.worker.split.guard import Guard, Unsplittable
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.link import Link, LinkLost, TooLarge, packed, unpacked
from orps_sandbox.worker.split.names import Names, defined_in
from orps_sandbox.worker.verdict import CaseTimeout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_NOTHING_LEFT = 0.001
_EQUALITY = ("__eq__", "__ne__")
_MAX_TRACE = 40


class Judge:
    def __init__(
        self,
        descriptor: int,
        *,
        root: str,
        sources: Mapping[str, str],
        hidden: frozenset[str],
        case_seconds: float,
        lost: Callable[[str], NoReturn],
        leave: Callable[[], NoReturn],
        unsplittable: Callable[[str], None],
    ) -> None:
        self._root = root
        self._sources = {os.path.join(root, n): text for n, text in sources.items()}  # noqa: PTH118 - compared with `__file__`
        self._case_seconds = case_seconds
        self._lost = lost
        self.leave = leave
        """Ends this process; the cases that are left get another."""
        self._link = Link(descriptor)
        self._handles = handles.HandleTable(
            self._ask_handle, step=1, allowed=handles.FOR_TESTS, check=self._check_given
        )
        self._graph = Graph(Names(root, hidden, trusting=False), self._handles, step=1)
        self.guard = Guard(unsplittable, root=root)
        self._context: dict[str, Any] = {}
        self._started: float | None = None
        self.timed_out = False
        """Whether, in this case, the candidate's own alarm has rung."""
        self.relies_on_candidate = False
        """Whether, in this case, the candidate itself said that two things are equal."""

    @property
    def broken(self) -> bool:
        return self._link.broken

    def install(self) -> None:
        self.guard.install()
        self.guard.settle()
        loaders: list[Any] = [SourceFileLoader]
        from _pytest.assertion.rewrite import AssertionRewritingHook  # noqa: PLC0415

        loaders.append(AssertionRewritingHook)
        for loader in loaders:
            self._follow_loader(loader)

    def start_case(self) -> None:
        self._started = time.monotonic()
        self.relies_on_candidate = self.timed_out = False
        self.guard.settle()

    def _follow_loader(self, loader: Any) -> None:
        execute = loader.exec_module
        judge = self

        def exec_module(self: Any, module: ModuleType) -> None:
            __tracebackhide__ = True
            execute(self, module)
            file = getattr(module, "__file__", None)
            if file in judge._sources:
                judge._adopt(module, file)

        loader.exec_module = exec_module

    # The module under test ----------------------------------------------------

    def _adopt(self, module: ModuleType, file: str) -> None:
        """Have the candidate load its text, then let what it changed ask there.

        Raises whatever the candidate's text raises when it is imported.
        """
        __tracebackhide__ = True
        text = self._sources[file]
        question = {
            "op": "load",
            "file": file,
            "name": module.__name__,
            "text": text,
            "path": list(sys.path),
            "there": defined_in(module),
            "ctx": self._new_context(),
            "left": self._left(),
        }
        self._asked(question)
        original = Path(file).read_bytes()
        for target in targets.changed(original, text):
            self._replace(module, file, target)
        self.guard.watch(module)
        self.guard.armed = True

    def _replace(self, module: ModuleType, file: str, target: targets.Target) -> None:
        owner: Any = module
        for name in target.path[:-1]:
            owner = vars(owner).get(name)
            if not isinstance(owner, type):
                return
        name = target.path[-1]

        def ask(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            return self._call(file, target.path, args, kwargs)

        existing = vars(owner).get(name)
        inner = functions.plain_function(existing, name=name, file=file)
        if inner is not None and functions.replace_body(
            inner, ask, is_async=target.is_async
        ):
            return
        made: Any = functions.new_function(inner or existing, target, ask, vars(module))
        for kind in (property, staticmethod, classmethod):
            if isinstance(existing, kind) or target.wrapper == kind.__name__:
                made = kind(made)
        setattr(owner, name, made)

    def _call(
        self,
        file: str,
        path: tuple[str, ...],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        __tracebackhide__ = True
        self.guard.check()
        question = {
            "op": "call",
            "file": file,
            "path": list(path),
            "k": list(kwargs),
            **self._packed(*args, *kwargs.values()),
        }
        result = self._asked(question)
        if path[-1] in _EQUALITY and result is not NotImplemented:
            self.relies_on_candidate = True
        return result

    def _ask_handle(
        self, number: int, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        if self._link.broken and operation in {"close", "__repr__", "__str__"}:
            return "<an object of a process that is gone>"
        self.guard.check()
        question = {
            "op": operation,
            "on": number,
            "k": list(kwargs),
            **self._packed(*args, *kwargs.values()),
        }
        return self._asked(question)

    def _packed(self, *values: Any) -> dict[str, Any]:
        message = packed(self._graph, *values)
        message["ctx"] = self._new_context()
        message["left"] = self._left()
        return message

    # The conversation ---------------------------------------------------------

    def _asked(self, question: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        question["rel"] = self._handles.released[:]
        self._handles.released.clear()
        try:
            message = self._link.ask(question, self._perform)
            self._print(message)
            self._take_random(message.get("random"))
            (value,) = unpacked(self._graph, message)
            self._handles.release(message.get("rel", []))
        except (LinkLost, Unreadable, ValueError) as error:
            if isinstance(error, TooLarge):
                raise
            self._lost("" if self._link.ended else str(error))
        if self._left() == _NOTHING_LEFT:
            self.timed_out = True
        if not message.get("x"):
            return value
        if not isinstance(value, BaseException):
            self._lost("raised what is no exception")
        trace = _trace_text(message.get("trace"))
        if type(value).__name__ == "CaseTimeout":
            interrupted = CaseTimeout()
            interrupted._orps_trace = trace  # type: ignore[attr-defined]  # noqa: SLF001
            self.timed_out = True
            raise interrupted
        if trace:
            try:
                value.__dict__.setdefault("_orps_trace", trace)
            except AttributeError:
                pass
        raise value

    def _perform(self, message: dict[str, Any]) -> None:
        """Do what the candidate asks of an object that a test has passed to it."""
        self._print(message)
        if "q" not in message:
            if message.keys() != {"out"}:
                raise LinkLost("said what nobody had asked for")
            return
        try:
            values = unpacked(self._graph, message)
            self._handles.release(message.get("rel", []))
            own = self._handles.own(message.get("on"))
            operation = message.get("op")
            names = message.get("k", [])
            if type(operation) is not str or type(names) is not list:
                raise Unreadable("not an operation")
            _check_operation(own, operation)
            split = len(values) - len(names)
            args, kwargs = values[:split], dict(zip(map(str, names), values[split:]))
        except (Unreadable, ValueError) as error:
            raise LinkLost(str(error)) from None
        try:
            result = operations.perform(
                own,
                operation,
                args,
                kwargs,
                allowed=handles.FOR_CANDIDATES,
                wait=self._refuse_to_wait,
            )
            answer = packed(self._graph, result)
        except (CaseTimeout, Unsplittable, LinkLost):
            raise
        except BaseException as error:  # noqa: BLE001 - the candidate is to see it
            answer = {"x": 1, **packed(self._graph, error)}
        self._link.tell({"a": message["q"], **answer})

    def _refuse_to_wait(self, _: object) -> NoReturn:
        self.guard.refuse("the target waits for something of the test")
        raise AssertionError

    def _check_given(self, value: object) -> None:
        """Called for each object of a test that the candidate gets a handle to."""
        if (
            inspect.isawaitable(value)
            or inspect.iscoroutinefunction(value)
            or inspect.isasyncgenfunction(value)
            or hasattr(type(value), "__anext__")
            or hasattr(type(value), "__aenter__")
        ):
            self.guard.refuse("the test passes something to wait for to the target")
        if (
            inspect.isframe(value)
            or inspect.istraceback(value)
            or inspect.iscode(value)
        ):
            raise TypeError("frames and code are not passed on")
        base = type(value)
        if self._graph.names.is_own(base) or any(
            self._graph.names.is_own(kind) for kind in base.__mro__
        ):
            self.guard.refuse("the test derives from a class of the module")

    def _print(self, message: dict[str, Any]) -> None:
        pieces = message.get("out")
        for piece in pieces if type(pieces) is list else ():
            if type(piece) is list and all(type(p) in {str, int} for p in piece):
                _print_piece(piece, self._graph)

    def _left(self) -> float | None:
        if self._started is None or self._case_seconds == math.inf:
            return None
        spent = time.monotonic() - self._started
        return max(self._case_seconds - spent, _NOTHING_LEFT)

    def _take_random(self, state: Any) -> None:
        """Go on where the candidate has left off, since the test has set the seed."""
        if type(state) is list and len(state) == 3 and type(state[1]) is list:  # noqa: PLR2004
            try:
                random.setstate((state[0], tuple(state[1]), state[2]))
            except (TypeError, ValueError, OverflowError):
                return
            self._context["random"] = random.getstate()

    def _new_context(self) -> dict[str, Any]:
        """What has changed in folder, environment and random state since last told."""
        told: dict[str, Any] = {}
        try:
            folder = os.getcwd()  # noqa: PTH109 - a text
        except OSError:
            folder = None
        if folder != self._context.get("cwd"):
            told["cwd"] = self._context["cwd"] = folder
        environment = dict(os.environ)
        environment.pop("PYTEST_CURRENT_TEST", None)
        known = self._context.get("env", environment)
        if environment != known:
            told["env"] = {
                name: environment.get(name)
                for name in environment.keys() | known.keys()
                if environment.get(name) != known.get(name)
            }
        self._context["env"] = environment
        state = random.getstate()
        if state != self._context.get("random", state):
            told["random"] = [state[0], list(state[1]), state[2]]
        self._context["random"] = state
        return told


def _check_operation(value: object, operation: str) -> None:
    """Keep a candidate to the surface of what it was given.

    Raises:
        Unreadable: the operation leads into the interpreter, or changes code.
    """
    mark, name = operation[:1], operation[1:]
    if mark not in {".", "=", "-"}:
        return
    if name.startswith(("__", *handles.CLOSED)):
        raise Unreadable("leads into the interpreter")
    if mark != "." and (inspect.isroutine(value) or isinstance(value, type)):
        raise Unreadable("changes code")


def _print_piece(piece: list[Any], graph: Graph) -> None:
    kind, *parts = piece
    if kind == "out" and parts:
        sys.stdout.write(str(parts[0]))
    elif kind == "err" and parts:
        sys.stderr.write(str(parts[0]))
    elif kind == "log" and len(parts) == 4:  # noqa: PLR2004
        logger = logging.getLogger(str(parts[0]))
        level = parts[1] if type(parts[1]) is int else logging.INFO
        if logger.isEnabledFor(level):
            record = logger.makeRecord(
                logger.name, level, "", 0, "%s", (str(parts[2]),), None, str(parts[3])
            )
            record.msg, record.args = str(parts[2]), ()
            logger.handle(record)
    elif kind == "warn" and len(parts) > 3:  # noqa: PLR2004
        known = (graph.names.exception(str(name)) for name in parts[3:])
        category = next((k for k in known if k and issubclass(k, Warning)), UserWarning)
        line = parts[2] if type(parts[2]) is int else 0
        warnings.warn_explicit(str(parts[0]), category, str(parts[1]), line)


def _trace_text(frames: object) -> str:
    lines: list[str] = []
    for frame in frames[:_MAX_TRACE] if type(frames) is list else ():
        if type(frame) is list and len(frame) == 4:  # noqa: PLR2004
            name, line, function, text = map(str, frame)
            lines += [f"{name}:{line}: in {function}", f"    {text}"]
    return "\n".join(lines)
