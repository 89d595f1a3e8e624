"""What calls of a candidate gave, as text by which implementations are compared.

A verdict says whether the tests are content; observations say what a candidate does
beyond them.  They come from the candidate's own process, so they tell behaviors apart
and prove nothing.
"""

import enum
from dataclasses import dataclass

from orps_sandbox.death import cause_of_death
from orps_sandbox.ledger import MAX_DEATHS, MAX_TIMEOUTS
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import Attempt, Stop

IMPORT = -1
"""The index under which a child speaks of importing the module."""


class ObservationKind(enum.Enum):
    """What came of a call; the values are the words of the worker's protocol."""

    VALUE = "value"
    RAISED = "raised"
    TIMEOUT = "timeout"
    CRASH = "crash"
    MEMORY = "memory"
    OPAQUE = "opaque"
    """A value that has no text of its own, such as a function: not comparable."""
    INVALID = "invalid"
    """The call is no expression, or the module under test does not import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One call.  Equal kind and text: no difference was seen."""

    kind: ObservationKind
    text: str
    """`[1, 2.5]`, or `ValueError: message`; free of addresses, of bounded length.
    `; argument 1 is now [...]` follows where the call changed what it was given,
    `; printed '...'` where it printed and returned `None`."""


class Observations:
    """Accounts for every call of one candidate over all children; pure.

    A call on which a child dies has the observation of that death, and the calls after
    it are made in a new child.
    """

    def __init__(self, n_calls: int, limits: Limits) -> None:
        self._limits = limits
        self._found: dict[int, Observation] = {}
        self._n_calls = n_calls
        self._n_deaths = 0
        self.finished = n_calls == 0

    @property
    def remaining(self) -> tuple[int, ...]:
        return tuple(i for i in range(self._n_calls) if i not in self._found)

    def note(self, attempt: Attempt) -> None:
        """Take in what one child has said, and decide whether another makes sense."""
        n_before = len(self._found)
        for index, kind, text in attempt.observed:
            self._observe(index, kind, text)
        if not self.finished and attempt.running is not None:
            self._note_death(attempt, int(attempt.running))
        if not self.remaining:
            self.finished = True
        elif not self.finished:
            self._stop_if_hopeless(attempt, progress=len(self._found) > n_before)

    def run_out_of_time(self) -> None:
        seconds = f"{self._limits.wall_seconds:g} s"
        self._give_up(
            Observation(
                kind=ObservationKind.TIMEOUT,
                text=f"not called: the {seconds} for all calls were spent",
            )
        )

    def result(self) -> tuple[Observation, ...]:
        return tuple(self._found[index] for index in range(self._n_calls))

    def _observe(self, index: int, kind: str, text: str) -> None:
        observation = Observation(kind=_kind(kind), text=text)
        if index == IMPORT:
            # Another child would fail in the same way.
            self._give_up(observation)
        elif 0 <= index < self._n_calls:
            self._found.setdefault(index, observation)

    def _note_death(self, attempt: Attempt, index: int) -> None:
        self._n_deaths += 1
        cause = cause_of_death(attempt, self._limits)
        word = {CaseStatus.TIMEOUT: "timeout", CaseStatus.MEMORY: "memory"}
        self._observe(index, word.get(cause.status, "crash"), cause.reason)

    def _stop_if_hopeless(self, attempt: Attempt, *, progress: bool) -> None:
        timeouts = [
            observation
            for observation in self._found.values()
            if observation.kind is ObservationKind.TIMEOUT
        ]
        if attempt.stop is Stop.WALL:
            self.run_out_of_time()
        elif len(timeouts) >= MAX_TIMEOUTS:
            self._give_up(
                Observation(
                    kind=ObservationKind.TIMEOUT,
                    text=f"not called: {len(timeouts)} calls ran into their limit",
                )
            )
        elif self._n_deaths >= MAX_DEATHS or not progress:
            self._give_up(
                Observation(
                    kind=ObservationKind.CRASH,
                    text=f"not called: {self._n_deaths} calls ended the interpreter",
                )
            )

    def _give_up(self, observation: Observation) -> None:
        self.finished = True
        for index in self.remaining:
            self._found[index] = observation


def _kind(word: str) -> ObservationKind:
    try:
        return ObservationKind(word)
    except ValueError:
        return ObservationKind.OPAQUE
