"""Short ways to declare operations of the usual shapes."""

from typing import Final

from orps_search.offline.expression import Apply, Operation, Precedence

INT: Final = frozenset({"int"})
NUMBER: Final = frozenset({"int", "float"})
BOOL: Final = frozenset({"bool"})
TEXT: Final = frozenset({"str"})
LIST: Final = frozenset({"list"})
MAPPING: Final = frozenset({"dict"})
SET: Final = frozenset({"set"})
SEQUENCE: Final = frozenset({"list", "tuple", "str"})
ITEMS: Final = frozenset({"list", "tuple"})
ITERABLE: Final = frozenset({"list", "tuple", "str", "set", "dict"})
TUPLE: Final = frozenset({"tuple"})
KEY: Final = frozenset({"int", "str", "tuple", "other"})
PLAIN: Final = NUMBER | TEXT | ITEMS | {"bool", "other"}
ANYTHING: Final = ITERABLE | NUMBER | BOOL | {"none", "other"}

Kinds = frozenset[str]


def infix(
    symbol: str,
    precedence: Precedence,
    left: Kinds,
    right: Kinds,
    apply: Apply,
    *,
    cost: int = 2,
    commutative: bool = False,
    variable_first: bool = False,
    words: tuple[str, ...] = (),
    caps: tuple[int, ...] = (),
) -> Operation:
    loose_left = precedence in _LEFT_ASSOCIATIVE
    tighter = Precedence(precedence + 1)
    return Operation(
        template=f"{{0}} {symbol} {{1}}",
        operands=(left, right),
        apply=apply,
        cost=cost,
        precedence=precedence,
        needs=(precedence if loose_left else tighter, tighter),
        caps=caps,
        words=words,
        commutative=commutative,
        variable_first=variable_first,
    )


_LEFT_ASSOCIATIVE: Final = frozenset(
    {
        Precedence.OR,
        Precedence.AND,
        Precedence.BIT_OR,
        Precedence.BIT_XOR,
        Precedence.BIT_AND,
        Precedence.ADD,
        Precedence.MULTIPLY,
    }
)


def call(
    name: str,
    *operands: Kinds,
    apply: Apply,
    cost: int = 2,
    words: tuple[str, ...] = (),
    caps: tuple[int, ...] = (),
    after: str = "",
    consumes: bool = False,
) -> Operation:
    """`name(first, second)`; `after` is the text of further fixed arguments."""
    places = ", ".join(f"{{{index}}}" for index in range(len(operands)))
    # A generator expression must not stand beside other arguments.
    return Operation(
        template=f"{name}({places}{after})",
        operands=operands,
        apply=apply,
        cost=cost,
        words=words,
        caps=caps,
        consumes=consumes and len(operands) == 1 and not after,
    )


def method(
    name: str,
    receiver: Kinds,
    *operands: Kinds,
    apply: Apply,
    cost: int = 2,
    words: tuple[str, ...] = (),
    caps: tuple[int, ...] = (),
    consumes: bool = False,
) -> Operation:
    places = ", ".join(f"{{{index + 1}}}" for index in range(len(operands)))
    return Operation(
        template=f"{{0}}.{name}({places})",
        operands=(receiver, *operands),
        apply=apply,
        cost=cost,
        needs=(Precedence.ATOM,),
        words=words,
        caps=caps,
        consumes=consumes,
    )


def suffix(
    template: str,
    *operands: Kinds,
    apply: Apply,
    cost: int = 2,
    words: tuple[str, ...] = (),
    caps: tuple[int, ...] = (),
) -> Operation:
    """`{0}[...]`: the first operand must be an atom, the others stand in brackets."""
    return Operation(
        template=template,
        operands=operands,
        apply=apply,
        cost=cost,
        needs=(Precedence.ATOM,),
        words=words,
        caps=caps,
    )
