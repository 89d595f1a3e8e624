"""Other values of the same type: near ones, edges, and ones of a type's own making.

Generated inputs should lie where tests' inputs lie: a program that is never called
with negative numbers may do anything with them, and right programs then differ. So
numbers keep sign and magnitude, texts keep their alphabet, and elements their type.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""What `ast.literal_eval` can make."""

_MAX_LENGTH = 24
_MAX_RECORD = 3
_MAX_MAGNITUDE = 1e12
_LETTERS = "abcxyzABC 012,.-"


def mutated(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    """A neighbor of `value`; `pool` holds values that stood in the same place."""
    mutate = _BY_TYPE.get(_type(value))
    return value if mutate is None else mutate(value, rng, pool)


def _flipped(value: Value, rng: Random, pool: Sequence[Value]) -> Value:  # noqa: ARG001 - one signature for all
    return not value


def _whole(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    numbers = [*_of(int, pool), value]
    low, high = min(0, *numbers), max(1, *numbers)
    match rng.randrange(6):
        case 0 | 1:
            made = value + rng.choice((-2, -1, 1, 2))
        case 2:
            made = rng.choice((0, 1, 2, value // 2, value * 2))
        case 3:
            made = rng.randint(low, high + 10)
        case _:
            made = rng.randint(low, high + max(1, high // 4))
    return abs(made) if low == 0 else made


def _fraction(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    seen = [*_of(int, pool), *_of(float, pool), value]
    numbers = [float(each) for each in seen if abs(each) < _MAX_MAGNITUDE]
    low, high = min([0.0, *numbers]), max([1.0, *numbers])
    match rng.randrange(6):
        case 0 | 1:
            made = value + rng.choice((-1.0, -0.5, 0.5, 1.0))
        case 2:
            made = rng.choice((0.0, 1.0, 0.5))
        case _:
            made = round(rng.uniform(low, high), rng.choice((0, 1, 2)))
    return abs(made) if low >= 0 else made


def _text(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    texts = _of(str, pool)
    alphabet = "".join([value, *texts]) or _LETTERS
    idx = rng.randrange(len(value) + 1)
    match rng.randrange(9):
        case 0:
            made = value[:idx] + rng.choice(alphabet) + value[idx:]
        case 1 | 2:
            made = value[: max(0, idx - 1)] + value[idx:]
        case 3 | 4:
            made = value[: max(0, idx - 1)] + rng.choice(alphabet) + value[idx:]
        case 5:
            made = "".join(rng.sample(value, len(value)))
        case 6:
            made = value[idx:] + value[:idx]
        case 7:
            made = value + value[:idx]
        case _:
            made = rng.choice((value.swapcase(), value[::-1], value[:1], ""))
    return made[: 2 * max(len(each) for each in [*texts, value, "xx"])]


def _items(value: Sequence[Value], rng: Random, pool: Sequence[Value]) -> list[Value]:
    items = list(value)
    inner = [*items, *(each for other in pool for each in other)]
    idx = rng.randrange(len(items) + 1)
    match rng.randrange(10):
        case 0 if inner:
            items.insert(idx, rng.choice(inner))
        case 1 if inner:
            items.insert(idx, mutated(rng.choice(inner), rng, inner))
        case 2 | 3:
            del items[max(0, idx - 1) : idx]
        case 4 | 5 | 6 if items:
            idx = min(idx, len(items) - 1)
            items[idx] = mutated(items[idx], rng, inner)
        case 7 if items:
            # Repeated elements decide many a question.
            items[rng.randrange(len(items))] = rng.choice(items)
        case 8:
            items = _reordered(items, rng)
        case _:
            items = rng.choice(([], items[:1], items[::-1], items + items[:idx]))
    return items[:_MAX_LENGTH]


def _reordered(items: list[Value], rng: Random) -> list[Value]:
    if rng.randrange(3):
        return rng.sample(items, len(items))
    try:
        return sorted(items)
    except TypeError:
        return items[::-1]


def _list(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    return _items(value, rng, _of(list, pool))


def _tuple(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    """A tuple of one length everywhere is a record: its places keep their types."""
    others = _of(tuple, pool)
    kinds = {_type(each) for each in value}
    is_record = all(len(each) == len(value) for each in others) and (
        len(kinds) > 1 or len(value) <= _MAX_RECORD
    )
    if not value or not is_record:
        return tuple(_items(value, rng, others))
    idx = rng.randrange(len(value))
    items = list(value)
    items[idx] = mutated(items[idx], rng, [each[idx] for each in others])
    return tuple(items)


def _set(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    # Sets of texts are in another order in each process.
    others = [sorted(each, key=repr) for each in _of(set, pool)]
    return set(_items(sorted(value, key=repr), rng, others))


def _dictionary(value: Value, rng: Random, pool: Sequence[Value]) -> Value:
    others = [*_of(dict, pool), value]
    keys = [key for other in others for key in other]
    held = [each for other in others for each in other.values()]
    items = list(value.items())
    if not items:
        return dict(rng.choice(others))
    idx = rng.randrange(len(items))
    key, present = items[idx]
    match rng.randrange(6):
        case 0:
            del items[idx]
        case 1 | 2:
            items[idx] = (key, mutated(present, rng, held))
        case 3:
            items[idx] = (mutated(key, rng, keys), present)
        case 4:
            items.append((mutated(rng.choice(keys), rng, keys), rng.choice(held)))
        case _:
            items = rng.sample(items, len(items))
    return dict(items)


def _type(value: Value) -> type:
    return type(value)  # pyright: ignore[reportUnknownVariableType]


def _of(kind: type, pool: Sequence[Value]) -> list[Value]:
    """Exactly of that type: `True` is no number here."""
    return [each for each in pool if _type(each) is kind]


_BY_TYPE: Mapping[type, Callable[[Value, Random, Sequence[Value]], Value]] = (
    MappingProxyType(
        {
            bool: _flipped,
            int: _whole,
            float: _fraction,
            str: _text,
            list: _list,
            tuple: _tuple,
            set: _set,
            dict: _dictionary,
        }
    )
)
