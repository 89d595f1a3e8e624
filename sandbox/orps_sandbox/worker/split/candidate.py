# pyright: basic
"""The process that runs the candidate: it imports its module and answers calls.

Nothing here is to be believed: the candidate shares the interpreter with it.  It has
never seen a test, and learns of one only what that passes to the function.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import linecache
import os
import random
import signal
import sys
import traceback
from importlib.machinery import FileFinder, SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import frames, limits
from orps_sandbox.worker.split import handles, operations
from orps_sandbox.worker.split.forwarding import Forwarding
from orps_sandbox.worker.split.functions import plain_function
from orps_sandbox.worker.split.graph import Graph
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.link import (
    Link,
    LinkLost,
    TooLarge,
    encoded,
    packed,
    unpacked,
)
from orps_sandbox.worker.split.names import Names
from orps_sandbox.worker.verdict import CaseTimeout

if TYPE_CHECKING:
    from types import FrameType

_MAX_FRAMES = 6
_LONG = 3600.0
_SAMPLE = "def f(x=1):\n    return [x]\n"
_MISSING = "orps_module_that_nobody_has"
_exit = os._exit


def serve(descriptor: int, *, root: str, hidden: frozenset[str]) -> NoReturn:
    """Answer until the judge is gone."""
    try:
        candidate = _Candidate(descriptor, root=root, hidden=hidden)
        if not candidate.is_asked:
            candidate.rehearse()
        candidate.serve()
    except LinkLost:
        pass
    except BaseException:  # noqa: BLE001 - the process ends here
        os.write(2, traceback.format_exc(limit=-8).encode("utf-8", "replace"))
        _exit(1)
    finally:
        _exit(0)


class _Candidate:
    def __init__(self, descriptor: int, *, root: str, hidden: frozenset[str]) -> None:
        self._root = root
        self._link = Link(descriptor)
        self._handles = handles.HandleTable(
            self._ask, step=-1, allowed=handles.FOR_CANDIDATES, check=lambda _: None
        )
        names = Names(root, hidden, trusting=True)
        self._names = names
        self._graph = Graph(names, self._handles, step=-1)
        self._forwarding = Forwarding(self._link.tell)
        self._random: Any = None
        """The state of `random` that the judge knows, once a test has set it."""
        self._memory = limits.Memory()
        self._modules: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_asked(self) -> bool:
        return self._link.has_word

    def rehearse(self) -> None:
        """Go through the motions of an answer, so that the pages of that are private."""
        self._forget_folders()
        with _Alarm(_LONG), self._memory:
            importlib.util.find_spec(_MISSING)
            SourceFileLoader(_MISSING, os.devnull).exec_module(ModuleType(_MISSING))
            exec(compile(_SAMPLE, "<sample>", "exec", dont_inherit=True), {})  # noqa: S102 - ours
        encoded({**self._answer({"q": 0, "op": "rehearse"}), "rel": []})
        unpacked(self._graph, frames.decode(encoded(packed(self._graph, 1, "x"))[4:]))

    def serve(self) -> None:
        while True:
            self._perform(self._link.next())

    def _perform(self, message: dict[str, Any]) -> None:
        answer = self._answer(message)
        self._forwarding.add_to(answer)
        if self._random is not None:
            state = random.getstate()
            if state != self._random:
                self._random = state
                answer["random"] = [state[0], list(state[1]), state[2]]
        if self._link.idle:
            answer["drop"] = self._graph.unreferenced(sys.getrefcount)
        answer["rel"] = self._handles.released[:]
        self._handles.released.clear()
        try:
            self._link.tell(answer)
        except TooLarge as error:
            refusal = packed(self._graph, ValueError(str(error)))
            self._link.tell({"a": message.get("q"), "x": 1, **refusal})

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        number = message.get("q")
        try:
            result = self._do(message)
            return {"a": number, **packed(self._graph, result)}
        except LinkLost:
            raise
        except BaseException as error:  # noqa: BLE001 - it is the judge's to raise
            return {"a": number, "x": 1, **self._raised(error)}

    def _raised(self, error: BaseException) -> dict[str, Any]:
        trace = self._trace(error)
        error.__traceback__ = None
        try:
            told = packed(self._graph, error)
        except LinkLost:
            raise
        except BaseException as second:  # noqa: BLE001 - its parts cannot be told
            text = f"{type(error).__name__}: {type(second).__name__}"
            told = packed(self._graph, ValueError(text))
        return {"trace": trace, **told}

    def _do(self, message: dict[str, Any]) -> Any:
        values = unpacked(self._graph, message)
        self._handles.release(message.get("rel", []))
        operation = message["op"]
        if operation == "load":
            return self._load(message)
        _follow(message.get("ctx") or {})
        if (message.get("ctx") or {}).get("random"):
            self._random = random.getstate()
        names = message.get("k", [])
        split = len(values) - len(names)
        args, kwargs = values[:split], dict(zip(names, values[split:]))
        del values
        alarm = _Alarm(message.get("left") if self._link.idle else None)
        with alarm, self._memory:
            if operation == "call":
                return self._target(message["file"], message["path"])(*args, **kwargs)
            own = self._handles.own(message["on"])
            return operations.perform(
                own,
                operation,
                args,
                kwargs,
                allowed=handles.FOR_TESTS,
                wait=self._wait,
            )

    def _load(self, message: dict[str, Any]) -> None:
        """Import the module with the candidate's text in place of the file's."""
        file, name, text = message["file"], message["name"], message["text"]
        sys.path[:] = message["path"]
        self._forget_folders()
        self._names.there[name] = frozenset(message["there"])
        _replace_text(file, text)
        _follow(message.get("ctx") or {})
        with _Alarm(message.get("left")), self._memory:
            module = importlib.import_module(name)
            if getattr(module, "__file__", None) != file:
                module = _load_from(file, name)
        self._modules[file] = module

    def _forget_folders(self) -> None:
        """Have those of the copy listed anew; those of installed packages stay."""
        for folder, finder in list(sys.path_importer_cache.items()):
            if isinstance(finder, FileFinder) and folder.startswith(self._root):
                finder.invalidate_caches()

    def _target(self, file: str, path: list[str]) -> Any:
        owner: Any = self._modules[file]
        for name in path[:-1]:
            owner = getattr(owner, name)
        name = path[-1]
        found = vars(owner).get(name)
        inner = plain_function(found, name=name, file=file)
        if inner is not None:
            return inner
        return getattr(owner, name)

    def _wait(self, awaitable: Any) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)

        async def ended() -> Any:
            return await awaitable

        return self._loop.run_until_complete(ended())

    def _ask(
        self, number: int, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        question = {
            "op": operation,
            "on": number,
            "k": list(kwargs),
            **packed(self._graph, *args, *kwargs.values()),
            "rel": self._handles.released[:],
        }
        self._handles.released.clear()
        self._forwarding.add_to(question)
        message = self._link.ask(question, self._perform)
        (value,) = unpacked(self._graph, message)
        self._handles.release(message.get("rel", []))
        if message.get("x"):
            raise value
        return value

    def _trace(self, error: BaseException) -> list[list[Any]]:
        """The frames of the person's own files, innermost last."""
        found: list[list[Any]] = []
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(self._root + os.sep):
                name = frame.filename[len(self._root) + 1 :]
                found.append([name, frame.lineno, frame.name, frame.line or ""])
        return found[:1] + found[1:][-_MAX_FRAMES:]


class _Alarm:
    """Interrupts a call at its limit; a candidate that evades it is killed instead."""

    def __init__(self, seconds: Any) -> None:
        usable = isinstance(seconds, (int, float)) and hasattr(signal, "setitimer")
        self._seconds = seconds if usable else None

    def __enter__(self) -> None:
        if self._seconds is not None:
            signal.signal(signal.SIGALRM, _ring)
            signal.setitimer(signal.ITIMER_REAL, max(self._seconds, 0.001))

    def __exit__(self, *_: object) -> None:
        if self._seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise CaseTimeout


def _follow(context: dict[str, Any]) -> None:
    """Be where the test is: its folder, its environment, its random numbers."""
    folder = context.get("cwd")
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError:
            pass
    for name, value in (context.get("env") or {}).items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    state = context.get("random")
    if state is not None:
        version, numbers, following = state
        random.setstate((version, tuple(numbers), following))


def _replace_text(file: str, text: str) -> None:
    """Have whatever imports this file read the text instead."""
    lines = text.splitlines(keepends=True)
    # Without a time of change, the entry counts as what a loader has said.
    linecache.cache[file] = (len(text), None, lines, file)  # type: ignore[assignment]
    plain = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> Any:
        if self.path == file:
            return compile(text, file, "exec", dont_inherit=True)
        return plain(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def _load_from(file: str, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


__all__ = ["Unreadable", "serve"]
