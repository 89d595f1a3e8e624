"""Inputs on which candidates are told apart, as call expressions in source text.

Tests show how the target is called. Those calls are harvested, and more of their kind
are made from them: arguments are mutated within their types, and where tests show
nothing, annotations say what to make. Each call is one Python expression that can be
evaluated in the namespace of the module under test, without anything of the test file:
`median([3, 1, 2])`, or for objects `(lambda: [*[s := Stack()][1:], s.push(1), s.pop()])()`.

Pure: reads text, runs nothing, and the same seed makes the same calls.
"""

from orps_search.inputs.harvest import harvested
from orps_search.inputs.variants import variants
from orps_search.problem import Problem

DEFAULT_LIMIT = 24


def calls_to_observe(
    problem: Problem, *, seed: int = 0, limit: int = DEFAULT_LIMIT
) -> tuple[str, ...]:
    """The calls that tests make, then generated ones; no call twice.

    At most a third are harvested ones: what tests call, tests judge already.
    """
    found = harvested(problem)
    shown = found[: limit // 3]
    made = variants(problem, found, seed=seed, limit=limit - len(shown))
    return (*shown, *made)
