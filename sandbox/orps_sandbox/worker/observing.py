"""The child of one observation: imports the module under test and evaluates calls.

All calls of a child share one import, in their order.  Unseeded random numbers start
anew for each call, so that the same code gives the same text.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker import limits, rendering
from orps_sandbox.worker.calls import INVALID, Call
from orps_sandbox.worker.verdict import MEMORY, TIMEOUT, CaseTimeout

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType, ModuleType

    from orps_sandbox.worker.reporter import Reporter
    from orps_sandbox.worker.request import Observing, RunRequest

_IMPORT = -1
"""The place in the order of calls that stands for importing the module."""


def session(request: RunRequest, observing: Observing, reporter: Reporter) -> None:
    """Report one observation for each call, as soon as it is made."""
    child = os.getpid()
    reporter.send("start", id=str(_IMPORT))
    try:
        with _alarm(request.case_seconds):
            module = imported(request.copy_root, observing.module_path)
    except BaseException as error:  # noqa: BLE001 - all that an import can raise
        # Where the module does not import, no call of it can be made.
        with limits.headroom(isinstance(error, MemoryError)):
            kind, text = _failed(error, request)
            if kind == INVALID:
                text = f"importing {observing.module_path} raised {text}"
            reporter.send("observed", index=_IMPORT, kind_of=kind, text=text)
        return
    n_timeouts = 0
    for index, source in observing.calls:
        if n_timeouts >= request.max_timeouts:
            return
        reporter.send("start", id=str(index))
        kind, text = _observed(source, module, request)
        if os.getpid() != child:
            # The candidate forked, and this is the copy that returned.
            os._exit(0)
        reporter.send("observed", index=index, kind_of=kind, text=text)
        n_timeouts += kind == TIMEOUT


def _observed(source: str, module: ModuleType, request: RunRequest) -> tuple[str, str]:
    try:
        call = Call(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return INVALID, rendering.error_text(error, copy_root=request.copy_root)
    _seed()
    try:
        with _alarm(request.case_seconds):
            return call.evaluate(vars(module), copy_root=request.copy_root)
    except BaseException as error:  # noqa: BLE001 - a call may raise anything
        with limits.headroom(isinstance(error, MemoryError)):
            return _failed(error, request)


def _failed(error: BaseException, request: RunRequest) -> tuple[str, str]:
    if isinstance(error, CaseTimeout):
        return TIMEOUT, f"took longer than {request.case_seconds:g} s"
    if isinstance(error, MemoryError):
        return MEMORY, "MemoryError"
    try:
        return INVALID, rendering.error_text(error, copy_root=request.copy_root)
    except Exception:  # noqa: BLE001 - the message is the candidate's own code
        return INVALID, type(error).__name__


@contextmanager
def _alarm(seconds: float) -> Generator[None]:
    """Interrupt at the limit; what survives that is killed from outside."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise CaseTimeout

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def imported(copy_root: str, module_path: str) -> ModuleType:
    """Import the file under the name that the project's own code would use."""
    path = Path(copy_root, module_path)
    top = path.parent
    while top != Path(copy_root) and (top / "__init__.py").exists():
        top = top.parent
    if str(top) not in sys.path:
        sys.path.insert(0, str(top))
    importlib.invalidate_caches()
    for root in dict.fromkeys([top, Path(copy_root)]):
        name = _dotted(path.relative_to(root))
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            # In a package without `__init__.py` only the longer name can work.
            if root == Path(copy_root) or "relative import" not in str(error):
                raise
            continue
        if Path(getattr(module, "__file__", None) or "/").resolve() == path.resolve():
            return module
    # Another module of this name was there first, such as the standard library's.
    return _loaded(_dotted(path.relative_to(top)), path)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and parts[1:] else parts)


def _loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _seed() -> None:
    """Start every known source of random numbers at the same place."""
    for name in ("random", "numpy.random"):
        module: Any = sys.modules.get(name)
        if module is not None:
            module.seed(0)
