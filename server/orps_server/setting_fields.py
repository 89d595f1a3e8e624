"""How a tree of settings dataclasses is described and read from JSON-like values.

Leaves are `str`, `int`, `float`, `bool`, `Literal` words, `tuple[str, ...]`,
`Mapping[str, str]`, `Amounts`, or one of these or `None`.
"""

import difflib
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Amounts = Mapping[str, Mapping[str, float]]
"""Numbers by two names."""


class Scope(enum.Enum):
    """VS Code's words for where a setting may be set."""

    RESOURCE = "resource"
    MACHINE = "machine"
    MACHINE_OVERRIDABLE = "machine-overridable"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a field knows beside its type and default."""

    description: str
    scope: Scope
    in_repository: bool
    """May be set by a `pyproject.toml`, so by whoever wrote the repository."""
    ceiling: float | None
    """A repository may lower it: what counts as present where nothing is set."""
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One setting, found by its dotted JSON name."""

    name: str
    type: object
    default: object
    about: About


def setting(
    default: T,
    description: str,
    *,
    scope: Scope = Scope.RESOURCE,
    in_repository: bool = False,
    ceiling: float | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> T:
    """A dataclass field that is one setting."""
    about = About(
        description=description,
        scope=scope,
        in_repository=in_repository,
        ceiling=ceiling,
        minimum=minimum,
        maximum=maximum,
    )
    metadata = {"about": about}
    if isinstance(default, dict):
        # A dataclass refuses a shared mutable default, so each gets its own copy.
        copied = cast("Callable[[], Any]", default.copy)
        return cast("T", field(default_factory=copied, metadata=metadata))
    return cast("T", field(default=default, metadata=metadata))


def json_name(name: str) -> str:
    """`max_tokens` is `maxTokens` for the outside."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def leaves(section: object, prefix: str) -> Iterator[Leaf]:
    """Every setting below a section instance, depth first, in order of definition."""
    hints = get_type_hints(type(section))
    for item in _fields(section):
        name = f"{prefix}.{json_name(item.name)}"
        present = getattr(section, item.name)
        if is_dataclass(present):
            yield from leaves(present, name)
        else:
            about = cast("About", item.metadata["about"])
            yield Leaf(name=name, type=hints[item.name], default=present, about=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One pass over JSON-like values: whose they are, and what was wrong so far."""

    from_repository: bool = False
    ignored: AbstractSet[str] = frozenset()
    """Top-level keys that are not ours."""
    names: tuple[str, ...] = ()
    """All dotted names, to say which one a wrong one was meant for."""
    complaints: list[str] = field(default_factory=list[str])

    def section(self, value: object, base: T, *, root: str) -> T:
        """Lay `value` over a section; what is wrong is told and left out."""
        if value is None:
            return base
        tree = self._tree(value, root)
        inner = tree.get(root)
        if isinstance(inner, Mapping):
            tree = self._tree(cast("object", inner), root)
        ours = {key: child for key, child in tree.items() if key not in self.ignored}
        return self._laid_over(ours, base, root)

    def _tree(self, value: object, name: str) -> dict[str, object]:
        if isinstance(value, Mapping):
            return _nested(cast("Mapping[object, object]", value))
        self.complaints.append(f"{name}: expected an object, got {_kind(value)}")
        return {}

    def _laid_over(self, tree: Mapping[str, object], base: T, prefix: str) -> T:
        known = {json_name(item.name): item for item in _fields(base)}
        hints = get_type_hints(type(base))
        changes: dict[str, object] = {}
        for key, value in tree.items():
            name = f"{prefix}.{key}"
            if key not in known:
                self.complaints.append(_unknown(name, prefix, known, self.names))
                continue
            field_name = known[key].name
            present = getattr(base, field_name)
            if value is None:
                continue
            if is_dataclass(present):
                child = self._tree(value, name)
                changes[field_name] = self._laid_over(child, present, name)
                continue
            about = cast("About", known[key].metadata["about"])
            problem = self._problem(value, hints[field_name], about, present)
            if problem:
                self.complaints.append(f"{name}: {problem}")
            else:
                changes[field_name] = _converted(value, hints[field_name])
        return cast("T", replace(cast("Any", base), **changes))

    def _problem(
        self, value: object, expected: object, about: About, present: object
    ) -> str | None:
        if self.from_repository and not (about.in_repository or about.ceiling):
            return "a repository may not set this; set it in your own settings"
        problem = mismatch(value, expected, about)
        if problem or not (self.from_repository and about.ceiling):
            return problem
        bound = about.ceiling if present is None else cast("float", present)
        if cast("float", value) > bound:
            return f"a repository may only lower this, and {bound:g} holds"
        return None


def mismatch(value: object, expected: object, about: About) -> str | None:
    """Why a JSON value does not fit, in words; `None` when it does."""
    expected = without_none(expected)
    if get_origin(expected) is Literal:
        words = get_args(expected)
        return None if value in words else f"expected one of {', '.join(words)}"
    wanted, fits = _CHECKS.get(expected) or _CHECKS[get_origin(expected) or expected]
    if not fits(value):
        return f"expected {wanted}, got {_kind(value)}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if about.minimum is not None and value < about.minimum:
            return f"must be at least {about.minimum:g}"
        if about.maximum is not None and value > about.maximum:
            return f"must be at most {about.maximum:g}"
    return None


def without_none(annotation: object) -> object:
    """`int` for `int | None`; other annotations as they are."""
    if get_origin(annotation) is UnionType:
        (inner,) = (arg for arg in get_args(annotation) if arg is not type(None))
        return inner
    return annotation


def _fields(section: object) -> tuple[Field[Any], ...]:
    return fields(cast("Any", section))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_strings(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(entry, str) for entry in cast("list[object]", value)
    )


def _is_string_map(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str) and isinstance(entry, str)
        for key, entry in cast("Mapping[object, object]", value).items()
    )


def _is_amounts(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str)
        and isinstance(named, Mapping)
        and all(
            isinstance(name, str) and _is_number(amount) and amount >= 0
            for name, amount in cast("Mapping[object, Any]", named).items()
        )
        for key, named in cast("Mapping[object, object]", value).items()
    )


_CHECKS: dict[Any, tuple[str, Callable[[object], bool]]] = {
    str: ("a string", lambda value: isinstance(value, str)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: ("a whole number", lambda v: isinstance(v, int) and not isinstance(v, bool)),
    float: ("a number", _is_number),
    tuple: ("a list of strings", _is_strings),
    Mapping: ("an object of strings", _is_string_map),
    Amounts: ("an object of objects of numbers from 0", _is_amounts),
}


def _converted(value: object, expected: object) -> object:
    expected = without_none(expected)
    if expected is float:
        return float(cast("float", value))
    if get_origin(expected) is tuple:
        return tuple(cast("list[str]", value))
    return value


def _nested(flat: Mapping[object, object]) -> dict[str, object]:
    """Turn `{"llm.model": 1}` into `{"llm": {"model": 1}}`, as some editors send it."""
    tree: dict[str, object] = {}
    for key, value in flat.items():
        head, dot, rest = str(key).partition(".")
        if not dot:
            tree[head] = value
            continue
        branch = tree.get(head)
        grown = (
            dict(cast("dict[object, object]", branch))
            if isinstance(branch, dict)
            else {}
        )
        grown[rest] = value
        tree[head] = grown
    return tree


def _unknown(
    name: str, prefix: str, known: Mapping[str, object], names: Sequence[str]
) -> str:
    """Name the closest: of the same section, else one called so, else one spelled so."""
    key = name.rpartition(".")[2]
    by_key = {each.rpartition(".")[2]: each for each in names}
    here = [f"{prefix}.{each}" for each in difflib.get_close_matches(key, known, n=1)]
    called = [by_key[each] for each in difflib.get_close_matches(key, by_key, n=1)]
    spelled = difflib.get_close_matches(name, names, n=1)
    close = [*here, *called, *spelled]
    meant = f"; did you mean `{close[0]}`?" if close else ""
    return f"unknown setting `{name}`{meant}"


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return "a string"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return type(value).__name__
