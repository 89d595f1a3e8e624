"""What strings can do."""

from orps_search.offline.expression import Operation, Precedence
from orps_search.offline.operations.shapes import (
    ANYTHING,
    INT,
    ITEMS,
    TEXT,
    call,
    infix,
    method,
)
from orps_search.offline.values import MAX_LENGTH, Value, bounded


def _times(text: Value, count: Value) -> Value:
    if len(text) * count > MAX_LENGTH:
        raise OverflowError
    return text * count


def _padded(name: str) -> Value:
    def pad(text: Value, width: Value) -> Value:
        if width > MAX_LENGTH:
            raise OverflowError
        return getattr(str, name)(text, width)

    return pad


def _replaced(text: Value, old: Value, new: Value) -> Value:
    if not old:
        raise ValueError(old)
    return bounded(text.replace(old, new))


def _plain(name: str, cost: int, *words: str) -> Operation:
    """Declare a method without arguments that the class `str` itself has."""
    return method(name, TEXT, apply=getattr(str, name), cost=cost, words=words)


TEXT_OPERATIONS: tuple[Operation, ...] = (
    call(
        "str",
        frozenset({"int", "float", "other"}),
        apply=lambda value: bounded(str(value)),
        cost=3,
        words=("str", "digit", "format", "text", "concat"),
    ),
    infix(
        "+",
        Precedence.ADD,
        TEXT,
        TEXT,
        lambda a, b: bounded(a + b),
        words=("concat", "join", "append", "prefix", "suffix", "greet", "add"),
    ),
    infix(
        "*",
        Precedence.MULTIPLY,
        TEXT,
        INT,
        _times,
        cost=3,
        caps=(6, 6),
        words=("repeat", "times", "multipl"),
    ),
    _plain("upper", 2, "upper", "capital"),
    _plain("lower", 2, "lower", "insensitive", "case", "ignor"),
    _plain("strip", 3, "strip", "trim", "whitespace", "clean"),
    _plain("lstrip", 4, "lstrip", "leading"),
    _plain("rstrip", 4, "rstrip", "trailing"),
    _plain("title", 4, "title", "capital"),
    _plain("capitalize", 4, "capital"),
    _plain("casefold", 5, "casefold", "insensitive", "caseless", "fold"),
    _plain("swapcase", 4, "swap", "flip", "case", "toggle"),
    _plain("isdigit", 3, "digit", "number"),
    _plain("isalpha", 3, "alpha", "letter"),
    _plain("isalnum", 3, "alnum", "alphanumeric", "punctuation", "ignor"),
    _plain("isupper", 3, "upper", "capital"),
    _plain("islower", 3, "lower"),
    _plain("isspace", 3, "space", "blank"),
    _plain("split", 3, "split", "word", "token", "sentence"),
    _plain("splitlines", 4, "line"),
    method(
        "split",
        TEXT,
        TEXT,
        apply=str.split,
        cost=3,
        caps=(6, 3),
        words=("split", "separ", "delimit", "parse"),
    ),
    call(
        '"".join',
        ITEMS,
        apply=lambda parts: bounded("".join(parts)),
        words=("join", "concat", "string", "word", "letter", "character"),
        consumes=True,
    ),
    Operation(
        template="{0}.join({1})",
        operands=(TEXT, ITEMS | TEXT),
        apply=lambda separator, parts: bounded(separator.join(parts)),
        cost=2,
        needs=(Precedence.ATOM,),
        caps=(3, 99),
        words=("join", "concat", "string", "word"),
        consumes=True,
    ),
    method(
        "replace",
        TEXT,
        TEXT,
        TEXT,
        apply=_replaced,
        cost=3,
        caps=(7, 3, 3),
        words=("replace", "remove", "delete", "substitute", "convert"),
    ),
    method(
        "startswith",
        TEXT,
        TEXT,
        apply=str.startswith,
        cost=3,
        caps=(6, 5),
        words=("start", "prefix", "begin"),
    ),
    method(
        "endswith",
        TEXT,
        TEXT,
        apply=str.endswith,
        cost=3,
        caps=(6, 5),
        words=("end", "suffix"),
    ),
    method(
        "removeprefix",
        TEXT,
        TEXT,
        apply=str.removeprefix,
        cost=4,
        caps=(6, 3),
        words=("prefix", "remove"),
    ),
    method(
        "removesuffix",
        TEXT,
        TEXT,
        apply=str.removesuffix,
        cost=4,
        caps=(6, 3),
        words=("suffix", "remove"),
    ),
    method(
        "strip",
        TEXT,
        TEXT,
        apply=str.strip,
        cost=4,
        caps=(6, 3),
        words=("strip", "trim"),
    ),
    method(
        "find",
        TEXT,
        TEXT,
        apply=str.find,
        cost=4,
        caps=(6, 5),
        words=("find", "index", "position"),
    ),
    method(
        "rfind",
        TEXT,
        TEXT,
        apply=str.rfind,
        cost=5,
        caps=(6, 5),
        words=("find", "last", "position"),
    ),
    method(
        "zfill",
        TEXT,
        INT,
        apply=_padded("zfill"),
        cost=4,
        caps=(6, 3),
        words=("zero", "pad", "fill"),
    ),
    method(
        "ljust",
        TEXT,
        INT,
        apply=_padded("ljust"),
        cost=5,
        caps=(6, 3),
        words=("left", "pad", "justif"),
    ),
    method(
        "rjust",
        TEXT,
        INT,
        apply=_padded("rjust"),
        cost=5,
        caps=(6, 3),
        words=("right", "pad", "justif"),
    ),
    method(
        "center",
        TEXT,
        INT,
        apply=_padded("center"),
        cost=5,
        caps=(6, 3),
        words=("center", "pad"),
    ),
    call("ord", TEXT, apply=ord, cost=4, words=("ascii", "ord", "shift", "caesar")),
    call("chr", INT, apply=chr, cost=4, words=("ascii", "chr", "shift", "caesar")),
    call("bin", INT, apply=bin, cost=5, words=("binary", "bit")),
    call("hex", INT, apply=hex, cost=5, words=("hex",)),
    call("repr", ANYTHING, apply=repr, cost=7, words=("repr",)),
)
