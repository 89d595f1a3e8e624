"""`orps-lsp` and `python -m orps_server`."""

import sys

from orps_server.cli.arguments import Serve, parse_arguments
from orps_server.errors import RequestFault


def main() -> int:
    """Read the command line and do what it says; the result is the exit status."""
    # What a command needs is imported when it is known: an editor waits for `Serve`.
    try:
        command = parse_arguments(sys.argv[1:])
    except RequestFault as fault:
        from orps_server.cli.main import report  # noqa: PLC0415

        return report(fault)
    if isinstance(command, Serve):
        from orps_server.cli.serve import serve_stdio  # noqa: PLC0415

        return serve_stdio(command)
    from orps_server.cli.main import run  # noqa: PLC0415

    return run(command)


if __name__ == "__main__":
    sys.exit(main())
