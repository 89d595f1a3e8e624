"""What tests are looked for: the target, and what else its module leaves open."""

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath

from orps_search.source.definitions import named_definitions
from orps_search.source.find import find_targets
from orps_search.source.heal import Healed, heal
from orps_search.source.target import Target, TargetKind
from orps_server.discovery.bindings import ModuleId
from orps_server.discovery.module_graph import ModuleGraph, module_graph
from orps_server.discovery.project_tree import ProjectTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    target: Target
    path: str
    text: str
    tree: ast.Module
    graph: ModuleGraph
    module: ModuleId
    other_stubs: frozenset[str]
    """Qualified names; cases that enter one cannot pass whatever is written."""

    @property
    def name(self) -> str:
        """As a person would say it: `Stack.push`."""
        return self.target.qualname

    def is_in(self, reached: frozenset[str]) -> bool:
        """Whether code that enters these definitions can judge the target."""
        qualname = self.target.qualname
        if self.target.kind is TargetKind.CLASS:
            return any(n == qualname or n.startswith(f"{qualname}.") for n in reached)
        owner, _, name = qualname.rpartition(".")
        # Operators and protocols call these without a word of them in the text.
        is_special = name.startswith("__") and name.endswith("__")
        return qualname in reached or (bool(owner) and is_special and owner in reached)


def read_subject(files: ProjectTree, path: str, text: str, target: Target) -> Subject:
    healed = heal(text)
    assert isinstance(healed, Healed), "the target was found in this text"
    graph = module_graph(healed.parsed.tree)
    known = named_definitions(healed.parsed.tree)
    own = f"{target.qualname}."
    return Subject(
        target=target,
        path=path,
        text=text,
        tree=healed.parsed.tree,
        graph=graph,
        module=ModuleId(
            path=PurePosixPath(path),
            symbols=graph.symbols,
            exists=files.exists,
            read=files.read,
        ),
        other_stubs=frozenset(
            stub.qualname
            for stub in find_targets(text)
            if stub.is_stub
            and stub.kind is not TargetKind.CLASS
            and stub.qualname in known
            and stub.qualname != target.qualname
            and not stub.qualname.startswith(own)
        ),
    )
