import pytest
from sequences import fibonacci, running_maximum


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 0), (1, 1), (2, 1), (3, 2), (7, 13), (10, 55)]
)
def test_fibonacci(n, expected):
    assert fibonacci(n) == expected


def test_running_maximum():
    assert running_maximum([]) == []
    assert running_maximum([3, 1, 4, 1, 5]) == [3, 3, 4, 4, 5]
    assert running_maximum([2, 2, 9, 0]) == [2, 2, 9, 9]
