"""The answer as a test, in the style of its file."""

import textwrap

import pytest

from orps_search.distinguish.added_test import added_test
from orps_search.distinguish.answers import Answer

RAISES = Answer(words="raises ValueError", exception="ValueError")


def returns(value: str) -> Answer:
    return Answer(words=f"returns {value}", value=value)


def check(
    before: str,
    answer: Answer,
    after: str,
    *,
    call: str = "median([])",
    path: str = "src/shop/stats.py",
) -> None:
    text = textwrap.dedent(before)
    added = added_test(
        "tests/test_stats.py",
        text,
        module_path=path,
        qualname="median",
        call=call,
        answer=answer,
    )
    assert added is not None
    assert added.applied(text) == textwrap.dedent(after)
    compile(added.applied(text), "test_stats.py", "exec")


def test_a_function_with_an_assertion() -> None:
    check(
        """\
        from shop.stats import median as middle


        def test_one():
            assert middle([1]) == 1
        """,
        returns("0"),
        """\
        from shop.stats import median as middle


        def test_one():
            assert middle([1]) == 1


        def test_median_chosen_1():
            assert middle([]) == 0
        """,
    )


def test_an_exception_needs_pytest() -> None:
    check(
        """\
        from shop import stats

        def test_one():
            assert stats.median([1]) == 1
        """,
        RAISES,
        """\
        from shop import stats
        import pytest

        def test_one():
            assert stats.median([1]) == 1


        def test_median_chosen_1():
            with pytest.raises(ValueError):
                stats.median([])
        """,
    )


def test_a_method_of_the_suite() -> None:
    check(
        '''\
        """Tests."""
        import unittest
        import shop.stats


        class StatsTest(unittest.TestCase):
          def test_one(self):
            self.assertEqual(shop.stats.median([1]), 1)


        if __name__ == "__main__":
            unittest.main()
        ''',
        RAISES,
        '''\
        """Tests."""
        import unittest
        import shop.stats


        class StatsTest(unittest.TestCase):
          def test_one(self):
            self.assertEqual(shop.stats.median([1]), 1)

          def test_median_chosen_1(self):
            with self.assertRaises(ValueError):
              shop.stats.median([])


        if __name__ == "__main__":
            unittest.main()
        ''',
    )


def test_names_that_the_file_does_not_know_are_imported() -> None:
    check(
        "from shop.stats import mean\n",
        returns("None"),
        """\
        from shop.stats import mean
        from shop.stats import median


        def test_median_chosen_1():
            assert median([]) is None
        """,
    )


def test_a_second_answer_and_a_file_without_a_last_line_end() -> None:
    check(
        "from stats import median\n\n\ndef test_median_chosen_1():\n    pass",
        returns("[1, 2]"),
        """\
        from stats import median


        def test_median_chosen_1():
            pass


        def test_median_chosen_2():
            assert median(sorted([2, 1])) == [1, 2]
        """,
        call="median(sorted([2, 1]))",
        path="stats.py",
    )


def test_the_line_ends_of_the_file() -> None:
    text = "from m import f\r\n"
    added = added_test(
        "t.py",
        text,
        module_path="m.py",
        qualname="f",
        call="f(1)",
        answer=returns("2"),
    )
    assert added is not None
    assert "\n" not in added.applied(text).replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "call", "answer"),
    [
        ("def broken(:\n", "f(1)", returns("2")),
        ("", "f(1)", Answer(words="does not end in time")),
        ("", "(lambda: f(1))()", returns("2")),
    ],
)
def test_what_cannot_be_a_test(text: str, call: str, answer: Answer) -> None:
    added = added_test(
        "t.py", text, module_path="m.py", qualname="f", call=call, answer=answer
    )
    assert added is None
