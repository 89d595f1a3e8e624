"""What the executor has to know of the project's copy that no run has touched."""

import sys
from pathlib import Path

import anyio.to_thread

from orps_sandbox import request
from orps_sandbox.program import Program
from orps_sandbox.reports import Frame
from orps_sandbox.worker.selection import path_of


class PristineCopy:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._tests: tuple[str, ...] | None = None
        self._roots: dict[tuple[str, ...], tuple[str, ...]] = {}

    async def can_split(self, program: Program) -> bool:
        """Whether there is a text of the person's own to set the candidate's against."""
        names = program.files
        if program.trace_lines or not names or sys.platform == "win32":
            return False
        return await anyio.to_thread.run_sync(self._has, *names)

    async def split_of(self, program: Program) -> Frame | None:
        """How to run it split and by itself; `None` if that cannot be."""
        if not await self.can_split(program):
            return None
        hidden = await self.hidden_of(program)
        return request.split_of(program.files, hidden, may_be_warm=False)

    async def hidden_of(self, program: Program) -> tuple[str, ...]:
        """Files that the candidate's process must not read."""
        if self._tests is None:
            self._tests = await anyio.to_thread.run_sync(request.test_files, self._root)
        chosen = [path_of(entry) for entry in program.selection.node_ids]
        return tuple(
            dict.fromkeys([*self._tests, *(c for c in chosen if c.endswith(".py"))])
        )

    async def import_roots(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if names not in self._roots:
            self._roots[names] = await anyio.to_thread.run_sync(
                request.import_roots, self._root, names
            )
        return self._roots[names]

    def _has(self, *names: str) -> bool:
        return all(
            name.endswith(".py") and (self._root / name).is_file() for name in names
        )
