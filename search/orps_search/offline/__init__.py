"""The embedded default: a program synthesizer behind the seam of the models.

It solves small stubs and one-edit bugs, and says so. It reads tests without running
them, and evaluates only expressions that it built itself from a whitelist; the
sandbox executes what it proposes, like any other candidate.

    reading/         tests and docstrings -> examples
    vocabulary.py    variables and constants -> leaves
    bank.py          leaves and operations -> expressions, bottom-up
    iteration.py     the same inside of loops -> comprehensions
    branching.py     partial solutions and predicates -> decisions and guards
    synthesizer.py   examples -> solutions, simplest first
    repair/          a body that fails -> its likeliest single edits
    programmer.py    solutions and edits -> proposals
"""

from orps_search.offline.critic import OfflineCritic
from orps_search.offline.defaults import OFFLINE_BUDGET, OFFLINE_CONFIG
from orps_search.offline.programmer import OfflineProgrammer

__all__ = [
    "OFFLINE_BUDGET",
    "OFFLINE_CONFIG",
    "OfflineCritic",
    "OfflineProgrammer",
]
