"""Tests and docstrings are understood as examples without being run."""

import pytest

from orps_search.offline.example import Raises, Returns
from support.offline import examples, reading

STUB = "def f(a, b=7):\n    ...\n"
CLASS = """\
class Account:
    RATE = 3

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount

    def can_pay(self, amount):
        ...
"""


def pairs(tests: str, text: str = STUB, qualname: str = "f") -> list[object]:
    return [
        (dict(each.variables), each.expectation.value)
        for each in examples(text, qualname, tests)
        if isinstance(each.expectation, Returns)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "assert f(1, 2) == 3",
        "assert 3 == f(1, 2)",
        "assert f(a=1, b=2) == 1 + 2",
        "x = 1\n    assert f(x, 2 * x) == 3",
        "result = f(1, 2)\n    assert result == 3",
        "expected = 3\n    assert f(*[1, 2]) == expected",
        "assert asyncio.run(f(1, 2)) == 3",
        "assert m.f(1, 2) == 3",
        "assert (f(1, 2)) is 3",
    ],
)
def test_one_call_one_example(line: str):
    found = pairs(f"import asyncio, m\n\ndef test():\n    {line}\n")
    assert found == [({"a": 1, "b": 2}, 3)]


def test_defaults_are_bound():
    assert pairs("def test():\n    assert f(1) == 8\n") == [({"a": 1, "b": 7}, 8)]


def test_aliases_are_followed():
    tests = "from m import f as g\ndef test():\n    assert g(1, 2) == 3\n"
    assert pairs(tests) == [({"a": 1, "b": 2}, 3)]


def test_truth_is_an_example_seen_through_bool():
    tests = (
        "def test():\n    assert f(1)\n    assert not f(2)\n    assert f(3) is True\n"
    )
    found = [each.expectation for each in examples(STUB, "f", tests)]
    assert found == [
        Returns(value=True, views=("bool",)),
        Returns(value=False, views=("bool",)),
        Returns(value=True),
    ]


def test_parametrized_tests_give_an_example_for_each_set():
    tests = """\
import pytest

@pytest.mark.parametrize("b", [10, 20])
@pytest.mark.parametrize(("a", "expected"), [(1, 2), pytest.param(3, 4, id="x")])
def test(a, b, expected: Any):
    assert f(a, b) == expected
"""
    found = pairs(tests)
    assert len(found) == 4
    assert ({"a": 3, "b": 20}, 4) in found


def test_each_part_of_a_conjunction_is_an_example():
    tests = "def test():\n    assert f(1) == 2 and f(3) == 4\n"
    assert pairs(tests) == [({"a": 1, "b": 7}, 2), ({"a": 3, "b": 7}, 4)]


def test_loops_over_literals_are_unrolled():
    tests = "def test():\n    for x, y in [(1, 2), (3, 4)]:\n        assert f(x) == y\n"
    assert pairs(tests) == [({"a": 1, "b": 7}, 2), ({"a": 3, "b": 7}, 4)]


@pytest.mark.parametrize(
    ("line", "tolerance"),
    [
        ("assert f(1) == pytest.approx(0.5)", 1e-6),
        ("assert abs(f(1) - 0.5) < 0.01", 0.01),
        ("assert math.isclose(f(1), 0.5)", 1e-6),
        ("assert round(f(1), 2) == 0.5", 0.005),
    ],
)
def test_tolerances(line: str, tolerance: float):
    (found,) = examples(STUB, "f", f"def test():\n    {line}\n")
    assert isinstance(found.expectation, Returns)
    assert found.expectation.tolerance == pytest.approx(tolerance)
    assert found.expectation.agrees(0.5 + tolerance / 2)
    assert not found.expectation.agrees(0.6)


def test_a_view_is_applied_before_comparing():
    (found,) = examples(STUB, "f", "def test():\n    assert set(f(1)) == {1, 2}\n")
    assert isinstance(found.expectation, Returns)
    assert found.expectation.agrees([2, 1, 1])
    assert not found.expectation.agrees([1])


def test_one_is_not_true():
    assert not Returns(value=True).agrees(1)
    assert Returns(value=1).agrees(1.0)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("with pytest.raises(ValueError):\n        f(0)", ""),
        ('with pytest.raises(ValueError, match="no data"):\n        f(0)', "no data"),
        ('with pytest.raises(ValueError, match="a.*b"):\n        f(0)', ""),
        ("with pytest.raises(m.errors.ValueError):\n        x = f(0)", ""),
    ],
)
def test_expected_failures(lines: str, message: str):
    (found,) = examples(STUB, "f", f"def test():\n    {lines}\n")
    assert found.expectation == Raises(exception="ValueError", message=message)


def test_unittest_methods_with_set_up():
    tests = """\
import unittest
from m import Account

class AccountTest(unittest.TestCase):
    def setUp(self):
        self.account = Account("Ann", balance=5)

    def test_it(self):
        self.assertTrue(self.account.can_pay(5))
        self.assertEqual(Account("Bob").can_pay(1), False)
        self.assertIsNone(self.account.can_pay(None), "why")
"""
    found = pairs(tests, CLASS, "Account.can_pay")
    ann = {"self.RATE": 3, "self.owner": "Ann", "self.balance": 5}
    bob = {"self.RATE": 3, "self.owner": "Bob", "self.balance": 0}
    assert found == [
        ({**ann, "amount": 5}, True),
        ({**bob, "amount": 1}, False),
        ({**ann, "amount": None}, None),
    ]


def test_simple_methods_are_followed():
    tests = """\
def test():
    account = Account("Ann")
    account.deposit(8)
    assert account.can_pay(8)
"""
    (found,) = examples(CLASS, "Account.can_pay", tests)
    assert found.variables["self.balance"] == 8


def test_an_object_that_cannot_be_followed_gives_no_example():
    text = CLASS.replace("self.balance += amount", "send(self, amount)")
    tests = """\
def test():
    account = Account("Ann")
    account.deposit(8)
    assert account.can_pay(8)
"""
    found = reading(text, "Account.can_pay", tests)
    assert found.examples == ()
    assert found.n_not_understood == 1


def test_fixtures_of_the_file():
    tests = """\
import pytest

@pytest.fixture
def account():
    return Account("Ann", 2)

def test(account):
    assert account.can_pay(1)
"""
    (found,) = examples(CLASS, "Account.can_pay", tests)
    assert found.variables["self.balance"] == 2


def test_doctests():
    text = 'def f(a, b=7):\n    """Add.\n\n    >>> f(1)\n    8\n    >>> f("x")\n    Traceback (most recent call last):\n    TypeError: no text\n    """\n'
    found = examples(text, "f", "")
    assert [each.expectation for each in found] == [
        Returns(value=8),
        Raises(exception="TypeError", message="no text"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "assert f(open('x')) == 1",
        "assert f(1) == compute()",
        "assert f(random.random()) > 3",
        "assert f(1, 2, 3) == 1",
        "assert f(1)[0] == 2",
        "assert f('x' * 10**9) == 1",
    ],
)
def test_what_cannot_be_told_is_counted_not_guessed(line: str):
    found = reading(STUB, "f", f"def test():\n    {line}\n")
    assert found.examples == ()
    assert found.n_not_understood == 1


def test_a_test_file_that_does_not_parse_is_left_out():
    assert examples(STUB, "f", "def test(:\n") == ()
