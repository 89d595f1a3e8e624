"""Objects of the target's class: what `__init__` and simple methods do to them.

Only straight-line code is followed: assignments to names and attributes, list
appends, and the branch of an `if` whose test is plain. Anything else makes the
object unknown, and examples that need it are left out.
"""

import ast
import copy
from typing import Final, Protocol

from orps_search.offline.reading import plain
from orps_search.offline.reading.subject import Subject
from orps_search.offline.reading.symbols import Instance, Unknown
from orps_search.offline.values import Value

_MUTATORS: Final = frozenset({"add", "append", "clear", "extend", "insert", "update"})


class Evaluation(Protocol):
    """What following needs of `evaluator.Evaluator`, which needs following."""

    @property
    def subject(self) -> Subject: ...
    @property
    def scope(self) -> dict[str, Value]: ...
    def inside(self, scope: dict[str, Value]) -> "Evaluation": ...
    def value(self, node: ast.expr) -> Value: ...
    def plain(self, node: ast.expr) -> Value: ...


def construct(
    evaluator: Evaluation, positional: list[Value], named: dict[str, Value]
) -> Instance:
    """Return the object that a call of the class makes."""
    subject = evaluator.subject
    if subject.definition is None:
        raise Unknown
    instance = Instance()
    fields: dict[str, ast.expr | None] = {}
    for statement in subject.definition.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                instance.attributes[name] = _or_unknown(evaluator, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                fields[name] = value
            case _:
                pass
    if subject.method("__init__") is not None:
        follow(evaluator, instance, "__init__", positional, named)
    elif fields:
        _fill(evaluator, instance, fields, positional, named)
    elif positional or named:
        raise Unknown
    return instance


def _or_unknown(evaluator: Evaluation, node: ast.expr) -> Value:
    try:
        return evaluator.inside({}).plain(node)
    except Unknown as unknown:
        return unknown


def _fill(
    evaluator: Evaluation,
    instance: Instance,
    fields: dict[str, ast.expr | None],
    positional: list[Value],
    named: dict[str, Value],
) -> None:
    """Do what a dataclass's `__init__` does."""
    given = dict(zip(fields, positional, strict=False)) | named
    for name, default in fields.items():
        if name in given:
            instance.attributes[name] = given[name]
        elif default is None:
            raise Unknown
        else:
            instance.attributes[name] = _default(evaluator, default)


def _default(evaluator: Evaluation, node: ast.expr) -> Value:
    match node:
        case ast.Call(keywords=[ast.keyword(arg="default_factory", value=factory)]):
            return _empty(ast.unparse(factory))
        case ast.Call(keywords=[ast.keyword(arg="default", value=value)]):
            return evaluator.inside({}).plain(value)
        case _:
            return evaluator.inside({}).plain(node)


def _empty(factory: str) -> Value:
    match factory:
        case "list":
            return []
        case "dict":
            return {}
        case "set":
            return set[Value]()
        case _:
            raise Unknown


def follow(
    evaluator: Evaluation,
    instance: Instance,
    name: str,
    positional: list[Value],
    named: dict[str, Value],
) -> Value:
    """Run a simple method of the object; after one that is not, it is unknown."""
    found = evaluator.subject.method(name)
    if found is None or not instance.is_known:
        instance.is_known = False
        raise Unknown
    try:
        node, signature = found
        nowhere = evaluator.inside({})
        defaults = {
            key: nowhere.plain(each) for key, each in signature.defaults.items()
        }
        scope = signature.bind(positional, named, defaults)
        scope["self"] = instance
        return _run(
            evaluator.inside(copy.deepcopy(scope, {id(instance): instance})), node.body
        )
    except Unknown:
        instance.is_known = False
        raise


class _Returned(Exception):
    def __init__(self, value: Value) -> None:
        self.value = value


def _run(evaluator: Evaluation, body: list[ast.stmt]) -> Value:
    try:
        for statement in body:
            _step(evaluator, statement)
    except _Returned as returned:
        return returned.value
    return None


def _step(evaluator: Evaluation, statement: ast.stmt) -> None:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            pass
        case ast.Return(value=value):
            raise _Returned(evaluator.plain(value) if value is not None else None)
        case ast.Assign(targets=[target], value=value):
            _store(evaluator, target, evaluator.plain(value))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            _store(evaluator, target, evaluator.plain(value))
        case ast.AugAssign(target=target, op=symbol, value=value):
            apply = plain.BINARY.get(type(symbol))
            if apply is None:
                raise Unknown
            before = evaluator.plain(target)
            _store(
                evaluator, target, plain.checked(apply, before, evaluator.plain(value))
            )
        case ast.If(test=test, body=body, orelse=orelse):
            for each in body if evaluator.plain(test) else orelse:
                _step(evaluator, each)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as function) as node):
            _mutate(evaluator, function, node)
        case _:
            raise Unknown


def _store(evaluator: Evaluation, target: ast.expr, value: Value) -> None:
    match target:
        case ast.Name(id=name):
            evaluator.scope[name] = value
        case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
            instance = evaluator.scope.get(owner)
            if not isinstance(instance, Instance):
                raise Unknown
            instance.attributes[attribute] = value
        case ast.Subscript(value=container, slice=index):
            evaluator.plain(container)[evaluator.plain(index)] = value
        case _:
            raise Unknown


def _mutate(evaluator: Evaluation, function: ast.Attribute, node: ast.Call) -> None:
    if function.attr not in _MUTATORS or node.keywords:
        evaluator.value(node)
        return
    receiver = evaluator.plain(function.value)
    if not isinstance(receiver, (list, set, dict)):
        raise Unknown
    operands = [evaluator.plain(argument) for argument in node.args]
    plain.checked(getattr(receiver, function.attr), *operands)  # pyright: ignore[reportUnknownArgumentType]
