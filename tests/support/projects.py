"""Small projects on disk, and discovery in them."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from orps_search.source.find import find_target
from orps_search.source.target import Target
from orps_server.discovery import Discovery, discover


def project(root: Path, files: Mapping[str, str]) -> Path:
    """Write the files, dedented, below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def discovered(
    root: Path,
    where: str,
    *,
    overlay: Mapping[str, str] | None = None,
    explicit: Sequence[str] = (),
) -> Discovery:
    """What belongs to `path/of/module.py::Qual.name`."""
    path, _, qualname = where.partition("::")
    text = (overlay or {}).get(path) or (root / path).read_text(encoding="utf-8")
    target = find_target(text, qualname)
    assert isinstance(target, Target), target
    return discover(root, path, text, target, overlay=overlay or {}, explicit=explicit)


def chosen(root: Path, where: str, *, explicit: Sequence[str] = ()) -> set[str]:
    """The node ids alone."""
    return set(discovered(root, where, explicit=explicit).selection.node_ids)
