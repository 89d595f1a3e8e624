"""What candidates were executed against, as digests to compare with what is there now.

Two things beside the function itself decide what a test says: the module around it,
and the tests with the `conftest.py` files above them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_server.discovery import Discovery, discover
from orps_server.discovery.project_tree import ProjectTree
from orps_server.errors import RequestFault
from orps_server.preparation import GenerateRequest
from orps_server.source_file import read_source
from orps_server.surroundings.module import module_context
from orps_server.workspace import project_root, relative_posix

_CONFTEST = "conftest.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    context: str
    """Digest of imports, constants and what else the module has beside the target."""
    tests: str
    """Digest of the selected tests; empty when there are none."""
    paths: frozenset[Path]
    """Files whose change may change one of the two."""


def take_basis(request: GenerateRequest) -> Basis | None:
    """Read it from the buffers and the disk; `None` where there is no such function."""
    text = request.buffers.get(request.file)
    try:
        text = read_source(request.file).text if text is None else text
        target = find_target(text, request.qualname)
        if isinstance(target, TargetFault):
            return None
        context = _digest([module_context(text, target)])
        named = [Path(test.partition("::")[0]) for test in request.tests]
        root = project_root(
            request.file, [path for path in named if path.is_absolute()]
        )
    except RequestFault:
        return None
    overlay = _overlay(root, request.buffers)
    module_path = relative_posix(request.file, root)
    try:
        found = discover(
            root,
            module_path,
            text,
            target,
            overlay=overlay,
            explicit=_relative(request.tests, root),
        )
    except RequestFault:
        return Basis(context=context, tests="", paths=frozenset({request.file}))
    return _with_tests(found, ProjectTree(root=root, overlay=overlay), context, request)


def _with_tests(
    found: Discovery, files: ProjectTree, context: str, request: GenerateRequest
) -> Basis:
    conftests = {path: files.read(path) for path in _conftests(found.sources)}
    selected = [*found.selection.node_ids, *map(str, found.selection.doctests)]
    tests = [*selected, *_flat(found.sources), *_flat(conftests)]
    paths = {files.root / path for path in (*found.sources, *conftests)}
    return Basis(
        context=context, tests=_digest(tests), paths=frozenset({request.file, *paths})
    )


def _conftests(sources: Iterable[str]) -> set[str]:
    """Those that pytest would read for these files, whether or not they exist."""
    folders = {folder for source in sources for folder in PurePosixPath(source).parents}
    return {str(folder / _CONFTEST) for folder in folders}


def _flat(texts: Mapping[str, str]) -> list[str]:
    return [part for path in sorted(texts) for part in (path, texts[path])]


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def _overlay(root: Path, buffers: Mapping[Path, str]) -> dict[str, str]:
    return {
        relative_posix(path, root): text
        for path, text in buffers.items()
        if path.is_relative_to(root)
    }


def _relative(tests: tuple[str, ...], root: Path) -> tuple[str, ...]:
    relative: list[str] = []
    for test in tests:
        name, separator, inner = test.partition("::")
        path = Path(name)
        shown = relative_posix(path, root) if path.is_absolute() else name
        relative.append(f"{shown}{separator}{inner}")
    return tuple(relative)
