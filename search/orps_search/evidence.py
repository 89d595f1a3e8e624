"""What candidates that pass every test are compared by, in tiers below the tests; pure.

The tests of a person (U) decide alone what passes. Below them come the examples that a
docstring gives in passing (E) and, for a target that is implemented already, what its
present body does (R): a candidate that keeps more of both is ranked before one that
keeps less. What candidates do on further calls is compared among them only; tests that
a model wrote (G), where somebody wants these, weigh in there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orps_search.inputs import calls_to_observe
from orps_search.inputs.examples import example_checks
from orps_search.problem import Problem

_NO_VALUE = ("!", "?")
"""How outputs begin that nobody has to keep: see `orps_search.selection.outputs`."""
_TRUE = "True"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    calls: tuple[str, ...] = ()
    """Harvested and generated ones; what they give is a candidate's behavior."""
    examples: tuple[str, ...] = ()
    """Expressions that are true if the docstring is (E)."""
    present: tuple[str, ...] = ()
    """What the body that was there before gives on each call (R); empty for stubs,
    and for bodies that fail a test, since that is what is to change."""

    generated: tuple[str, ...] = ()
    """Tests that a model wrote (G): what it thinks is true, and often is not."""

    @property
    def expressions(self) -> tuple[str, ...]:
        """All that is observed of a candidate, in this order."""
        return (*self.calls, *self.examples, *self.generated)

    def with_present(self, outputs: tuple[str, ...]) -> "Evidence":
        return replace(self, present=outputs)

    def with_generated(self, expressions: tuple[str, ...]) -> "Evidence":
        return replace(self, generated=expressions)

    def outputs(self, seen: Sequence[str]) -> tuple[str, ...]:
        """What a candidate did on the calls, out of all that was observed."""
        return tuple(seen[: len(self.calls)])

    def kept(self, seen: Sequence[str]) -> float | None:
        """The share of E and R that holds; `None` where there is nothing of them."""
        if not seen:
            return None
        end = len(self.calls) + len(self.examples)
        held = [said == _TRUE for said in seen[len(self.calls) : end]]
        held += [
            now == before
            for now, before in zip(self.outputs(seen), self.present, strict=False)
            if not before.startswith(_NO_VALUE)
        ]
        return sum(held) / len(held) if held else None

    def held(self, seen: Sequence[str]) -> tuple[bool, ...]:
        """Which of G hold."""
        start = len(self.calls) + len(self.examples)
        return tuple(said == _TRUE for said in seen[start:])


NO_EVIDENCE = Evidence()


def evidence_of(
    problem: Problem, *, seed: int = 0, limit: int | None = None
) -> Evidence:
    """Of a problem, before anything was run; the same seed gives the same."""
    bound = {} if limit is None else {"limit": limit}
    calls = calls_to_observe(problem, seed=seed, **bound)
    return Evidence(calls=calls, examples=example_checks(problem) if limit != 0 else ())
