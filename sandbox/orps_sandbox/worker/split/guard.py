# pyright: basic
"""Notices, in the judge, what cannot be split.

It does so from what the tests do, never from what a candidate says.

A test that replaces something under the candidate's feet has to run beside it, and so
has one that executes what it was given.  The latter is stopped before it begins, since
the judge must not execute a line of the candidate.
"""

from __future__ import annotations

import builtins
import datetime as dt
import os
import sys
import time
import unittest.mock
from collections.abc import Callable
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import _pytest.assertion.rewrite
from _pytest.monkeypatch import MonkeyPatch

if TYPE_CHECKING:
    from types import ModuleType


class Unsplittable(BaseException):
    """Raised in a test that has to run in one process with the candidate."""

    __module__ = "builtins"


_EXECUTING = frozenset({
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn",
    "subprocess.Popen", "pickle.find_class", "pty.spawn", "code.__new__",
})  # fmt: skip
_NOTED = (
    (builtins, ("open", "input", "print")),
    (time, ("time", "sleep", "monotonic", "perf_counter")),
    (dt, ("datetime", "date")),
    (sys, ("argv", "stdin", "platform")),
    (os, ("getcwd", "listdir", "urandom", "name")),
)  # fmt: skip
_LIBRARY = str(Path(os.__file__).parent) + os.sep


class Freshness:
    """Tells what has been written since the run began, to which no code may belong.

    The candidate may write files, as honest code does; the judge executes none.
    """

    def __init__(self) -> None:
        # The clock that the kernel stamps files with, and not a finer one.
        clock = getattr(time, "CLOCK_REALTIME_COARSE", None)
        now = time.time_ns() if clock is None else time.clock_gettime_ns(clock)
        self._began = now

    def is_fresh(self, path: str) -> bool:
        """Asked after it was read: a file that was swapped back is fresh, too."""
        try:
            return os.stat(path).st_ctime_ns >= self._began  # noqa: PTH116 - a hot path
        except OSError:
            return False


class Guard:
    """One per judge; `patched` names what the running test has replaced."""

    def __init__(self, on_unsplittable: Callable[[str], None], *, root: str) -> None:
        self._tell = on_unsplittable
        self._root = root + os.sep
        self._modules: list[tuple[ModuleType, dict[str, Any]]] = []
        self._n_patches = 0
        self._noted: list[tuple[Any, str, Any]] = []
        self._freshness = Freshness()
        self.armed = False
        """Whether something of a candidate may be among what a test holds."""

    def install(self) -> None:
        sys.addaudithook(self._audit)
        self._watch_imports()
        self._watch_monkeypatch()
        self._watch_mock()

    def begin(self) -> None:
        """From here on, replacements are those of tests, no longer pytest's own."""
        self._n_patches = 0

    def begin_run(self) -> None:
        """A candidate is about to come: what is written from now on may be its own."""
        self._freshness = Freshness()

    def settle(self) -> None:
        """Take what is now for the untouched state, before each test."""
        self._noted = [
            (owner, name, getattr(owner, name, None))
            for owner, names in _NOTED
            for name in names
        ]

    def watch(self, module: ModuleType) -> None:
        """Notice when a test changes what this module under test refers to."""
        self._modules.append((module, dict(vars(module))))

    def expect(self, module: ModuleType, name: str) -> None:
        """Take what this name refers to now for what it should."""
        for watched, known in self._modules:
            if watched is module:
                known[name] = vars(module).get(name)

    def refuse(self, why: str) -> None:
        self._tell(why)
        raise Unsplittable(why)

    def check(self) -> None:
        """Before each call."""
        why = self.obstacle()
        if why:
            self.refuse(why)

    def obstacle(self) -> str:
        """What keeps a call from being split right now; mostly nothing."""
        if self._n_patches > 0:
            return "the test replaces objects while it calls the target"
        for owner, name, value in self._noted:
            if getattr(owner, name, None) is not value:
                return f"the test replaces {name} while it calls the target"
        for module, known in self._modules:
            now = vars(module)
            for name, value in known.items():
                if now.get(name) is not value and not name.startswith("__"):
                    return f"the test replaces {name} of the module under test"
        return ""

    def _watch_imports(self) -> None:
        """Look at each file of code after it was read and before it is executed."""
        read = SourceFileLoader.get_data
        rewrite: Any = vars(_pytest.assertion.rewrite)
        compiled = rewrite["_rewrite_test"]
        guard = self

        def get_data(self: Any, path: str) -> bytes:
            data = read(self, path)
            guard._refuse_fresh(path)
            return data

        def rewritten(file: Path, *args: Any) -> Any:
            result = compiled(file, *args)
            guard._refuse_fresh(str(file))
            return result

        loaders: list[Any] = [SourceFileLoader, SourcelessFileLoader]
        for loader in loaders:
            loader.get_data = get_data
        rewrite["_rewrite_test"] = rewritten
        # Whoever can write beside a test could leave bytecode for it.
        rewrite["_read_pyc"] = lambda *_args, **_kwargs: None

    def _refuse_fresh(self, path: str) -> None:
        if self.armed and self._freshness.is_fresh(path):
            self.refuse(f"the tests import {path}, which was written during the run")

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.armed:
            return
        if event == "import" and type(args[1]) is str:
            self._refuse_fresh(args[1])
        if event in _EXECUTING:
            self.refuse(f"the test may execute what it was given ({event})")
        if event in {"exec", "marshal.loads", "compile"} and self._is_by_a_test():
            self.refuse(f"the test may execute what it was given ({event})")

    def _is_by_a_test(self) -> bool:
        """Whether the person's own code asks for it, and no import statement."""
        frame = sys._getframe(2)  # noqa: SLF001 - an audit hook has no other way
        return frame.f_code.co_filename.startswith(self._root)

    def _watch_monkeypatch(self) -> None:
        guard = self
        for name in ("setattr", "delattr", "setitem", "delitem"):
            self._wrap(MonkeyPatch, name)
        undo = MonkeyPatch.undo

        def undo_and_count(self: Any) -> None:
            undo(self)
            guard._n_patches -= vars(self).pop("_orps_patches", 0)

        MonkeyPatch.undo = undo_and_count  # type: ignore[method-assign]

    def _wrap(self, owner: Any, name: str) -> None:
        plain = getattr(owner, name)
        guard = self

        def counted(self: Any, *args: Any, **kwargs: Any) -> None:
            plain(self, *args, **kwargs)
            # The environment is passed on.
            if not (args and args[0] is os.environ):
                guard._n_patches += 1
                vars(self)["_orps_patches"] = vars(self).get("_orps_patches", 0) + 1

        setattr(owner, name, counted)

    def _watch_mock(self) -> None:
        guard = self
        kinds: list[Any] = [unittest.mock._patch, unittest.mock._patch_dict]  # type: ignore[attr-defined]  # noqa: SLF001
        for kind in kinds:
            enter, leave = kind.__enter__, kind.__exit__

            def counted(self: Any, enter: Any = enter) -> Any:
                result = enter(self)
                if getattr(self, "in_dict", None) is not os.environ:
                    guard._n_patches += 1
                return result

            def uncounted(self: Any, *error: Any, leave: Any = leave) -> Any:
                if getattr(self, "in_dict", None) is not os.environ:
                    guard._n_patches -= 1
                return leave(self, *error)

            kind.__enter__, kind.__exit__ = counted, uncounted
