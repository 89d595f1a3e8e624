"""`--write`: the best candidate goes into the file, if it deserves to."""

from orps_search.verdicts import passes
from orps_server.cli.streams import tell
from orps_server.diff import candidate_text
from orps_server.document import Result
from orps_server.source_file import SourceFile, write_source


def write_best(result: Result, source: SourceFile) -> None:
    """Write only what passes every test, and say what was done."""
    best = result.best
    if best is None:
        tell("nothing was written: there is no candidate")
        return
    if not best.outcome.all_passed:
        tell(f"nothing was written: the best candidate {passes(best.outcome)}")
        return
    if not best.outcome.may_be_applied:
        tell(
            "nothing was written: some of the tests ran in one process with the "
            "candidate, which could have forged their verdict; read it and apply it "
            "yourself (--diff shows it)"
        )
        return
    text = candidate_text(result.problem, best)
    if text is None or text == source.text:
        tell("nothing was written: what is there is the best candidate")
        return
    write_source(source, text)
    tell(f"wrote {result.problem.target.qualname} to {result.file}")
