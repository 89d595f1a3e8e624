"""Which one did you mean? Inputs on which candidates that pass every test disagree.

Tests leave behavior open, and candidates fill it in differently. A short call on which
they differ is a question that only the person can answer, and its answer is a test.

edges.py         literals of a call at their limits, and simpler ones
answers.py       what a candidate gives for a call, in words and as source text
groups.py        candidates by behavior, the likeliest group first
question.py      which call to ask about
compare.py       all of it on executed candidates
added_test.py    the answer as a test, in the style of the file that it is added to
"""

from orps_search.distinguish.added_test import AddedTest, added_test
from orps_search.distinguish.answers import Answer
from orps_search.distinguish.compare import Comparison, compare
from orps_search.distinguish.groups import Group
from orps_search.distinguish.question import Question

__all__ = [
    "AddedTest",
    "Answer",
    "Comparison",
    "Group",
    "Question",
    "added_test",
    "compare",
]
