"""What people agreed to, kept in their state folder and never in a repository."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    trusted: frozenset[str] = frozenset()
    """Roots whose tests and candidates may run."""
    hosts: frozenset[tuple[str, str]] = frozenset()
    """Roots, and hosts that may be sent what is in them."""


class GrantStore:
    """Read at each question: another server may have asked meanwhile."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    @property
    def file(self) -> Path:
        if self._file is None:
            # Imported late: the language server's start should not pay for it.
            from platformdirs import user_state_path  # noqa: PLC0415

            self._file = user_state_path("orps-lsp", appauthor=False) / "grants.json"
        return self._file

    def read(self) -> Grants:
        """A file that cannot be read holds no grants; people are asked again."""
        try:
            document: object = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Grants()
        return _grants(document)

    def trust(self, root: Path) -> None:
        present = self.read()
        self._write(Grants(trusted=present.trusted | {str(root)}, hosts=present.hosts))

    def allow_host(self, root: Path, host: str) -> None:
        present = self.read()
        self._write(
            Grants(trusted=present.trusted, hosts=present.hosts | {(str(root), host)})
        )

    def _write(self, grants: Grants) -> None:
        """Replace the file whole; raises `OSError` when it cannot be kept."""
        document = {
            "trusted": sorted(grants.trusted),
            "hosts": [list(pair) for pair in sorted(grants.hosts)],
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # Made for the owner alone, as all files of this function are.
        handle, name = tempfile.mkstemp(dir=self.file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=1)
        Path(name).replace(self.file)


def _grants(document: object) -> Grants:
    if not isinstance(document, Mapping):
        return Grants()
    fields = cast("Mapping[str, object]", document)
    pairs = [pair for pair in _list(fields, "hosts") if _is_pair(pair)]
    return Grants(
        trusted=frozenset(
            root for root in _list(fields, "trusted") if isinstance(root, str)
        ),
        hosts=frozenset((pair[0], pair[1]) for pair in cast("list[list[str]]", pairs)),
    )


def _list(fields: Mapping[str, object], key: str) -> list[object]:
    value = fields.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []


def _is_pair(value: object) -> bool:
    if not isinstance(value, list):
        return False
    items = cast("list[object]", value)
    return len(items) == 2 and all(isinstance(item, str) for item in items)  # noqa: PLR2004
