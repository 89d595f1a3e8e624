# pyright: basic
"""The judge's side: the person's module with the changed functions asking afar.

The tests import the person's own text.  When the module under test has been executed,
each function that the candidate has changed gets another body, in place, so that every
reference to it, wherever it was taken, asks the candidate's process.
"""

from __future__ import annotations

import math
import os
import socket
import sys
import time
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker.split import asked_back, functions, handles, targets
from orps_sandbox.worker.split.adopted import Adopted, Unfit
from orps_sandbox.worker.split.context import Context
from orps_sandbox.worker.split.echo import repeat, trace_text
from orps_sandbox.worker.split.graph import Graph
from orps_sandbox.worker.split.guard import Guard
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.link import (
    Link,
    LinkLost,
    TooLarge,
    encoded,
    packed,
    unpacked,
)
from orps_sandbox.worker.split.names import Names, defined_in
from orps_sandbox.worker.split.surface import check_given
from orps_sandbox.worker.verdict import CaseTimeout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_NOTHING_LEFT = 0.001
_EQUALITY = ("__eq__", "__ne__")
_SAMPLE = "class C:\n    def f(self, x=1):\n        return [x]\n"
_ATOMS = {int, float, str, bytes, bool, type(None)}


class Judge:
    def __init__(
        self,
        descriptor: int | None,
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
        self._sources = self._texts(sources)
        self._case_seconds = case_seconds
        self._lost = lost
        self.leave = leave
        """Ends this process; the cases that are left get another."""
        self._link = None if descriptor is None else Link(descriptor)
        self._loading: list[int] = []
        self._asking: dict[int, tuple[str, tuple[str, ...]]] = {}
        """Where the functions stand that ask, by the ids of these."""
        self._adopted: list[Adopted] = []
        """Modules that were executed before there was a candidate."""
        self._handles = handles.HandleTable(
            self._ask_handle,
            step=1,
            allowed=handles.FOR_TESTS,
            check=lambda value: check_given(value, self._graph, self.guard),
        )
        self._graph = Graph(Names(root, hidden, trusting=False), self._handles, step=1)
        self.guard = Guard(unsplittable, root=root)
        self._context = Context()
        self._started: float | None = None
        self.timed_out = False
        """Whether, in this case, the candidate's own alarm has rung."""
        self.relies_on_candidate = False
        """Whether, in this case, the candidate itself said that two things are equal."""

    @property
    def broken(self) -> bool:
        return self._link is not None and self._link.broken

    def connect(
        self,
        descriptor: int,
        sources: Mapping[str, str],
        *,
        case_seconds: float,
        before_waiting: Callable[[], None],
    ) -> None:
        """Go on with a candidate; all was collected without one until here.

        `finish_loading` has to follow, and may follow later.

        Raises:
            Unfit: it changes what the collected tests have already used.
        """
        self.guard.begin_run()
        self._context.begin_run()
        self._link = Link(descriptor, before_waiting)
        self._case_seconds = case_seconds
        self._sources = self._texts(sources)
        self._begin_to_load_all()
        for each in self._adopted:
            text = self._sources[each.file]
            for target in targets.changed(each.original, text):
                if target.lines and target.path not in each.replaced:
                    raise Unfit(".".join(target.path))
                if not target.lines:
                    self._replace(each.module, each.file, target)
                    self.guard.expect(each.module, target.path[0])
            self.guard.armed = True

    def collected(self, path: str) -> ModuleType | None:
        """The module under test that was executed from there, if one was."""
        file = os.path.join(self._root, path)  # noqa: PTH118 - as `__file__` has it
        found = (each.module for each in self._adopted if each.file == file)
        return next(found, None)

    def rehearse(self) -> None:
        """Go through the motions of a run, so that the pages of that are private.

        What a candidate would say is there before it is asked.
        """
        here, there = socket.socketpair()
        sources, self._sources = self._sources, dict.fromkeys(self._sources, _SAMPLE)
        with here, there, self._context.kept():
            self._context.begin_run()
            self._link = Link(here.fileno(), lambda: None)
            self._begin_to_load_all()
            targets.changed(_SAMPLE.encode(), _SAMPLE.replace("1", "2"))
            self.start_case()
            self.guard.obstacle()
            last = self._begin(self._question("", (), (1, "x"), {}))
            for number in range(1, last + 1):
                there.sendall(encoded({"a": number, **packed(self._graph, None)}))
            self.finish_loading()
            self._answer_to(last)
        self._link, self._sources, self._started = None, sources, None

    def _begin_to_load_all(self) -> None:
        for each in self._adopted:
            place = (each.module, each.file, self._sources[each.file])
            self._loading.append(self._begin_to_load(*place, each.path, each.there))

    def finish_loading(self) -> None:
        """Raise whatever the candidate's text has raised when it was imported."""
        for number in self._loading:
            self._answer_to(number)
        self._loading.clear()

    def begin_call(
        self, function: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> int | None:
        """Ask for a call without waiting for it, if nothing but atoms is passed.

        `result_of` has to follow in the order of calls; `None` if it is no such call.
        """
        place = self._asking.get(id(function))
        if place is None or not {type(a) for a in (*args, *kwargs.values())} <= _ATOMS:
            return None
        self.guard.check()
        return self._begin(self._question(*place, args, kwargs))

    def result_of(self, number: int) -> Any:
        """Wait for it; raises what the candidate's function has raised."""
        __tracebackhide__ = True
        return self._answer_to(number)

    def _texts(self, sources: Mapping[str, str]) -> dict[str, str]:
        """By absolute path, as `__file__` has it."""
        return {os.path.join(self._root, name): text for name, text in sources.items()}  # noqa: PTH118 - strings

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
        path, there = list(sys.path), defined_in(module)
        if self._link is not None:
            self._answer_to(self._begin_to_load(module, file, text, path, there))
        original = Path(file).read_bytes()
        changed = targets.changed(original, text)
        if self._link is None:
            # What is new belongs to one candidate; another one's names differ.
            changed = tuple(target for target in changed if target.lines)
            replaced = frozenset(target.path for target in changed)
            adopted = Adopted(module, file, original, path, there, replaced)
            self._adopted.append(adopted)
        for target in changed:
            self._replace(module, file, target)
        self.guard.watch(module)
        self.guard.armed = self._link is not None

    def _begin_to_load(
        self, module: ModuleType, file: str, text: str, path: list[str], there: Any
    ) -> int:
        question = {
            "op": "load",
            "file": file,
            "name": module.__name__,
            "text": text,
            "path": path,
            "there": there,
            "ctx": self._context.news(),
            "left": self._left(),
        }
        return self._begin(question)

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
            if not target.is_async:
                self._asking[id(inner)] = (file, target.path)
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
        result = self._asked(self._question(file, path, args, kwargs))
        if path[-1] in _EQUALITY and result is not NotImplemented:
            self.relies_on_candidate = True
        return result

    def _question(
        self,
        file: str,
        path: tuple[str, ...],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "op": "call",
            "file": file,
            "path": list(path),
            "k": list(kwargs),
            **self._packed(*args, *kwargs.values()),
        }

    def _ask_handle(
        self, number: int, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        if self.broken and operation in {"close", "__repr__", "__str__"}:
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
        message["ctx"] = self._context.news()
        message["left"] = self._left()
        return message

    # The conversation ---------------------------------------------------------

    def _asked(self, question: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        return self._answer_to(self._begin(question))

    def _begin(self, question: dict[str, Any]) -> int:
        __tracebackhide__ = True
        if self._link is None:
            self._lost("the target is called while the tests are collected")
        question["rel"] = self._handles.released[:]
        self._handles.released.clear()
        try:
            return self._link.begin(question)
        except LinkLost as error:
            self._lost("" if self._link.ended else str(error))

    def _answer_to(self, number: int) -> Any:
        __tracebackhide__ = True
        assert self._link is not None
        try:
            message = self._link.answer_to(number, self._perform)
            repeat(message, self._graph)
            self._context.go_on(message.get("random"))
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
        trace = trace_text(message.get("trace"))
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
        repeat(message, self._graph)
        if "q" not in message:
            if message.keys() != {"out"}:
                raise LinkLost("said what nobody had asked for")
            return
        assert self._link is not None
        self._link.tell(
            asked_back.answer_to(
                message, self._graph, self._handles, wait=self._refuse_to_wait
            )
        )

    def _refuse_to_wait(self, _: object) -> NoReturn:
        self.guard.refuse("the target waits for something of the test")
        raise AssertionError

    def _left(self) -> float | None:
        if self._started is None or self._case_seconds == math.inf:
            return None
        spent = time.monotonic() - self._started
        return max(self._case_seconds - spent, _NOTHING_LEFT)
