"""Tries many variants of the module under test in one collected session.

pytest has collected the cases, and so imported the module, once. For each variant a
fork takes over the code of the functions that the variant changes, runs the cases in
the order that was asked for, and is gone: milliseconds instead of a session each. It
screens and does not judge. What depends on the import (decorators, defaults, constants)
is told as unfit, and what passes here has to pass a run of its own.
"""

from __future__ import annotations

import gc
import warnings
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from orps_sandbox.worker.forked_cases import run_in_fork

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from orps_sandbox.worker.reporter import Reporter
    from orps_sandbox.worker.request import RunRequest, Screening

_PATIENCE = 8
"""How many times as long as its processor time a case may take by the clock."""
_REPORTED_AT_A_TIME = 16


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

    def tried(codes: Sequence[tuple[FunctionType, CodeType]]) -> str:
        return run_in_fork(
            ordered,
            prepare=partial(_take_over, codes),
            cpu_seconds=request.case_seconds,
            wall_seconds=request.case_seconds * _PATIENCE,
            stops_at_failure=screening.stops_at_failure,
        )

    for changed in screening.texts():
        codes = None if base is None else _changes(base, changed, path, functions)
        words.append("?" if not codes else tried(codes))
        if len(words) == _REPORTED_AT_A_TIME:
            reporter.send("screened", words=words)
            words = []
    reporter.send("screened", words=words)


def _take_over(codes: Sequence[tuple[FunctionType, CodeType]]) -> None:
    for function, code in codes:
        function.__code__ = code


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
