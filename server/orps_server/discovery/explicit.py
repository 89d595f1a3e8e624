"""`--tests`: what was asked for by name must exist."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orps_search.source.definitions import named_definitions
from orps_search.source.heal import Healed, heal
from orps_server.discovery.config import Naming
from orps_server.discovery.project_tree import ProjectTree
from orps_server.errors import RequestFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    node_ids: tuple[str, ...]
    """To be taken exactly."""
    paths: tuple[str, ...]
    """Files, relative to the root, to be searched."""


def read_explicit(files: ProjectTree, named: Sequence[str], naming: Naming) -> Asked:
    """Raises `RequestFault` for what does not exist or lies outside the root."""
    node_ids: list[str] = []
    paths: list[str] = []
    for name in named:
        file, _, inner = name.partition("::")
        path = _relative(files, file)
        if inner:
            _require_case(files, path, inner.partition("[")[0].split("::"), name)
            node_ids.append(f"{path}::{inner}")
        elif files.exists(path):
            paths.append(path)
        elif files.is_folder(path):
            found = files.find(naming.files, path)
            if not found:
                raise RequestFault(
                    f"no test files in {name}: looked for {', '.join(naming.files)}",
                    kind="noTests",
                    hint="Name the test file itself.",
                )
            paths += found
        else:
            raise _missing(name, f"no file or folder {name} in {files.root}")
    return Asked(
        node_ids=tuple(dict.fromkeys(node_ids)), paths=tuple(dict.fromkeys(paths))
    )


def _relative(files: ProjectTree, name: str) -> str:
    # Not resolved at first: a link in the project belongs to the project.
    path = Path(os.path.normpath(files.root / name))
    if path.is_relative_to(files.root):
        return path.relative_to(files.root).as_posix()
    try:
        return path.resolve().relative_to(files.root.resolve()).as_posix()
    except ValueError:
        raise RequestFault(
            f"{name} lies outside the project, which is {files.root}",
            kind="noTests",
            hint="Tests run in a copy of the project; move the file into it.",
        ) from None


def _require_case(
    files: ProjectTree, path: str, inner: Sequence[str], name: str
) -> None:
    if not files.exists(path):
        raise _missing(name, f"no file {path} in {files.root}")
    healed = heal(files.read(path))
    if not isinstance(healed, Healed):
        return  # pytest says what is wrong with the file.
    definitions = named_definitions(healed.parsed.tree)
    if inner[0] not in definitions:
        raise _missing(name, f"{path} defines no `{inner[0]}`")
    qualname = ".".join(inner)
    owner = definitions.get(qualname.rpartition(".")[0])
    inherits = owner is not None and bool(getattr(owner.node, "bases", ()))
    if qualname not in definitions and not inherits:
        raise _missing(name, f"{path} defines no `{qualname}`")


def _missing(name: str, what: str) -> RequestFault:
    return RequestFault(
        f"the test {name} does not exist: {what}",
        kind="noTests",
        hint="Give paths and pytest node ids relative to the project.",
    )
