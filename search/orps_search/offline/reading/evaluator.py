"""Evaluates the expressions of tests; calls of the target become `TargetCall`s."""

import ast
import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from orps_search.offline.example import VIEWS
from orps_search.offline.reading import plain
from orps_search.offline.reading.objects import construct, follow
from orps_search.offline.reading.subject import Subject, resolved
from orps_search.offline.reading.symbols import (
    Approximate,
    Instance,
    TargetCall,
    Unknown,
)
from orps_search.offline.values import Value
from orps_search.source.dotted import dotted
from orps_search.source.target import TargetKind

_MAX_DEPTH: Final = 40

Scope = dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """Names of one test function, and what they mean."""

    subject: Subject
    aliases: Mapping[str, str]
    scope: Scope

    def inside(self, scope: Scope) -> "Evaluator":
        return replace(self, scope=scope)

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """Return a plain value or a symbol; raise `Unknown` for anything else."""
        if depth > _MAX_DEPTH:
            raise Unknown
        match node:
            case ast.Name() | ast.Attribute():
                return self._named(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.Await(value=inner) | ast.NamedExpr(value=inner):
                return self.value(inner, depth + 1)
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.BoolOp():
                return self._operated(node, depth)
            case _:
                return self._display(node, depth)

    def plain(self, node: ast.expr, depth: int = 0) -> Value:
        """Return a value without symbols in it."""
        value = self.value(node, depth + 1)
        if isinstance(value, (TargetCall, Approximate, Instance)):
            raise Unknown
        return value

    def _display(self, node: ast.expr, depth: int) -> Value:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = body if self.plain(test, depth) else orelse
                return self.value(chosen, depth + 1)
            case ast.Subscript(value=container, slice=index):
                return self._item(container, index, depth)
            case _:
                return self._container(node, depth)

    def _container(self, node: ast.expr, depth: int) -> Value:
        match node:
            case ast.List(elts=elements):
                return self._elements(elements, depth)
            case ast.Tuple(elts=elements):
                return tuple(self._elements(elements, depth))
            case ast.Set(elts=elements):
                return plain.checked(set, self._elements(elements, depth))
            case ast.Dict(keys=keys, values=values):
                if None in keys:
                    raise Unknown
                names = [self.plain(key, depth) for key in keys if key is not None]
                contents = [self.plain(value, depth) for value in values]
                return plain.checked(dict, list(zip(names, contents, strict=True)))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node, depth)
            case ast.JoinedStr(values=[*parts]):
                return "".join(self._formatted(part, depth) for part in parts)
            case _:
                raise Unknown

    def _formatted(self, part: ast.expr, depth: int) -> str:
        match part:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return str(self.plain(value, depth))
            case _:
                raise Unknown

    def _elements(self, nodes: list[ast.expr], depth: int) -> list[Value]:
        values: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values.extend(self.plain(node.value, depth))
            else:
                values.append(self.plain(node, depth))
        return values

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, depth: int
    ) -> Value:
        match node.generators:
            case [ast.comprehension(target=ast.Name(id=name), ifs=conditions) as loop]:
                items = plain.checked(list, self.plain(loop.iter, depth))
            case _:
                raise Unknown
        values: list[Value] = []
        for item in items:
            inner = self.inside({**self.scope, name: item})
            if all(inner.plain(condition, depth) for condition in conditions):
                values.append(inner.plain(node.elt, depth))
        return set(values) if isinstance(node, ast.SetComp) else values

    def _named(self, node: ast.expr, depth: int) -> Value:
        name = dotted(node)
        if name in self.scope:
            value = self.scope[name]
            if isinstance(value, Unknown):
                raise Unknown
            return value
        if name in plain.NAMES:
            return plain.NAMES[name]
        match node:
            case ast.Attribute(value=owner, attr=attribute):
                return self._attribute(self.value(owner, depth + 1), attribute)
            case _:
                raise Unknown

    def _attribute(self, owner: Value, attribute: str) -> Value:
        if not isinstance(owner, Instance):
            raise Unknown
        subject = self.subject
        is_target = attribute == subject.name and subject.kind is TargetKind.PROPERTY
        if is_target and owner.is_known:
            return TargetCall(variables=_attributes(owner))
        if subject.is_property(attribute):
            return follow(self, owner, attribute, [], {})
        if attribute in owner.attributes and owner.is_known:
            return owner.attributes[attribute]
        raise Unknown

    def _operated(self, node: ast.expr, depth: int) -> Value:
        match node:
            case ast.BinOp(left=left, op=symbol, right=right):
                apply = plain.BINARY.get(type(symbol))
                if apply is None:
                    raise Unknown
                operands = self.plain(left, depth), self.plain(right, depth)
                return plain.checked(apply, *operands)
            case ast.UnaryOp(op=sign, operand=operand):
                return plain.checked(plain.UNARY[type(sign)], self.plain(operand))
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self.plain(value, depth) for value in values)
            case ast.BoolOp(values=values):
                return any(self.plain(value, depth) for value in values)
            case ast.Compare(left=left, ops=[symbol], comparators=[right]):
                compare = plain.COMPARE[type(symbol)]
                operands = self.plain(left, depth), self.plain(right, depth)
                return plain.checked(compare, *operands)
            case _:
                raise Unknown

    def _item(self, container: ast.expr, index: ast.expr, depth: int) -> Value:
        if isinstance(index, ast.Slice):
            raise Unknown
        return plain.checked(
            _item_of,
            self.plain(container, depth),
            self.plain(index, depth),
        )

    def arguments(
        self, node: ast.Call, depth: int = 0
    ) -> tuple[list[Value], dict[str, Value]]:
        """Return the values of a call's arguments."""
        positional = self._elements(node.args, depth)
        named: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                named.update(self.plain(keyword.value, depth))
            else:
                named[keyword.arg] = self.plain(keyword.value, depth)
        return positional, named

    def _call(self, node: ast.Call, depth: int) -> Value:
        name = dotted(node.func)
        meaning = resolved(name, self.aliases) if name else ""
        subject = self.subject
        if name and self._is_target(meaning):
            return self.target_call({}, *self.arguments(node, depth))
        if name.endswith("approx"):
            return self._approximate(node, depth)
        if meaning in {"asyncio.run", "run", "anyio.run"} and len(node.args) == 1:
            return self.value(node.args[0], depth + 1)
        if subject.class_name and meaning.endswith(subject.class_name):
            return construct(self, *self.arguments(node, depth))
        if isinstance(node.func, ast.Attribute) and name not in plain.CALLS:
            return self._method_call(node, node.func, depth)
        return self._builtin(node, name, depth)

    def _is_target(self, meaning: str) -> bool:
        subject = self.subject
        if subject.kind in {TargetKind.METHOD, TargetKind.PROPERTY}:
            return False
        # The last part is enough where a package's module stands in front.
        return meaning == subject.qualname or meaning.endswith("." + subject.qualname)

    def _method_call(
        self, node: ast.Call, function: ast.Attribute, depth: int
    ) -> Value:
        owner = self.value(function.value, depth + 1)
        positional, named = self.arguments(node, depth)
        if isinstance(owner, Instance):
            return self._instance_call(owner, function.attr, positional, named)
        if isinstance(owner, str) and not named:
            method = getattr(str, function.attr, None)
            if method is not None and function.attr not in {"format", "format_map"}:
                return plain.checked(method, owner, *positional)
        raise Unknown

    def _instance_call(
        self,
        owner: Instance,
        name: str,
        positional: list[Value],
        named: dict[str, Value],
    ) -> Value:
        if name != self.subject.name:
            return follow(self, owner, name, positional, named)
        if not owner.is_known:
            raise Unknown
        return self.target_call(_attributes(owner), positional, named)

    def _builtin(self, node: ast.Call, name: str, depth: int) -> Value:
        if name in VIEWS and len(node.args) == 1 and not node.keywords:
            inner = self.value(node.args[0], depth + 1)
            if isinstance(inner, TargetCall):
                return replace(inner, views=(*inner.views, name))
        if name == "round" and len(node.args) in {1, 2}:
            inner = self.value(node.args[0], depth + 1)
            if isinstance(inner, TargetCall):
                digits = self.plain(node.args[1]) if len(node.args) > 1 else 0
                return replace(inner, digits=digits)
        if name not in plain.CALLS or node.keywords:
            raise Unknown
        return plain.checked(plain.CALLS[name], *self._elements(node.args, depth))

    def _approximate(self, node: ast.Call, depth: int) -> Value:
        positional, named = self.arguments(node, depth)
        if len(positional) != 1:
            raise Unknown
        tolerance = max(named.get("abs") or 0.0, named.get("rel") or 0.0) or 1e-6
        return Approximate(positional[0], tolerance)

    def target_call(
        self,
        attributes: Mapping[str, Value],
        positional: list[Value],
        named: dict[str, Value],
    ) -> TargetCall:
        signature = self.subject.signature
        nowhere = self.inside({})
        defaults = {
            name: nowhere.plain(node) for name, node in signature.defaults.items()
        }
        bound = signature.bind(positional, named, defaults)
        return TargetCall(variables={**attributes, **bound})


def _item_of(container: Value, key: Value) -> Value:
    return container[key]


def _attributes(instance: Instance) -> dict[str, Value]:
    """Return a copy, since the test may go on to change the object."""
    return {
        f"self.{name}": copy.deepcopy(value)
        for name, value in instance.attributes.items()
        if not isinstance(value, Unknown)
    }
