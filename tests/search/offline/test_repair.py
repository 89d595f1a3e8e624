"""One wrong token is found among the likeliest edits, and nothing else changes."""

import pytest

from orps_search.execution import normal_form
from orps_search.mutation.edits import applied, parsed
from orps_search.mutation.symbols import operator_edits
from orps_search.offline.repair import repairs_of
from support.offline import first, offline_problem
from support.searching import outcome

SEARCH = """\
def find(items, wanted):
    low, high = 0, len(items) - 1
    while low <= high:  # both ends count
        middle = (low + high) // 2
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1
"""
FACTORIAL = """\
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)
"""
COMMON = """\
def common(left, right: str):
    found = []
    for item in left:
        if item in right and item not in found:
            found.append(item)
    return found
"""
MEAN = """\
def mean(items):
    if not items:
        return 0
    return sum(items) / len(items)
"""
CLEAN = """\
def clean(größe):
    größe = größe.strip()
    return größe.lower().split(",")
"""

REACH = """\
def reach(graph, start):
    queue, seen = [start], set()
    while queue:
        node = queue.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        queue.extend(graph[node])
    return seen
"""
PREFIXES = """\
def prefixes(items):
    if items:
        shorter = prefixes(items[:-1])
        return shorter + [list(items)]
    return [[]]
"""
LONGEST = """\
def longest(left, right):
    table = {}
    best = 0
    for i in range(len(left)):
        for j in range(len(right)):
            if left[i] == right[j]:
                table[i, j] = table.get((i - 1, j - 1), 0) + 1
                best = max(best, table[i, j])
    return best
"""
LEAVES = """\
def leaves(tree):
    for each in tree:
        if isinstance(each, list):
            yield from leaves(each)
        else:
            yield each
"""

BUGS = [
    (REACH, "while queue", "while True"),
    (REACH, "        seen.add(node)\n", ""),
    (REACH, "node is None or ", ""),
    (REACH, "return seen", "return queue"),
    (PREFIXES, "return [[]]", "return []"),
    (PREFIXES, "items[:-1]", "items"),
    (LONGEST, "(i - 1, j - 1)", "(i - 1, j)"),
    (LONGEST, "max(best, table[i, j])", "table[i, j]"),
    (LONGEST, "table[i, j])", "table[j, i])"),
    (LEAVES, "yield from leaves(each)", "yield leaves(each)"),
    (LEAVES, "yield from leaves(each)", "yield from each"),
    (LEAVES, "            yield each", "            yield from each"),
    (SEARCH, "low <= high", "low < high"),
    (SEARCH, "low = middle + 1", "low = middle + 2"),
    (SEARCH, "high = middle - 1", "high = middle"),
    (SEARCH, "< wanted", "> wanted"),
    (SEARCH, "return -1", "return 1"),
    (SEARCH, "len(items) - 1", "len(items)"),
    (FACTORIAL, "n * factorial", "n + factorial"),
    (FACTORIAL, "return 1\n", "return 0\n"),
    (FACTORIAL, "(n - 1)", "(n - 2)"),
    (COMMON, " not in found", " in found"),
    (COMMON, "and", "or"),
    (COMMON, "found.append", "found.remove"),
    (COMMON, "return found", "return left"),
    (COMMON, "    return found", "        return found"),
    (MEAN, "    if not items:\n        return 0\n", ""),
    (MEAN, "if not items", "if items"),
    (MEAN, "/ len", "// len"),
    (CLEAN, "größe = größe.strip()", "größe.strip()"),
    (CLEAN, ".lower()", ".upper()"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), BUGS)
def test_a_single_mistake_is_among_the_first_edits(text: str, right: str, wrong: str):
    assert right in text
    broken = text.replace(right, wrong, 1)
    name = text.partition("(")[0].removeprefix("def ")
    given = offline_problem(broken, name, "def test():\n    assert mean([]) == 0\n")
    proposals = first(repairs_of(broken, given, outcome=None, seed=0), 150)
    assert normal_form(text) in {normal_form(each.code) for each in proposals}


@pytest.mark.parametrize("text", [SEARCH, FACTORIAL, COMMON, MEAN, CLEAN])
def test_an_edit_leaves_the_rest_alone(text: str):
    source = parsed(text)
    assert source is not None
    edits = list(operator_edits(source))
    assert edits or text is CLEAN
    for edit in edits:
        changed = applied(text, edit)
        assert changed.startswith(text[: edit.start])
        assert changed.endswith(text[edit.end :])


def test_comments_survive():
    given = offline_problem(SEARCH, "find", "")
    for proposal in first(repairs_of(SEARCH, given, outcome=None, seed=0), 30):
        assert "# both ends count" in proposal.code


def test_the_likeliest_edits_come_first():
    broken = SEARCH.replace("low <= high", "low < high")
    given = offline_problem(broken, "find", "")
    codes = [
        each.code for each in first(repairs_of(broken, given, outcome=None, seed=0), 10)
    ]
    assert SEARCH in codes


def test_an_index_error_points_at_bounds():
    text = "def last(items):\n    count = len(items) + 0\n    return items[count]\n"
    given = offline_problem(text, "last", "")
    failed = outcome(False, message="IndexError: list index out of range")
    blind = [e.code for e in first(repairs_of(text, given, outcome=None, seed=0), 40)]
    told = [e.code for e in first(repairs_of(text, given, outcome=failed, seed=0), 40)]
    repaired = text.replace("[count]", "[count - 1]")
    assert told.index(repaired) <= blind.index(repaired)


def test_a_seed_changes_only_the_order():
    given = offline_problem(MEAN, "mean", "")
    zero = [e.code for e in first(repairs_of(MEAN, given, outcome=None, seed=0), 999)]
    seven = [e.code for e in first(repairs_of(MEAN, given, outcome=None, seed=7), 999)]
    assert sorted(zero) == sorted(seven)
    assert zero != seven


def test_what_does_not_parse_has_no_repairs():
    given = offline_problem(MEAN, "mean", "")
    assert first(repairs_of("def mean(:\n", given, outcome=None, seed=0), 1) == []
