"""The stubs in files and folders."""

from collections.abc import Sequence
from pathlib import Path

from orps_search.source.find import find_targets
from orps_search.source.target import Target, TargetKind
from orps_server.discovery.project_tree import ProjectTree
from orps_server.errors import RequestFault
from orps_server.preparation import GenerateRequest
from orps_server.source_file import read_source

_TESTS = ("test_", "conftest.")
_CONSTRUCTORS = (".__init__", ".__new__")
"""A class is searched for as a whole where one of these is a stub: without it, no test
of any other method could pass."""


def requests_in(paths: Sequence[Path]) -> tuple[GenerateRequest, ...]:
    """One per stub, files in order; raises `RequestFault` for a path that is not there.

    Test files have none, whatever they define.
    """
    files = dict.fromkeys(file for path in paths for file in _files(path))
    return tuple(
        GenerateRequest(file=file, qualname=target.qualname)
        for file in files
        for target in stubs_in(read_source(file).text)
    )


def stubs_in(text: str) -> tuple[Target, ...]:
    """Each body that was left for later belongs to one of them."""
    stubs = [target for target in find_targets(text) if target.is_stub]
    classes = [
        target
        for target in stubs
        if target.kind is TargetKind.CLASS
        and any(
            _is_inside(each, target) and each.qualname.endswith(_CONSTRUCTORS)
            for each in stubs
        )
    ]
    return tuple(
        target
        for target in stubs
        if not any(_is_inside(target, whole) for whole in classes)
        and (target.kind is not TargetKind.CLASS or target in classes)
    )


def _is_inside(target: Target, whole: Target) -> bool:
    return target is not whole and whole.start <= target.start < whole.end


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise RequestFault(
            f"There is no file or folder {path}.",
            kind="badRequest",
            hint="Name Python files, or folders that hold some.",
        )
    tree = ProjectTree(root=path, overlay={})
    found = [path / name for name in tree.find(["*.py"])]
    return [
        file
        for file in found
        if not file.name.startswith(_TESTS) and not file.stem.endswith("_test")
    ]
