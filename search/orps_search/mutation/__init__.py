"""One mutation engine: edits of source text at the nodes of its syntax tree.

operator.py      what an edit does, in one word
edits.py         text, tree, and edits that leave the rest byte for byte
scope.py         what the names of a function seem to hold
symbols.py, amounts.py, names.py, statements.py, removals.py, outcomes.py
the faults that people make
exchanges.py, renamings.py, alternatives.py, missing.py, arguments.py, clauses.py,
insertions.py, copies.py
what is likelier the repair of a fault than a fault
refactorings.py  changes that keep behavior
steps.py         a function as a sequence of statements
engine.py        all of it -> mutants, in an order that a seed decides
"""

from orps_search.mutation.edits import Edit, Source, applied, sources_of
from orps_search.mutation.engine import Mutant, edits_of, mutants
from orps_search.mutation.operator import MUTATIONS, REFACTORINGS, REPAIRS, Operator
from orps_search.mutation.steps import Step, step_at, steps_of

__all__ = [
    "MUTATIONS",
    "REFACTORINGS",
    "REPAIRS",
    "Edit",
    "Mutant",
    "Operator",
    "Source",
    "Step",
    "applied",
    "edits_of",
    "mutants",
    "sources_of",
    "step_at",
    "steps_of",
]
