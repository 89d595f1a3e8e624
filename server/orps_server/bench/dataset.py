"""Problem files, in the fields of docs/bench.md, become problems; pure but for reading."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_server.bench.case_files import (
    functions_file,
    unittest_file,
    unknown_names,
)
from orps_server.bench.rows import Row, line_fault, read_rows
from orps_server.bench.task import MODULE, Hidden, LeftOut, Problem, Task

WHAT = "a data set"
_MODULE_NAME = Path(MODULE).stem
_LATE_ANNOTATIONS = "from __future__ import annotations\n\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    problems: tuple[Problem, ...]
    left_out: tuple[LeftOut, ...]


class _Unplayable(Exception):
    """This problem cannot be played; the message says why."""


def load_data_sets(paths: Sequence[Path]) -> DataSet:
    """Read every row; raises `RequestFault` for a line that is no problem at all."""
    problems: dict[str, Problem] = {}
    left_out: list[LeftOut] = []
    for path in paths:
        for number, row in read_rows(path, what=WHAT):
            id_ = row.get("task_id")
            if not isinstance(id_, str):
                raise line_fault(path, number, "it has no text `task_id`", WHAT)
            if id_ in problems:
                raise line_fault(path, number, f"{id_} is there twice", WHAT)
            try:
                problems[id_] = read_problem(id_, row)
            except _Unplayable as error:
                left_out.append(LeftOut(id=id_, reason=str(error)))
            except _Wrong as error:
                raise line_fault(path, number, f"{id_}: {error}", WHAT) from error
    return DataSet(problems=tuple(problems.values()), left_out=tuple(left_out))


def read_problem(id_: str, row: Row) -> Problem:
    if "class_name" in row:
        return _class_problem(id_, row)
    return _function_problem(id_, row)


def _function_problem(id_: str, row: Row) -> Problem:
    visible = _kept(row, "visible_tests", "visible_ok")
    hidden = [*_kept(row, "hidden_tests", "hidden_ok"), *_texts(row, "hidden_plus")]
    module, qualname = _stub(row)
    _require_playable(visible, hidden)
    try:
        unknown = unknown_names(module, [*visible, *hidden])
        if unknown:
            names = ", ".join(sorted(unknown))
            raise _Unplayable(f"its tests need what the stub does not define: {names}")
        tests = functions_file(_MODULE_NAME, module, visible)
        scoring = functions_file(_MODULE_NAME, module, hidden)
    except SyntaxError as error:
        raise _Unplayable(f"a test does not compile: {error.msg}") from error
    return _problem(
        id_, row, qualname=qualname, module=module, tests=tests, hidden=scoring
    )


def _class_problem(id_: str, row: Row) -> Problem:
    visible, hidden = _texts(row, "visible_tests"), _texts(row, "hidden_tests")
    module, qualname = _text(row, "stub"), _text(row, "class_name")
    test_file = _text(row, "test_file")
    _require_playable(visible, hidden)
    try:
        tests = unittest_file(_MODULE_NAME, module, test_file, visible)
        scoring = unittest_file(_MODULE_NAME, module, test_file, hidden)
    except SyntaxError as error:
        raise _Unplayable(f"its stub or a test does not compile: {error}") from error
    return _problem(
        id_, row, qualname=qualname, module=module, tests=tests, hidden=scoring
    )


def _problem(
    id_: str, row: Row, *, qualname: str, module: str, tests: str, hidden: str
) -> Problem:
    fault = find_target(module, qualname)
    if isinstance(fault, TargetFault):
        raise _Unplayable(f"{fault.message[0].lower()}{fault.message[1:]}")
    return Problem(
        task=Task(
            id=id_,
            benchmark=_text(row, "benchmark", default="problems"),
            qualname=qualname,
            module=module,
            tests=tests,
        ),
        hidden=Hidden(tests=hidden, reference=_text(row, "reference", default="")),
    )


def _stub(row: Row) -> tuple[str, str]:
    """The module's text and the name in it; what is known beside it is told there."""
    stub = _text(row, "stub")
    if not stub.lstrip().startswith(("def ", "async def ", "class ")):
        # One source leaves the keyword out of some signatures.
        candidate = f"def {stub.lstrip()}"
        stub = candidate if _parses(candidate) and not _parses(stub) else stub
    preamble = _text(row, "preamble", default="")
    if preamble.strip() and preamble.strip() not in stub:
        stub = f"{preamble.rstrip()}\n\n\n{stub}"
    name = row.get("entry_point")
    if not isinstance(name, str):
        match = re.search(r"\bdef (\w+)", stub)
        if match is None:
            raise _Wrong("it has no `entry_point`, and its stub no function")
        name = match[1]
    if not re.search(rf"\b(def|class) {re.escape(name)}\b", stub):
        raise _Unplayable(f"its stub does not define {name}")
    if re.search(r"\bdef \w+\(\s*self\b", stub) and "class " not in stub:
        raise _Unplayable("its stub is a method without its class")
    instruction = _text(row, "instruction", default="")
    return _late(_told(stub, name, instruction)), name


def _told(stub: str, name: str, instruction: str) -> str:
    """Give a stub without a docstring the instruction as one."""
    try:
        tree = ast.parse(stub)
    except SyntaxError:
        return stub
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            if not instruction or ast.get_docstring(node, clean=False) is not None:
                return stub
            header = stub.split("\n")[: node.body[0].lineno - 1]
            if not header:
                return stub
            doc = instruction.strip().replace("\\", "\\\\").replace('"""', "'''")
            lines = "\n    ".join(doc.split("\n"))
            return "\n".join((*header, f'    """{lines}\n    """', "    ...", ""))
    return stub


def _late(module: str) -> str:
    """Annotations may name types that nothing imports; then they are not evaluated."""
    try:
        return _LATE_ANNOTATIONS + module if unknown_names("", [module]) else module
    except SyntaxError:
        return module


class _Wrong(Exception):
    """The row is no problem."""


def _require_playable(visible: Sequence[str], hidden: Sequence[str]) -> None:
    if not visible:
        raise _Unplayable("it has no visible test that holds")
    if not hidden:
        raise _Unplayable("it has no hidden test that holds")


def _kept(row: Row, tests: str, flags: str) -> list[str]:
    """The tests without those that the flags say are wrong."""
    texts = _texts(row, tests)
    ok = row.get(flags)
    if not isinstance(ok, list):
        return texts
    return [
        text
        for text, is_ok in zip(texts, cast("list[object]", ok), strict=False)
        if is_ok
    ]


def _texts(row: Row, name: str) -> list[str]:
    found = row.get(name)
    if found is None:
        return []
    if isinstance(found, list):
        texts = cast("list[object]", found)
        if all(isinstance(text, str) for text in texts):
            return cast("list[str]", found)
    raise _Wrong(f"`{name}` is no list of texts")


def _text(row: Row, name: str, *, default: str | None = None) -> str:
    found = row.get(name)
    if isinstance(found, str):
        return found
    if found is None and default is not None:
        return default
    raise _Wrong(f"it has no text `{name}`")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
