"""Tries many variants of the module under test in one collected session.

pytest has collected the cases, and so imported the module, once. For each variant a
fork takes over the code of the functions that the variant changes, runs the cases in
the order that was asked for, and is gone: milliseconds instead of a session each. It
screens and does not judge. What depends on the import (decorators, defaults, constants)
is told as unfit, and what passes here has to pass a run of its own.

A fork that hangs ends itself: by a timer of its own processor time, so that a busy
machine decides nothing, and by a patient one of the wall clock for what sleeps.
"""

from __future__ import annotations

import gc
import os
import signal
import warnings
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from orps_sandbox.worker.reporter import Reporter
    from orps_sandbox.worker.request import RunRequest, Screening

_PASSED, _FAILED = b"P", b"F"
_PATIENCE = 8
"""How many times as long as its processor time a case may take by the clock."""
_REPORTED_AT_A_TIME = 16
_exit = os._exit


def screen(
    items: Sequence[pytest.Item],
    request: RunRequest,
    screening: Screening,
    reporter: Reporter,
) -> None:
    """Report a word per variant: a letter for each case that ran, in their order.

    `P` passed, `F` did not; what is missing was not reached. `?` is a variant that
    cannot be tried in this way.
    """
    path = str(Path(request.copy_root, screening.file))
    by_id = {item.nodeid: item for item in items}
    ordered = [by_id[each] for each in screening.order if each in by_id]
    base = _compiled(screening.text, path)
    functions = list(_functions_of(path))
    if ordered:
        ordered[0].config.option.tbstyle = "line"
    gc.collect()
    gc.freeze()
    words: list[str] = []
    for changed in screening.texts():
        codes = None if base is None else _changes(base, changed, path, functions)
        words.append("?" if not codes else _tried(codes, ordered, request, screening))
        if len(words) == _REPORTED_AT_A_TIME:
            reporter.send("screened", words=words)
            words = []
    reporter.send("screened", words=words)


def _tried(
    codes: Sequence[tuple[FunctionType, CodeType]],
    items: Sequence[pytest.Item],
    request: RunRequest,
    screening: Screening,
) -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            _run(codes, items, request, screening, writing)
        finally:
            _exit(0)
    os.close(writing)
    word = bytearray()
    while data := os.read(reading, 4096):
        word += data
    os.close(reading)
    os.waitpid(pid, 0)
    return word.decode("ascii", "replace")


def _run(
    codes: Sequence[tuple[FunctionType, CodeType]],
    items: Sequence[pytest.Item],
    request: RunRequest,
    screening: Screening,
    writing: int,
) -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    for function, code in codes:
        function.__code__ = code
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        signal.setitimer(signal.ITIMER_PROF, request.case_seconds)
        signal.setitimer(signal.ITIMER_REAL, request.case_seconds * _PATIENCE)
        reports = runtestprotocol(item, log=False, nextitem=following)
        passed = all(report.passed for report in reports)
        os.write(writing, _PASSED if passed else _FAILED)
        if not passed and screening.stops_at_failure:
            return


def _compiled(text: str, path: str) -> CodeType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return compile(text, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _functions_of(path: str) -> Iterator[FunctionType]:
    """Yield all living functions that were made from the file, wrapped ones too."""
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename == path:
            yield each


def _changes(
    base: CodeType, changed: str, path: str, functions: Sequence[FunctionType]
) -> list[tuple[FunctionType, CodeType]]:
    """Pair the functions whose code differs with their new code; none if unfit."""
    code = _compiled(changed, path)
    if code is None:
        return []
    before, after = dict(_codes(base, ())), dict(_codes(code, ()))
    places = {_identity(each): place for place, each in before.items()}
    pairs: list[tuple[FunctionType, CodeType]] = []
    for function in functions:
        place = places.get(_identity(function.__code__))
        new = after.get(place) if place is not None else None
        if new is None or _meaning(new) == _meaning(function.__code__):
            continue
        if len(new.co_freevars) != len(function.__code__.co_freevars):
            return []
        pairs.append((function, new))
    return pairs


_Place = tuple[tuple[str, int], ...]


def _codes(code: CodeType, place: _Place) -> Iterator[tuple[_Place, CodeType]]:
    """Yield all code below a module's, by names and, among equal ones, by order."""
    counts: dict[str, int] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            number = counts[constant.co_name] = counts.get(constant.co_name, 0) + 1
            inner = (*place, (constant.co_name, number))
            yield inner, constant
            yield from _codes(constant, inner)


def _identity(code: CodeType) -> tuple[str, int]:
    return code.co_name, code.co_firstlineno


def _meaning(code: CodeType) -> tuple[object, ...]:
    """Equal for code that differs at most in where it stands."""
    constants = [
        _meaning(each) if isinstance(each, CodeType) else repr(each)
        for each in code.co_consts
    ]
    return (
        code.co_code,
        repr(constants),
        code.co_names,
        code.co_varnames,
        code.co_freevars,
    )
