"""Which tests of a file can judge the target."""

from pathlib import Path

from support.projects import chosen, discovered, project

STACK = """\
    class Stack:
        def __init__(self): self.items = []
        def push(self, item): ...
        def pop(self): ...
        def __len__(self): return len(self.items)

    class Queue:
        def push(self, item): return None

    def filled(n):
        stack = Stack()
        for i in range(n):
            stack.push(i)
        return stack
    """


def ids(root: Path, where: str) -> set[str]:
    return {node_id.partition("::")[2] for node_id in chosen(root, where)}


def test_methods_are_recognized_by_their_owner(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": STACK,
            "test_stack.py": """\
                from stack import Queue, Stack

                def test_push(): Stack().push(1)
                def test_queue(): Queue().push(1)
                def test_pop(): Stack().pop()
                def test_len(): assert len(Stack()) == 0
                """,
        },
    )
    assert ids(root, "stack.py::Stack.push") == {"test_push"}
    assert ids(root, "stack.py::Stack.pop") == {"test_pop"}
    assert ids(root, "stack.py::Stack") == {"test_push", "test_pop", "test_len"}
    assert ids(root, "stack.py::Stack.__len__") >= {"test_len"}


def test_the_way_may_lead_through_the_module_and_through_fixtures(
    tmp_path: Path,
) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": STACK,
            "conftest.py": """\
                import pytest
                from stack import Stack

                @pytest.fixture
                def stack(): return Stack()

                @pytest.fixture
                def unrelated(): return 1
                """,
            "test_stack.py": """\
                import pytest
                import stack as module

                EXAMPLES = [module.filled(2)]

                def check(n):
                    assert len(module.filled(n)) == n

                @pytest.fixture
                def full(): return module.filled(3)

                def test_fixture(stack): stack.push(1)
                def test_helper(): check(3)
                def test_own_fixture(full): assert full
                @pytest.mark.usefixtures("full")
                def test_marked(): pass
                @pytest.mark.parametrize("example", EXAMPLES)
                def test_parameters(example): assert example
                def test_getattr(stack): getattr(stack, "push")(1)
                def test_unrelated(unrelated): assert unrelated
                """,
        },
    )
    assert ids(root, "stack.py::Stack.push") == {
        "test_fixture",
        "test_helper",
        "test_own_fixture",
        "test_marked",
        "test_parameters",
        "test_getattr",
    }
    sources = discovered(root, "stack.py::Stack.push").sources
    assert set(sources) == {"test_stack.py", "conftest.py"}


def test_a_file_may_know_the_module_through_its_conftest_alone(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": STACK,
            "tests/conftest.py": """\
                import pytest
                from stack import Stack

                @pytest.fixture
                def full(): return Stack()
                """,
            "tests/test_a.py": """\
                def test_push(full): full.push(1)
                def test_else(): [].push(1)
                """,
        },
    )
    assert ids(root, "stack.py::Stack.push") == {"test_push"}


def test_classes_of_unittest_and_pytest_with_their_set_up(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": STACK,
            "test_stack.py": """\
                import unittest
                import pytest
                from stack import Stack

                class Base(unittest.TestCase):
                    def setUp(self): self.stack = Stack()
                    def test_inherited(self): self.put(1)
                    def put(self, item): self.stack.push(item)

                class Derived(Base):
                    def test_own(self): self.stack.push(2)
                    def helper(self): pass

                class TestPlain:
                    @pytest.fixture(autouse=True)
                    def prepare(self): self.stack = Stack()
                    def test_push(self): self.stack.push(3)
                    def check_push(self): self.stack.push(3)
                    class TestInner:
                        def test_deep(self): Stack().push(4)

                class Helper:
                    def test_not_collected(self): Stack().push(5)
                """,
        },
    )
    assert ids(root, "stack.py::Stack.push") == {
        "Base::test_inherited",
        "Derived::test_inherited",
        "Derived::test_own",
        "TestPlain::test_push",
        "TestPlain::TestInner::test_deep",
    }


def test_what_needs_other_stubs_is_left_out_and_said(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": STACK,
            "test_stack.py": """\
                from stack import Stack

                def test_push(): Stack().push(1)
                def test_both():
                    stack = Stack()
                    stack.push(1)
                    assert stack.pop() == 1
                """,
        },
    )
    found = discovered(root, "stack.py::Stack.push")
    assert found.selection.node_ids == ("test_stack.py::test_push",)
    assert found.notes == ("left out 1 test that needs other stubs: Stack.pop",)
    everything = discovered(root, "stack.py::Stack.pop")
    assert everything.selection.node_ids == ("test_stack.py::test_both",)
    assert everything.notes == ("every test also needs other stubs: Stack.push",)


def test_a_stub_that_builds_the_object_is_needed_by_all(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stack.py": "class S:\n    def __init__(self): ...\n    def push(self): ...\n",
            "test_s.py": "from stack import S\ndef test_a(): S().push()\ndef test_b(): S()\n",
        },
    )
    assert ids(root, "stack.py::S.push") == {"test_a"}
    assert ids(root, "stack.py::S.__init__") == {"test_b"}


def test_names_made_up_at_run_time_are_given_the_benefit_of_the_doubt(
    tmp_path: Path,
) -> None:
    root = project(
        tmp_path,
        {
            "stats.py": "def median(values): ...\ndef mode(values): return 1\n",
            "test_stats.py": """\
                import pytest, stats

                @pytest.mark.parametrize("name", ["medi" + "an"])
                def test_all(name): assert getattr(stats, name)([1])
                def test_mode(): stats.mode([])
                """,
        },
    )
    assert ids(root, "stats.py::median") == {"test_all"}


def test_a_broken_neighbor_does_not_hide_tests(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stats.py": "def bad(:\n    pass\n\ndef median(values): ...\n",
            "test_stats.py": "from stats import median\ndef test_it(): median([])\ndef half(",
        },
    )
    assert ids(root, "stats.py::median") == {"test_it"}


def test_the_model_sees_what_is_needed_of_a_long_file(tmp_path: Path) -> None:
    padding = "\n".join(
        f"def test_other_{i}():\n    assert {i} == {i}\n" for i in range(200)
    )
    text = (
        "import os\nfrom stats import median\n\nLIMIT = 3\nUNUSED = 4\n\n"
        "def check(values):\n    assert median(values) < LIMIT\n\n"
        f"{padding}\n\ndef test_it():\n    check([1])\n"
    )
    root = project(tmp_path, {"stats.py": "def median(values): ...\n"})
    (root / "test_stats.py").write_text(text)
    shown = discovered(root, "stats.py::median").sources["test_stats.py"]
    for word in ("import os", "LIMIT = 3", "def check", "def test_it"):
        assert word in shown
    assert "test_other" not in shown
    assert "UNUSED" not in shown


def test_a_test_that_is_too_long_is_cut(tmp_path: Path) -> None:
    lines = "\n".join(f"    assert median([{i}]) == {i}" for i in range(2000))
    root = project(tmp_path, {"stats.py": "def median(values): ...\n"})
    (root / "test_a.py").write_text(
        f"from stats import median\ndef test_it():\n{lines}\n"
    )
    shown = discovered(root, "stats.py::median").sources["test_a.py"]
    assert len(shown) < 17_000
    assert shown.endswith("# The rest is left out.\n")
