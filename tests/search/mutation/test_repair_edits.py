"""What a line may lack or confuse: the right text is one edit away from the wrong one."""

import ast

import pytest

from orps_search.mutation import applied, edits_of, sources_of
from orps_search.mutation.scope import scope_of

PAIRS = (
    # confused
    ("count = 1", "count += 1"),
    ("table[i][j] = table[j][i - 1]", "table[i][j] = table[i][j - 1]"),
    ("row.extend([count] * value)", "row.extend([value] * count)"),
    ("i += 1", "j += 1"),
    ("left.size += right.size", "right.size += left.size"),
    ("heap.pop()", "heappop(heap)"),
    ("heappush(heap, x)", "heappushpop(heap, x)"),
    ("n -= base", "n //= base"),
    ("node = node.after", "node = node.after.after"),
    ("step = (0, 1)", "step = (0, -1)"),
    ("total = total + x", "total = total + row[x]"),
    ("place = place % n", "place = place % len(row)"),
    ("return total", "return None"),
    # lacking
    ("return len(row)", "return len(row) or len(other)"),
    ("ordered = sorted(row)", "ordered = sorted(row, key=len)"),
    ("ordered = sorted(row)", "ordered = sorted(row, reverse=True)"),
    ("best = max(x for x in row)", "best = max((x for x in row), default=0)"),
    ("x = row.pop()", "x = row.pop(n)"),
    ("apply(x)", "row.append(apply(x))"),
    ("error = x - total ** 2", "error = abs(x - total ** 2)"),
    ("row[-1] = (row[0], x)", "row[-1] = (row[0], max(row[-1][1], x))"),
    ("count, n = n, x", "count, n = n, min(n, x)"),
    ("table[0][j] = 0", "table[0][j] = j"),
    ("x = row[n]", "x = row[i - n]"),
    ("row = other", "row = other[::-1]"),
    ("row = [x for x in row]", "row = [x for x in row][::-1]"),
    ("if row[i] == x: pass", "if i < len(row) and row[i] == x: pass"),
    ("if row[i] == x: pass", "if i >= 0 and row[i] == x: pass"),
    ("if x not in seen: pass", "if x not in seen: pass\n    seen.add(x)"),
    (
        "while n > 0:\n        total += n",
        "while n > 0:\n        total += n\n        n -= 1",
    ),
)

WHOLE = """\
from heapq import heapify, heappop, heappush, heappushpop


def target(row, other, n, base, node, left, right, table, heap, x):
    total = 0
    i = j = count = value = place = 0
    seen = set()
    row.append(other[0])
    heap.append(table[i])
    if i < n or j < n: pass
    n = n - 1
    {}
    return seen, total, node.after, left.size, apply
"""


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_the_right_line_is_one_edit_away(wrong: str, right: str):
    wanted = _forms(WHOLE.format(right))
    [source] = sources_of(WHOLE.format(wrong), "target")
    made = {
        form for edit in edits_of(source) for form in _forms(applied(source.text, edit))
    }
    assert wanted & made


def test_a_statement_of_a_sibling_method_may_be_missing():
    text = """\
class Cache:
    def put(self, key, value):
        self.kept[key] = value
        self.kept.move_to_end(key)

    def get(self, key):
        return self.kept[key]
"""
    wanted = text.replace(
        "        return", "        self.kept.move_to_end(key)\n        return"
    )
    [source] = sources_of(text, "Cache.get")
    assert wanted in {applied(text, edit) for edit in edits_of(source)}


def test_what_is_never_read_is_noticed():
    [source] = sources_of("def f(row, size):\n    kept = row\n    return row\n", "f")
    assert scope_of(source).unread == {"size", "kept"}


def _forms(text: str) -> set[str]:
    try:
        return {ast.dump(ast.parse(text))}
    except SyntaxError:
        return set()
