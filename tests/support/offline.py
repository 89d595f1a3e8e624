"""Problems for the offline proposer, and a judge that needs no sandbox.

The judge runs only programs that these tests wrote or that were synthesized from
them, so it may run them in the tests' own process.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from orps_search.offline.example import Example
from orps_search.offline.reading.reader import Reading, read_examples
from orps_search.offline.reading.subject import subject_of
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from support.placing import placed
from support.searching import problem


def offline_problem(text: str, qualname: str, tests: str) -> Problem:
    return problem(text, qualname, test_sources={"test_m.py": tests})


def reading(text: str, qualname: str, tests: str) -> Reading:
    given = offline_problem(text, qualname, tests)
    subject = subject_of(given)
    assert subject is not None
    return read_examples(given, subject)


def examples(text: str, qualname: str, tests: str) -> tuple[Example, ...]:
    return reading(text, qualname, tests).examples


def first(stream: Iterable[Proposal | None], count: int) -> list[Proposal]:
    proposals = (each for each in stream if each is not None)
    return list(islice(proposals, count))


def called(given: Problem, code: str) -> Any:
    """The function as it would be in its module with the code in place."""
    text = placed(given.module_text, given.target.qualname, code)
    namespace: dict[str, Any] = {}
    exec(compile(text, "m.py", "exec"), namespace)
    found: Any = namespace[given.target.qualname.partition(".")[0]]
    for name in given.target.qualname.split(".")[1:]:
        found = getattr(found, name)
    return found


def bodies(proposals: Iterable[Proposal]) -> Iterator[str]:
    """The last line of each, which says enough."""
    for proposal in proposals:
        yield proposal.code.strip().splitlines()[-1].strip()
