"""What is to be solved: a target, what surrounds it, and the cases that decide."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.program import CaseSelection
from orps_search.source.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that the search and the prompts may see."""

    target: Target
    module_path: str
    """POSIX path of the target's file, relative to the project's root."""
    module_text: str
    """The file as the person sees it now; `target` offsets refer to it."""
    runnable_text: str
    """The same text, with other definitions that do not parse commented out."""
    context: str
    """What of the module the model is shown besides the target."""
    related: str = ""
    """What of the rest of the project the model is shown."""
    test_sources: Mapping[str, str]
    """The texts of the selected tests, by relative path."""
    selection: CaseSelection
    withheld: tuple[str, ...] = ()
    """Values that are taken out of whatever is sent or kept."""
    case_ids: tuple[str, ...]
    """Those that decide: all that were collected but the flaky ones."""
    flaky: tuple[FlakyCase, ...] = ()
    """Cases that vary on the person's own text: they are told of, and not run."""

    @property
    def fingerprint(self) -> str:
        """Changes when the target, its tests or their selection change."""
        digest = hashlib.sha256()
        parts = [self.module_path, self.target.qualname, self.target.source]
        parts += [text for item in sorted(self.test_sources.items()) for text in item]
        # Which cases are found to be flaky is a matter of luck.
        parts += sorted([*self.case_ids, *(case.id for case in self.flaky)])
        for part in parts:
            digest.update(part.encode())
            digest.update(b"\0")
        return digest.hexdigest()
