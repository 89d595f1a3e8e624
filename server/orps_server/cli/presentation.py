"""One result, in the form that was asked for, on stdout."""

import json

from orps_server.cli.options import Output
from orps_server.cli.ranking import ranking_text
from orps_server.cli.streams import is_terminal, write_result
from orps_server.document import Result, document


def present(result: Result, output: Output) -> None:
    match output:
        case Output.JSON:
            # Escapes keep lone surrogates, which are no UTF-8, inside the document.
            write_result(json.dumps(document(result), indent=2) + "\n")
        case Output.DIFF:
            if result.best:
                write_result(result.diff(result.best), result.encoding)
        case Output.RANKING | Output.WRITE:
            _present_ranking(result)


def _present_ranking(result: Result) -> None:
    if is_terminal():
        # rich takes a tenth of a second to import, which scripts need not pay.
        from orps_server.cli.terminal import print_ranking  # noqa: PLC0415

        print_ranking(result)
    else:
        write_result(ranking_text(result))
