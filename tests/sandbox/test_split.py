"""What passes between tests and a candidate in another process, type by type.

Each case is judged on both sides: the honest candidate passes, and it does so split.
"""

from pathlib import Path
from textwrap import dedent

import pytest

from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Judge
from support.sandbox_projects import LIMITS, Verdict, run, write_project

MODULE = """
    import asyncio
    import contextlib
    import enum
    import functools
    from collections import namedtuple
    from dataclasses import dataclass, field

    class Color(enum.Enum):
        RED = 1
        BLUE = 2

    class TooFar(ValueError):
        def __init__(self, distance):
            super().__init__(f"{distance} m")
            self.distance = distance

    Pair = namedtuple("Pair", "first second")

    @dataclass
    class Point:
        x: int
        y: int = 0
        tags: list = field(default_factory=list)

    class Stack:
        def __init__(self):
            self.items = []

        def push(self, item):
            raise NotImplementedError

        def pop(self):
            raise NotImplementedError

        def push_all(self, items):
            for item in items:
                self.push(item)

        @property
        def top(self):
            raise NotImplementedError

        @classmethod
        def of(cls, *items):
            raise NotImplementedError

        @staticmethod
        def limit():
            raise NotImplementedError

    class Money:
        def __init__(self, cents):
            raise NotImplementedError

        def __eq__(self, other):
            raise NotImplementedError

    def solve(*args, **kwargs):
        raise NotImplementedError

    async def later(x):
        raise NotImplementedError

    @contextlib.contextmanager
    def noting(log):
        raise NotImplementedError
        yield

    def twice(x):
        return solve(solve(x))

    ALIAS = {"solve": solve}
"""


def module_with(body: str) -> str:
    """The module with `solve` filled in, and what else `body` defines in its place."""
    text = dedent(MODULE)
    stub = "def solve(*args, **kwargs):\n    raise NotImplementedError\n"
    assert stub in text
    return text.replace(stub, dedent(body).strip() + "\n")


async def judged(tmp_path: Path, tests: str, body: str, *, text: str = "") -> Verdict:
    files = {"m.py": MODULE, "test_m.py": "import pytest\nimport m\n" + dedent(tests)}
    project = write_project(tmp_path, files)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        return await run(executor, text or module_with(body))


async def check(tmp_path: Path, tests: str, body: str, *, text: str = "") -> None:
    verdict = await judged(tmp_path, tests, body, text=text)
    failures = [c.message for c in verdict.outcome.cases if c.status.value != "passed"]
    assert not failures, "\n".join([*failures, verdict.outcome.output])
    assert verdict.outcome.judge is Judge.SPLIT
    assert verdict.outcome.n_total > 0


async def test_values_keep_their_exact_types(tmp_path: Path):
    tests = """
        import datetime as dt, decimal, fractions, ipaddress, math, re, uuid
        from collections import Counter, OrderedDict, defaultdict, deque
        from pathlib import Path, PurePosixPath

        VALUES = [
            None, True, 0, -1, 2**63, -(2**200), 1.5, float("inf"), -0.0, 1e300, "",
            "\\u00e9\\ud800\\x00", b"\\x00\\xff", 2j, ..., NotImplemented, range(3, 9, 2),
            slice(1, None), decimal.Decimal("1.10"), fractions.Fraction(2, 3),
            dt.date(2024, 2, 29), dt.datetime(2024, 1, 2, 3, 4, 5, 6),
            dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc), dt.time(1, 2),
            dt.timedelta(days=-1, microseconds=3), dt.timezone.utc,
            uuid.UUID(int=5), Path("a/b"), PurePosixPath("/x"), re.compile("a+", re.I),
            ipaddress.ip_address("::1"), (), (1, (2, [3])), [], [[1], [2]], {1, 2},
            frozenset({(1, 2)}), {"a": {1: None}, (1, 2): [3]}, bytearray(b"ab"),
            deque([1, 2], maxlen=3), Counter("aab"), OrderedDict(b=1, a=2),
            defaultdict(list, {1: [2]}), int, ValueError, m.Color.RED,
            m.Pair(1, [2]), m.Point(1, 2, ["t"]), m.Point, m.Color,
        ]

        @pytest.mark.parametrize("value", VALUES, ids=repr)
        def test_value(value):
            result = m.solve(value)
            assert type(result) is type(value)
            if type(value) is float and math.isnan(value):
                assert math.isnan(result)
            assert result == value and repr(result) == repr(value)

        def test_not_a_number():
            assert math.isnan(m.solve(float("nan")))
    """
    await check(
        tmp_path, tests, "import copy\ndef solve(x):\n    return copy.deepcopy(x)"
    )


async def test_changes_of_arguments_and_identity_arrive(tmp_path: Path):
    tests = """
        def test_list():
            xs, inner = [3, 1, 2], [0]
            xs.append(inner)
            same = m.solve(xs, inner)
            assert same is xs
            assert xs == [1, 2, 3, [0, "new"]] and xs[3] is inner

        def test_instance():
            point = m.Point(1)
            assert m.solve(point) is point
            assert point.x == 2 and point.tags == ["seen"]

        def test_cycle():
            xs = []
            xs.append(xs)
            assert m.solve(xs, None) is xs and xs[0] is xs

        def test_kept():
            kept = [1]
            grow = m.solve(kept, "keep")
            grow()
            assert kept == [1, 2]
            kept.append(5)
            assert grow() == [1, 2, 5, 2]
    """
    body = """
    def solve(xs, inner=None):
        if isinstance(xs, Point):
            xs.x += 1
            xs.tags.append("seen")
            return xs
        if inner == "keep":
            return lambda: xs.append(2) or xs
        if inner is not None:
            assert xs[3] is inner
            inner.append("new")
            xs[:3] = sorted(xs[:3])
        return xs
    """
    await check(tmp_path, tests, body)


async def test_call_backs_run_in_the_test(tmp_path: Path):
    tests = """
        class Mine(Exception): pass

        def test_called():
            seen = []
            assert m.solve(lambda x: seen.append(x) or x * 2, [1, 2]) == [2, 4]
            assert seen == [1, 2]

        def test_raising():
            def fail(x): raise Mine(x)
            with pytest.raises(Mine) as info:
                m.solve(fail, [7])
            assert info.value.args == (7,)

        def test_library_functions_and_own_ones():
            assert m.solve(str, [1]) == ["1"]
            assert m.solve(len, ["ab"]) == [2]
            assert m.solve(m.Point, [4]) == [m.Point(4)]

        def test_reentrant():
            assert m.solve(lambda x: m.solve(lambda y: y + 1, [x])[0], [1]) == [2]

        def test_objects_of_the_test():
            class Thing:
                def __init__(self): self.n = 1
                def __add__(self, other): return self.n + other
                def __call__(self, x): self.n += x; return self
                def __len__(self): return 5
            thing = Thing()
            assert m.solve(thing, [2]) == [thing] and thing.n == 3
    """
    await check(tmp_path, tests, "def solve(f, xs):\n    return [f(x) for x in xs]")


async def test_iterators_are_pulled_one_by_one(tmp_path: Path):
    tests = """
        import inspect, itertools

        def test_generator():
            pulled = []
            def source():
                for n in itertools.count():
                    pulled.append(n)
                    yield n
            result = m.solve(source())
            assert inspect.isgenerator(result) and pulled == []
            assert next(result) == 0 and next(result) == 2
            assert pulled == [0, 1]
            result.close()

        def test_sent():
            result = m.solve(iter([1, 2]))
            assert next(result) == 2
            assert result.send("x") == "x"
            assert list(result) == [4]

        def test_iterator_that_is_no_generator():
            assert list(itertools.islice(m.solve(None), 3)) == [0, 1, 2]
    """
    body = """
    import itertools
    def solve(xs):
        return itertools.count() if xs is None else doubled(xs)
    def doubled(xs):
        for x in xs:
            sent = yield 2 * x
            if sent: yield sent
    """
    await check(tmp_path, tests, body)


async def test_exceptions(tmp_path: Path):
    tests = """
        import decimal, json

        def test_builtin():
            with pytest.raises(KeyError, match="lost"):
                m.solve("key")

        def test_own():
            with pytest.raises(m.TooFar) as info:
                m.solve("own")
            assert info.value.distance == 3 and str(info.value) == "3 m"

        def test_derived_by_the_candidate():
            with pytest.raises(ValueError, match="in words"):
                m.solve("derived")

        def test_of_the_library():
            with pytest.raises(json.JSONDecodeError) as info:
                m.solve("json")
            assert info.value.pos == 0
            with pytest.raises(UnicodeDecodeError):
                m.solve("unicode")
            with pytest.raises(FileNotFoundError) as info:
                m.solve("file")
            assert info.value.errno == 2
            with pytest.raises(StopIteration):
                m.solve("stop")
    """
    body = """
    class Derived(ValueError):
        def __str__(self): return "in words"
    def solve(kind):
        import json
        if kind == "key": raise KeyError("lost")
        if kind == "own": raise TooFar(3)
        if kind == "derived": raise Derived
        if kind == "json": json.loads("x")
        if kind == "unicode": b"\\xff".decode()
        if kind == "file": open("/no/such")
        if kind == "stop": next(iter(()))
    """
    await check(tmp_path, tests, body)


async def test_methods_properties_and_classes(tmp_path: Path):
    tests = """
        def test_stack():
            stack = m.Stack()
            stack.push(1)
            stack.push_all([2, 3])
            assert stack.items == [1, 2, 3] and stack.top == 3
            assert stack.pop() == 3 and isinstance(stack, m.Stack)
            with pytest.raises(IndexError):
                m.Stack().pop()

        def test_of_the_class():
            assert m.Stack.of(1, 2).items == [1, 2]
            assert type(m.Stack.of()) is m.Stack
            assert m.Stack.limit() == 7

        def test_new_method():
            assert len(m.Stack.of(1, 2)) == 2
    """
    text = module_with("def solve(x):\n    return x")
    for stub, body in (
        ("def push(self, item):", "self._grow([item])"),
        ("def pop(self):", "return self.items.pop()"),
        ("def top(self):", "return self.items[-1]"),
        ("def of(cls, *items):", "made = cls(); made.push_all(items); return made"),
        (
            "def limit():",
            (
                "return 7\n\n    def _grow(self, xs):\n        self.items += xs"
                "\n\n    def __len__(self):\n        return len(self.items)"
            ),
        ),
    ):
        empty = f"    {stub}\n        raise NotImplementedError\n"
        assert empty in text
        text = text.replace(empty, f"    {stub}\n        {body}\n")
    await check(tmp_path, tests, "", text=text)


async def test_equality_by_the_candidate_is_no_split_verdict(tmp_path: Path):
    text = module_with("def solve(x):\n    return x").replace(
        "def __init__(self, cents):\n        raise NotImplementedError",
        "def __init__(self, cents):\n        self.cents = cents",
    )
    text = text.replace(
        "def __eq__(self, other):\n        raise NotImplementedError",
        "def __eq__(self, other):\n        return True",
    )
    tests = """
        def test_by_attribute(): assert m.Money(1).cents == 1
        def test_equal(): assert m.Money(1) == m.Money(2)
    """
    verdict = await judged(tmp_path, tests, "", text=text)
    assert verdict.words == ["passed", "passed"]
    assert [c.judge for c in verdict.outcome.cases] == [Judge.SPLIT, Judge.IN_PROCESS]
    assert verdict.outcome.judge is Judge.IN_PROCESS


async def test_coroutines_context_managers_and_references(tmp_path: Path):
    tests = """
        import asyncio, inspect

        def test_async():
            assert inspect.iscoroutinefunction(m.later)
            assert asyncio.run(m.later(2)) == 4

        def test_context():
            log = []
            with m.noting(log) as value:
                assert value == "in" and log == ["enter"]
            assert log == ["enter", "leave"]

        def test_context_sees_the_exception():
            log = []
            with pytest.raises(KeyError):
                with m.noting(log):
                    raise KeyError("x")
            assert log == ["enter", "KeyError"]

        def test_every_reference():
            assert m.twice(3) == 12 and m.ALIAS["solve"](1) == 2
            assert inspect.signature(m.solve) is not None
    """
    text = module_with("def solve(x):\n    return 2 * x")
    text = text.replace(
        "async def later(x):\n    raise NotImplementedError",
        "async def later(x):\n    await asyncio.sleep(0.001)\n    return 2 * x",
    ).replace(
        "def noting(log):\n    raise NotImplementedError\n    yield",
        "def noting(log):\n    log.append('enter')\n    try:\n        yield 'in'\n"
        "    except Exception as error:\n        log.append(type(error).__name__)\n"
        "        raise\n    log.append('leave')",
    )
    await check(tmp_path, tests, "", text=text)


async def test_surroundings_are_those_of_the_test(tmp_path: Path):
    tests = """
        import logging, random, warnings

        def test_printed(capsys):
            m.solve("print")
            out, err = capsys.readouterr()
            assert out == "hello\\n" and err == "oops\\n"

        def test_logged(caplog):
            with caplog.at_level(logging.INFO):
                m.solve("log")
            assert caplog.messages == ["logged 1"]

        def test_warned():
            with pytest.warns(DeprecationWarning, match="old"):
                m.solve("warn")

        def test_environment(monkeypatch, tmp_path):
            monkeypatch.setenv("SOME_NAME", "value")
            monkeypatch.chdir(tmp_path)
            (tmp_path / "in.txt").write_text("text")
            assert m.solve("env") == ("value", "text")
            assert (tmp_path / "out.txt").read_text() == "TEXT"

        def test_seed():
            random.seed(5)
            first = m.solve("random")
            random.seed(5)
            assert m.solve("random") == first == random.Random(5).random()
    """
    body = """
    def solve(kind):
        import logging, os, random, sys, warnings
        if kind == "print": print("hello"); print("oops", file=sys.stderr)
        if kind == "log": logging.getLogger("a.b").info("logged %d", 1)
        if kind == "warn": warnings.warn("old", DeprecationWarning)
        if kind == "random": return random.random()
        if kind == "env":
            with open("out.txt", "w") as out:
                out.write(open("in.txt").read().upper())
            return os.environ["SOME_NAME"], open("in.txt").read()
    """
    await check(tmp_path, tests, body)


async def test_more_of_the_library_by_value(tmp_path: Path):
    tests = """
        import array, http, re, types, urllib.parse
        from collections import ChainMap

        VALUES = [
            ChainMap({"a": 1}, {"b": [2]}), array.array("d", [1.5, 2]),
            types.SimpleNamespace(a=1, b=[2]), urllib.parse.urlsplit("http://a/b?c"),
            http.HTTPStatus.NOT_FOUND, re.I | re.M, memoryview(b"ab"),
            {"a": 1}.keys(), {"a": 1}.items(), range(2), 2j, True,
        ]

        @pytest.mark.parametrize("value", VALUES, ids=lambda each: type(each).__name__)
        def test_value(value):
            result = m.solve(value)
            assert type(result) is type(value) and result == value

        def test_changed_in_place():
            numbers, names, chain = array.array("i", [1]), types.SimpleNamespace(), ChainMap()
            m.solve([numbers, names, chain], True)
            assert numbers[1] == 7 and names.new == 7 and chain["new"] == 7

        def test_match():
            found = m.solve("x12", re.compile("[0-9]+"))
            assert found and found.group() == found[0] == "12" and found.span() == (1, 3)
    """
    body = """
    def solve(x, how=None):
        import array, copy, types
        from collections import ChainMap
        if how is True:
            numbers, names, chain = x
            numbers.append(7); names.new = 7; chain["new"] = 7
        elif how is not None:
            return how.search(x)
        elif isinstance(x, array.array): return array.array(x.typecode, list(x))
        elif isinstance(x, ChainMap): return ChainMap(*map(dict, x.maps))
        elif isinstance(x, memoryview): return memoryview(bytes(x))
        elif isinstance(x, types.SimpleNamespace): return types.SimpleNamespace(**vars(x))
        elif hasattr(x, "_replace"): return x._replace()
        else: return x
    """
    await check(tmp_path, tests, body)


async def test_pandas_by_value(tmp_path: Path):
    tests = """
        import numpy as np
        import pandas as pd
        import pandas.testing as same

        DAYS = pd.date_range("2024-01-01", periods=2, tz="Europe/Berlin")
        PAIRS = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])
        FRAMES = {
            "numbers": pd.DataFrame({"a": [1, 2], "b": [1.5, None]}, index=["x", "y"]),
            "texts": pd.DataFrame({"s": ["x", None], "o": pd.Series([1, (2,)], dtype=object)}),
            "times": pd.DataFrame({"t": DAYS, "d": pd.to_timedelta(["1 days", None])}),
            "kinds": pd.DataFrame({"c": pd.Categorical(["a", "b"], ["b", "a"], ordered=True)}),
            "missing": pd.DataFrame({
                "i": pd.array([1, None], dtype="Int64"),
                "b": pd.array([True, None], dtype="boolean"),
            }),
            "spans": pd.DataFrame({
                "p": pd.period_range("2024-01", periods=2, freq="M"),
                "i": pd.interval_range(0, 2),
            }),
            "pairs": pd.DataFrame([[1, 2], [3, 4]], index=PAIRS, columns=PAIRS),
            "twice": pd.DataFrame([[1, 2.5]], columns=["a", "a"]),
            "days": pd.DataFrame({"a": [1, 2]}, index=DAYS),
            "empty": pd.DataFrame(),
        }

        @pytest.mark.parametrize("name", FRAMES)
        def test_frame(name):
            result = m.solve(FRAMES[name])
            assert type(result) is pd.DataFrame and result is not FRAMES[name]
            same.assert_frame_equal(result, FRAMES[name])

        def test_column_and_index():
            column = pd.Series([1, 2], index=PAIRS, name=("a", 1))
            same.assert_series_equal(m.solve(column), column)
            for index in (pd.RangeIndex(3), pd.Index([1, 2], name="n"), DAYS, PAIRS):
                same.assert_index_equal(m.solve(index), index, exact=True)

        def test_scalars():
            for value in (DAYS[0], pd.Timedelta("1h"), pd.Period("2024-01"), pd.NaT, pd.NA):
                result = m.solve(value)
                assert type(result) is type(value)
                assert result is value or result == value

        def test_changed_in_place():
            frame = pd.DataFrame({"a": [1, 2]})
            assert m.solve(frame, "new") is None
            assert list(frame["new"]) == [2, 4]

        def test_wrong_frames_differ():
            with pytest.raises(AssertionError):
                same.assert_frame_equal(m.solve(FRAMES["days"]), FRAMES["twice"])
    """
    body = """
    def solve(x, name=None):
        import pandas as pd
        if name: x[name] = x["a"] * 2
        elif isinstance(x, (pd.DataFrame, pd.Series, pd.Index)): return x.copy()
        elif isinstance(x, pd.Timestamp): return x + pd.Timedelta("1D") - pd.Timedelta("1D")
        else: return x
    """
    await check(tmp_path, tests, body)


async def test_arrays(tmp_path: Path):
    tests = """
        import numpy as np

        def test_records_and_objects():
            records = np.array([(1, 2.5)], dtype=[("x", "i4"), ("y", "f8")])
            result = m.solve(records, "copy")
            assert result.dtype == records.dtype and result.tolist() == [(1, 2.5)]
            objects = np.array([1, "a", [2]], dtype=object)
            result = m.solve(objects, "copy")
            assert result.dtype == object and list(result) == [1, "a", [2]]
            assert m.solve(objects, "dtype") == np.dtype(object)
            assert m.solve(records, "dtype") == records.dtype

        def test_array():
            array = np.arange(6, dtype="int32").reshape(2, 3)
            doubled = m.solve(array)
            assert type(doubled) is np.ndarray and doubled.dtype == np.dtype("int32")
            np.testing.assert_array_equal(doubled, [[0, 2, 4], [6, 8, 10]])
            assert array[0, 0] == 9

        def test_scalar():
            result = m.solve(np.float64(1.5))
            assert type(result) is np.float64 and result == 3.0
    """
    body = """
    def solve(x, how=None):
        if how: return x.copy() if how == "copy" else x.dtype
        result = 2 * x
        if result.shape: x[0, 0] = 9
        return result
    """
    await check(tmp_path, tests, body)


UNSPLITTABLE = {
    "a replaced name of the module": """
        def test_it(monkeypatch):
            monkeypatch.setattr(m, "twice", lambda x: 5)
            assert m.solve(1) == 5
    """,
    "a replaced name of the library": """
        from unittest import mock
        def test_it():
            with mock.patch("time.time", return_value=5):
                assert m.solve(1) == 5
    """,
    "code that was returned": """
        def test_it(): assert eval(m.solve(1)) == 5
    """,
    "a subclass": """
        class Mine(m.Point): pass
        def test_it(): assert m.solve(Mine(5)) == 5
    """,
    "something to wait for": """
        import asyncio
        async def five(): return 5
        def test_it(): assert asyncio.run(m.solve(five)) == 5
    """,
}


@pytest.mark.parametrize("tests", UNSPLITTABLE.values(), ids=UNSPLITTABLE)
async def test_what_cannot_be_split_runs_beside_and_says_so(tmp_path: Path, tests: str):
    body = """
    def solve(x):
        import time
        if isinstance(x, Point): return x.x
        if callable(x): return x()
        if twice is not _TWICE: return twice(x)
        return int(time.time()) if time.time() < 9 else "2 + 3"
    """
    text = module_with(body) + "_TWICE = twice\n"
    verdict = await judged(tmp_path, tests, "", text=text)
    assert verdict.words == ["passed"], verdict.outcome.cases[0].message
    assert verdict.outcome.judge is Judge.IN_PROCESS


async def test_a_case_that_dies_spares_the_others(tmp_path: Path):
    tests = """
        @pytest.mark.parametrize("x", [1, 2, 3])
        def test_it(x): assert m.solve(x) == x
    """
    body = "def solve(x):\n    import os\n    return x if x != 2 else os.abort()"
    verdict = await judged(tmp_path, tests, body)
    assert verdict.words == ["passed", "crash", "passed"]
    assert verdict.outcome.judge is Judge.SPLIT
