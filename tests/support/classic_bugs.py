"""Classic algorithms with one wrong line each, and tests that a person would write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    name: str
    right: str
    change: tuple[str, str]
    """A part of the right text, and what the wrong text has in its place."""
    checks: tuple[str, ...]

    @property
    def wrong(self) -> str:
        before, after = self.change
        assert self.right.count(before) == 1, self.name
        return self.right.replace(before, after)

    @property
    def tests(self) -> str:
        cases = "".join(
            f"def test_{number}():\n    assert {check}\n\n"
            for number, check in enumerate(self.checks)
        )
        return f"from m import {self.name}\n\n\n{cases}"


BUGS = (
    Bug(
        name="place_of",
        right="""\
def place_of(wanted, row):
    def between(low, high):
        if low == high:
            return -1
        middle = low + (high - low) // 2
        if wanted < row[middle]:
            return between(low, middle)
        if wanted > row[middle]:
            return between(middle + 1, high)
        return middle

    return between(0, len(row))
""",
        change=("between(middle + 1, high)", "between(middle, high)"),
        checks=(
            "place_of(3, [1, 3, 5]) == 1",
            "place_of(1, [1]) == 0",
            "place_of(9, [1, 3, 5, 7]) == -1",
            "place_of(7, [1, 3, 5, 7]) == 3",
        ),
    ),
    Bug(
        name="common_divisor",
        right="""\
def common_divisor(a, b):
    if b == 0:
        return a
    return common_divisor(b, a % b)
""",
        change=("(b, a % b)", "(a % b, b)"),
        checks=(
            "common_divisor(12, 18) == 6",
            "common_divisor(7, 0) == 7",
            "common_divisor(35, 21) == 7",
        ),
    ),
    Bug(
        name="leaves",
        right="""\
def leaves(tree):
    for each in tree:
        if isinstance(each, list):
            for leaf in leaves(each):
                yield leaf
        else:
            yield each
""",
        change=("            yield each", "            yield leaves(each)"),
        checks=(
            "list(leaves([])) == []",
            "list(leaves([1, [2, [3]], 4])) == [1, 2, 3, 4]",
            "list(leaves(['a', ['b']])) == ['a', 'b']",
        ),
    ),
    Bug(
        name="nth_smallest",
        right="""\
def nth_smallest(row, n):
    pivot = row[0]
    below = [x for x in row if x < pivot]
    above = [x for x in row if x > pivot]
    n_below = len(below)
    n_up_to = len(row) - len(above)
    if n < n_below:
        return nth_smallest(below, n)
    elif n >= n_up_to:
        return nth_smallest(above, n - n_up_to)
    else:
        return pivot
""",
        change=("above, n - n_up_to", "above, n"),
        checks=(
            "nth_smallest([5, 1, 4], 0) == 1",
            "nth_smallest([3, 8, 6, 7, 1], 3) == 7",
            "nth_smallest([2, 2, 9], 2) == 9",
            "nth_smallest([4], 0) == 4",
        ),
    ),
    Bug(
        name="sorted_row",
        right="""\
def sorted_row(row):
    if len(row) <= 1:
        return row
    middle = len(row) // 2
    left, right = sorted_row(row[:middle]), sorted_row(row[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]
""",
        change=("len(row) <= 1", "len(row) == 0"),
        checks=(
            "sorted_row([]) == []",
            "sorted_row([3, 1, 2]) == [1, 2, 3]",
            "sorted_row([5, 5, -1]) == [-1, 5, 5]",
        ),
    ),
    Bug(
        name="is_reachable",
        right="""\
from collections import deque


def is_reachable(graph, start, goal):
    queue, seen = deque([start]), {start}
    while queue:
        node = queue.popleft()
        if node == goal:
            return True
        for following in graph[node]:
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return False
""",
        change=("while queue:", "while True:"),
        checks=(
            "is_reachable({1: [2], 2: []}, 1, 2)",
            "not is_reachable({1: [], 2: []}, 1, 2)",
            "not is_reachable({1: [2], 2: [1], 3: []}, 1, 3)",
        ),
    ),
    Bug(
        name="lines_of",
        right="""\
def lines_of(text, width):
    lines = []
    while len(text) > width:
        end = text.rfind(" ", 0, width + 1)
        if end == -1:
            end = width
        lines.append(text[:end])
        text = text[end:].lstrip()
    lines.append(text)
    return lines
""",
        change=("    lines.append(text)\n", ""),
        checks=(
            "lines_of('', 5) == ['']",
            "lines_of('one two', 4) == ['one', 'two']",
            "lines_of('abcdefgh', 3) == ['abc', 'def', 'gh']",
        ),
    ),
    Bug(
        name="edit_distance",
        right="""\
def edit_distance(left, right):
    if not left or not right:
        return len(left) + len(right)
    if left[0] == right[0]:
        return edit_distance(left[1:], right[1:])
    return 1 + min(
        edit_distance(left, right[1:]),
        edit_distance(left[1:], right),
        edit_distance(left[1:], right[1:]),
    )
""",
        change=("return edit_distance(l", "return 1 + edit_distance(l"),
        checks=(
            "edit_distance('', 'abc') == 3",
            "edit_distance('kitten', 'sitting') == 3",
            "edit_distance('same', 'same') == 0",
        ),
    ),
    Bug(
        name="digits",
        right="""\
def digits(number):
    found = []
    while number > 0:
        found.append(number % 10)
        number = number // 10
    return found[::-1] or [0]
""",
        change=("number = number // 10", "number = number % 10"),
        checks=(
            "digits(0) == [0]",
            "digits(305) == [3, 0, 5]",
            "digits(7) == [7]",
        ),
    ),
    Bug(
        name="best_load",
        right="""\
def best_load(capacity, items):
    table = [0] * (capacity + 1)
    for weight, value in items:
        for room in range(capacity, weight - 1, -1):
            table[room] = max(table[room], table[room - weight] + value)
    return table[capacity]
""",
        change=("range(capacity, weight - 1, -1)", "range(capacity, weight, -1)"),
        checks=(
            "best_load(0, []) == 0",
            "best_load(5, [(5, 10), (4, 8)]) == 10",
            "best_load(10, [(5, 10), (4, 40), (6, 30), (3, 50)]) == 90",
            "best_load(3, [(3, 7)]) == 7",
        ),
    ),
)

TWO_MISTAKES = Bug(
    name="area",
    right="""\
def area(width, height):
    if width < 0:
        return None
    return width * height
""",
    change=(
        "< 0:\n        return None\n    return width *",
        "> 0:\n        return None\n    return width +",
    ),
    checks=("area(3, 4) == 12", "area(-1, 2) is None", "area(5, 1) == 5"),
)
