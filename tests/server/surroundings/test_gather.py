"""What of the rest of a project a model is shown."""

from collections.abc import Sequence
from pathlib import Path

from orps_server.disclosure.excludes import DEFAULT_EXCLUDES, excludes
from orps_server.surroundings.asking import Question, gathered
from orps_server.surroundings.piece import rendered
from support.projects import project

MODULE = """\
    from shop.money import Money, rounded
    from shop.rules import Discount

    import os


    class Cart:
        def total(self, discount: Discount) -> Money:
            ...
"""

FILES = {
    "pyproject.toml": "",
    "shop/__init__.py": "",
    "shop/money.py": '''\
        from dataclasses import dataclass


        @dataclass
        class Money:
            """An amount."""

            cents: int

            def plus(self, other: "Money") -> "Money":
                """Add."""
                hidden_body = 1
                return Money(self.cents + other.cents + hidden_body - 1)


        def rounded(amount: Money, to: int = 100) -> Money:
            """Round half up."""
            hidden_body = 2
            return amount


        def unrelated():
            """Nobody uses it."""
    ''',
    "shop/rules.py": '''\
        from shop.kinds import Kind


        class Discount:
            """What is taken off."""

            kind: Kind
            percent: int
    ''',
    "shop/kinds.py": """\
        import enum


        class Kind(enum.Enum):
            LOYAL = "loyal"
    """,
    "shop/checkout.py": """\
        def pay(cart, discount):
            due = cart.total(discount)
            return due
    """,
    "shop/cart.py": MODULE,
    "tests/test_cart.py": """\
        from shop.cart import Cart
        from tests.makers import loyal

        def test_total():
            assert Cart().total(loyal()) is None
    """,
    "tests/__init__.py": "",
    "tests/makers.py": '''\
        def loyal():
            """A discount for the loyal."""
            hidden_body = 3
    ''',
}


async def shown_of(
    root: Path,
    *,
    limit_characters: int = 6000,
    patterns: Sequence[str] = DEFAULT_EXCLUDES,
) -> str:
    project(root, FILES)
    question = Question(
        root=str(root),
        overlay={},
        module_path="shop/cart.py",
        qualname="Cart.total",
        tests=("tests/test_cart.py",),
    )
    pieces = await gathered(
        question,
        limit_characters=limit_characters,
        allowed=excludes(patterns).allows,
    )
    return rendered(pieces)


async def test_what_is_used_is_shown_by_its_promises(tmp_path: Path) -> None:
    shown = await shown_of(tmp_path)
    assert "# shop/money.py" in shown
    assert "def plus(self, other" in shown
    assert "Round half up." in shown
    assert "class Discount" in shown
    assert "hidden_body" not in shown
    assert "unrelated" not in shown


async def test_types_behind_the_types_calls_and_makers_of_tests(tmp_path: Path) -> None:
    shown = await shown_of(tmp_path)
    assert "class Kind" in shown
    assert "due = cart.total(discount)  # in pay()" in shown
    assert "A discount for the loyal." in shown


async def test_the_target_and_its_tests_are_not_shown_twice(tmp_path: Path) -> None:
    shown = await shown_of(tmp_path)
    assert "class Cart" not in shown
    assert "test_total" not in shown


async def test_a_small_limit_keeps_the_weightiest(tmp_path: Path) -> None:
    shown = await shown_of(tmp_path, limit_characters=250)
    assert len(shown) <= 250
    assert "class Discount" in shown
    assert "pay()" not in shown


async def test_excluded_files_are_not_shown(tmp_path: Path) -> None:
    shown = await shown_of(tmp_path, patterns=("money.py", "tests/"))
    assert "Round half up." not in shown
    assert "loyal()" not in shown
    assert "class Discount" in shown


async def test_no_limit_no_work(tmp_path: Path) -> None:
    assert await shown_of(tmp_path, limit_characters=0) == ""
