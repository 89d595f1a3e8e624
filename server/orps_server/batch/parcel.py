"""A project as bytes, for a machine that does not have its disk."""

import io
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.limits import MIB
from orps_sandbox.tree import copy_tree
from orps_server.errors import RequestFault

MAX_BYTES = 64 * MIB
"""Of the compressed project: it is sent once for each target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a sandbox would copy of the project, and nothing else."""

    data: bytes

    @contextmanager
    def unpacked(self) -> Generator[Path]:
        """A folder that holds the project as long as the block runs."""
        with tempfile.TemporaryDirectory(prefix="orps-parcel-") as folder:
            root = Path(folder).resolve() / "project"
            with tarfile.open(fileobj=io.BytesIO(self.data), mode="r:gz") as archive:
                archive.extractall(root, filter="data")
            # Marks the root as one, whatever made it one at home.
            marker = root / "pyproject.toml"
            if not marker.exists():
                marker.write_text("", encoding="utf-8")
            yield root


def parcel(root: Path) -> Parcel:
    """Raises `RequestFault` where the project is too large to be sent."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="orps-parcel-") as folder:
        copy = Path(folder) / "project"
        try:
            copy_tree(root, copy)
        except SandboxUnavailable as error:
            raise _too_large(root) from error
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            archive.add(copy, arcname=".", filter=_inside)
    data = buffer.getvalue()
    if len(data) > MAX_BYTES:
        raise _too_large(root)
    return Parcel(data=data)


def _inside(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Links lead nowhere on another machine unless they stay inside."""
    leads_out = entry.issym() and Path(entry.linkname).is_absolute()
    return None if leads_out else entry


def _too_large(root: Path) -> RequestFault:
    return RequestFault(
        f"{root} is too large to be sent to other machines.",
        kind="badRequest",
        hint="Give the code and its tests a folder with a pyproject.toml of their own, "
        "or do without --executor ray.",
    )
