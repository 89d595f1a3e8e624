"""What an execution showed: values, never exceptions, whatever the candidate did."""

import enum
from dataclasses import dataclass


class CaseStatus(enum.Enum):
    """The verdict on one case; the values are the words of the result document."""

    PASSED = "passed"
    FAILED = "failed"
    """An assertion did not hold, or the code under test raised."""
    ERROR = "error"
    """A fixture raised, or the case was never reported."""
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    SKIPPED = "skipped"


class Termination(enum.Enum):
    """How the process of one execution ended."""

    COMPLETED = "completed"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"
    OUTPUT_LIMIT = "output-limit"
    PROCESS_LIMIT = "process-limit"


class Tier(enum.Enum):
    """How strongly this host confines a run (docs/sandbox.md)."""

    A = "A"
    B = "B"
    M = "M"
    """macOS: Seatbelt around the worker."""
    C = "C"
    """Limits only: no namespaces, no Landlock, no seccomp."""


class Judge(enum.Enum):
    """Where the verdict is computed."""

    SPLIT = "split"
    IN_PROCESS = "in-process"
    """In the interpreter that also runs the candidate: evidence, not proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    id: str
    """pytest's node id."""
    status: CaseStatus
    message: str = ""
    """Why it did not pass, in pytest's words, trimmed; empty when it passed."""
    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    judge: Judge = Judge.IN_PROCESS
    lines: frozenset[int] | None = None
    """Lines of the candidate's files that the case executed, where it was traced.
    What runs at import is no case's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionProfile:
    """What one run cost; `None` means not measurable here, never zero."""

    wall_seconds: float | None = None
    """All cases together, without interpreter start, imports and collection."""
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    """Beyond the resident set that the warm interpreter had before the run."""
    page_faults: int | None = None
    instructions: int | None = None
    branch_misses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionOutcome:
    """One program run against all of its cases."""

    cases: tuple[CaseResult, ...]
    """One per expected case, in the order of the selection, whatever was reported."""
    termination: Termination
    profile: ExecutionProfile
    tier: Tier
    judge: Judge
    """Split only if every case that counts was."""
    output: str = ""
    """The end of stdout and stderr, decoded leniently."""
    detail: str = ""
    """Why the run as a whole failed, such as an import error; empty otherwise."""

    @property
    def n_passed(self) -> int:
        return sum(case.status is CaseStatus.PASSED for case in self.cases)

    @property
    def n_total(self) -> int:
        """Cases that count: a skipped case neither passes nor fails."""
        return sum(case.status is not CaseStatus.SKIPPED for case in self.cases)

    @property
    def success_ratio(self) -> float:
        """Passed over counted cases, from 0 to 1; 0 where nothing counted."""
        n_total = self.n_total
        return self.n_passed / n_total if n_total else 0.0

    @property
    def all_passed(self) -> bool:
        return 0 < self.n_total == self.n_passed

    @property
    def may_be_applied(self) -> bool:
        """Whether it may be put in place before somebody has looked at it."""
        return self.all_passed and self.judge is Judge.SPLIT
