"""What is known before anything runs: project, interpreter, target and tests.

Everything here reads files and starts nothing.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.program import CaseSelection, Project
from orps_search.model import characters
from orps_search.problem import Problem
from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_search.source.heal import runnable_text
from orps_search.source.splice import Placement, apply_edits, place
from orps_search.source.target import Target
from orps_server.disclosure.excludes import excludes
from orps_server.disclosure.withheld import withheld_values
from orps_server.discovery import discover
from orps_server.discovery.project_tree import ProjectTree
from orps_server.errors import RequestFault
from orps_server.interpreter import Interpreter, find_interpreter
from orps_server.preimports import foreign_imports
from orps_server.settings import Settings
from orps_server.source_file import SourceFile, read_source, unsaved_source
from orps_server.surroundings.asking import Question, gathered
from orps_server.surroundings.module import module_context
from orps_server.surroundings.piece import Piece, rendered
from orps_server.workspace import project_root, relative_posix


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What was asked for: one target, and the tests if they were named."""

    file: Path
    qualname: str
    tests: tuple[str, ...] = ()
    """Paths and pytest node ids, absolute or relative to the project's root."""
    buffers: Mapping[Path, str] = field(default_factory=dict[Path, str])
    """Unsaved texts by absolute path; they are what runs, not the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    source: SourceFile
    project: Project
    interpreter: Interpreter
    selection: CaseSelection
    sources: tuple[str, ...]
    """Paths of the files with the tests."""
    notes: tuple[str, ...]
    may_be_shown: bool
    """Whether the target's file may be shown to a model at all."""
    pieces: tuple[Piece, ...] = ()
    """What of the rest of the project a prompt holds, once it was read."""
    uncollected: Problem
    """The problem, as far as it is known before pytest has collected the cases."""

    def problem(
        self, case_ids: tuple[str, ...], flaky: tuple[FlakyCase, ...] = ()
    ) -> Problem:
        return replace(
            self.uncollected,
            related=rendered(self.pieces),
            case_ids=case_ids,
            flaky=flaky,
        )


async def with_pieces(preparation: Preparation, settings: Settings) -> Preparation:
    """The same, with what a prompt holds of the rest of the project."""
    problem = preparation.uncollected
    pieces = await gathered(
        Question(
            root=str(preparation.project.root),
            overlay={
                **preparation.project.overlay,
                problem.module_path: problem.module_text,
            },
            module_path=problem.module_path,
            qualname=problem.target.qualname,
            tests=preparation.sources,
        ),
        limit_characters=characters(settings.context.max_tokens),
        allowed=excludes(settings.context.exclude).allows,
    )
    return replace(preparation, pieces=pieces)


def prepare(
    request: GenerateRequest, settings: Settings, environment: Mapping[str, str]
) -> Preparation:
    """Look everything up; raises `RequestFault` for the first thing not found."""
    file = request.file.absolute()
    source = _source(file, request.buffers)
    text = source.text
    target, runnable = _target(text, request.qualname, file)
    named = request.tests or settings.tests.select
    root = project_root(file, _absolute_paths(named))
    module_path = relative_posix(file, root)
    overlay = _overlay(root, request.buffers)
    discovery = discover(
        root,
        module_path,
        text,
        target,
        overlay=overlay,
        explicit=_relative(named, root),
    )
    allowed = excludes(settings.context.exclude).allows
    hidden = [path for path in discovery.sources if not allowed(path)]
    interpreter = find_interpreter(root, settings.interpreter, environment)
    return Preparation(
        source=source,
        project=Project(
            root=root,
            interpreter=interpreter.path,
            overlay=overlay | {module_path: collectable_text(runnable, target)},
            pytest_args=settings.tests.args,
            preimports=foreign_imports((runnable, *discovery.sources.values())),
        ),
        interpreter=interpreter,
        selection=discovery.selection,
        sources=tuple(discovery.sources),
        notes=(
            *discovery.notes,
            *_hidden_notes(hidden),
            *_interpreter_notes(interpreter),
        ),
        may_be_shown=allowed(module_path),
        uncollected=Problem(
            target=target,
            module_path=module_path,
            module_text=text,
            runnable_text=runnable,
            context=module_context(text, target),
            test_sources={
                path: source
                for path, source in discovery.sources.items()
                if path not in hidden
            },
            selection=discovery.selection,
            withheld=withheld_values(ProjectTree(root=root, overlay=overlay), allowed),
            case_ids=(),
        ),
    )


def _source(file: Path, buffers: Mapping[Path, str]) -> SourceFile:
    text = buffers.get(file)
    return read_source(file) if text is None else unsaved_source(file, text)


def _target(text: str, qualname: str, file: Path) -> tuple[Target, str]:
    target = find_target(text, qualname)
    if isinstance(target, TargetFault):
        raise _fault(target, file)
    runnable = runnable_text(text, target)
    if isinstance(runnable, TargetFault):
        raise _fault(runnable, file)
    return target, runnable


def collectable_text(runnable: str, target: Target) -> str:
    """A text that can be imported, so that tests collect before any body is written.

    A stub may end after its header or docstring, which is a syntax error in itself.
    """
    try:
        ast.parse(runnable)
    except SyntaxError:
        filled = place(runnable, target, "return None")
        if isinstance(filled, Placement):
            return apply_edits(runnable, filled.edits)
    return runnable


def _fault(fault: TargetFault, file: Path) -> RequestFault:
    match fault.kind:
        case "noSuchTarget":
            return RequestFault(f"{file}: {fault.message}", kind="noStub")
        case "syntaxError":
            return RequestFault(f"{file}: {fault.message}", kind="syntaxError")


def _overlay(root: Path, buffers: Mapping[Path, str]) -> dict[str, str]:
    return {
        relative_posix(path, root): text
        for path, text in buffers.items()
        if path.is_relative_to(root)
    }


def _absolute_paths(tests: tuple[str, ...]) -> tuple[Path, ...]:
    paths = (Path(test.partition("::")[0]) for test in tests)
    return tuple(path for path in paths if path.is_absolute())


def _relative(tests: tuple[str, ...], root: Path) -> tuple[str, ...]:
    """Node ids as pytest writes them: relative to the root."""
    relative: list[str] = []
    for test in tests:
        name, separator, inner = test.partition("::")
        path = Path(name)
        if path.is_absolute():
            name = relative_posix(path, root)
        relative.append(f"{name}{separator}{inner}")
    return tuple(relative)


def _hidden_notes(hidden: list[str]) -> tuple[str, ...]:
    """The search sees less than the person: that explains its misses."""
    if not hidden:
        return ()
    return (f"orps.context.exclude keeps from the model: {', '.join(hidden)}",)


def _interpreter_notes(interpreter: Interpreter) -> tuple[str, ...]:
    if not interpreter.is_own:
        return ()
    return (f"the tests run in {interpreter.path}: {interpreter.reason}",)
