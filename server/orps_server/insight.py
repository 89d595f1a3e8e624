"""What a second look at a finished search shows: who disagrees, what tests leave open."""

from dataclasses import dataclass
from pathlib import Path

from orps_search.distinguish import Comparison, Question
from orps_search.problem import Problem
from orps_search.strength import Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    problem: Problem
    root: Path
    """That the paths of the problem are relative to."""
    comparison: Comparison
    strength: Strength | None
    """Of the tests, by changes of the best candidate."""

    @property
    def question(self) -> Question | None:
        return self.comparison.question
