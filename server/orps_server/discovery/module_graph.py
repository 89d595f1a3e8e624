"""How the definitions of the target's module lead to one another.

A test that calls `median` may do so through an implemented `summary`; one that
calls `Stack.pop` may need `Stack.__init__`, which may be a stub as well.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orps_search.source.definitions import (
    Function,
    bound_by,
    flat_statements,
    named_definitions,
)
from orps_server.discovery.uses import Uses, uses_of, uses_of_class_body

_BUILDERS = ("__init__", "__new__", "__post_init__")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleGraph:
    uses: Mapping[str, Uses]
    """What each definition and constant mentions, by qualified name."""
    classes: frozenset[str]

    @property
    def symbols(self) -> frozenset[str]:
        """What another file can import."""
        return frozenset(name for name in self.uses if "." not in name)

    def reach(
        self, symbols: Iterable[str], attributes: Iterable[str]
    ) -> frozenset[str]:
        """All definitions that code may enter which mentions these.

        An attribute leads to the classes that are in reach; where none of them has
        it, the object came from elsewhere and any class may be meant.
        """
        reached: set[str] = set()
        seen_attributes = set(attributes)
        pending = set(symbols) & self.uses.keys()
        while pending:
            while pending:
                name = pending.pop()
                reached.add(name)
                used = self.uses[name]
                seen_attributes |= used.attributes
                pending |= (used.names & self.symbols) - reached
                if name in self.classes:
                    builders = {f"{name}.{builder}" for builder in _BUILDERS}
                    pending |= (builders & self.uses.keys()) - reached
            pending |= self._members(seen_attributes, reached) - reached
        return frozenset(reached)

    def _members(self, attributes: set[str], reached: set[str]) -> set[str]:
        found: set[str] = set()
        for attribute in attributes:
            owners = [n for n in self.uses if n.endswith(f".{attribute}")]
            near = [n for n in owners if n.rpartition(".")[0] in reached]
            found.update(near or owners)
        return found


def module_graph(tree: ast.Module) -> ModuleGraph:
    uses: dict[str, Uses] = {}
    for statement in flat_statements(tree.body):
        if not isinstance(
            statement, Function | ast.ClassDef | ast.Import | ast.ImportFrom
        ):
            for name in bound_by(statement):
                uses[name] = uses.get(name, Uses()) | uses_of(statement)
    named = named_definitions(tree)
    for qualname, definition in named.items():
        node = definition.node
        is_class = isinstance(node, ast.ClassDef)
        uses[qualname] = uses_of_class_body(node) if is_class else _of_body(node)
    return ModuleGraph(
        uses=uses,
        classes=frozenset(
            q for q, d in named.items() if isinstance(d.node, ast.ClassDef)
        ),
    )


def _of_body(node: ast.AST) -> Uses:
    """Of a function without its annotations and parameters, which call nothing."""
    assert isinstance(node, Function)
    return uses_of(*node.body, *node.decorator_list, *node.args.defaults)
