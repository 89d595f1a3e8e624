"""`orps-lsp` and `python -m orps_server`."""

import sys

INTERRUPTED = 130
PLAIN = frozenset({"--stdio", "--check-parent-process"})
"""With nothing else an editor is greeted before the arguments are even read."""


def main() -> int:
    """Read the command line and do what it says; the result is the exit status."""
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C while modules are still being imported; later it is a cancellation.
        return INTERRUPTED


def _run(argv: list[str]) -> int:
    kept = None
    if set(argv) <= PLAIN:
        from orps_server.doorman import wait_at_the_door  # noqa: PLC0415

        kept = wait_at_the_door()
        if kept.exit_status is not None:
            return kept.exit_status
    # What a command needs is imported when it is known: an editor waits for `Serve`.
    # Nothing of it is imported above, where Ctrl-C would show a traceback.
    from orps_server.cli.arguments import Serve, parse_arguments  # noqa: PLC0415
    from orps_server.errors import RequestFault  # noqa: PLC0415

    try:
        command = parse_arguments(argv)
    except RequestFault as fault:
        from orps_server.cli.main import report  # noqa: PLC0415

        return report(fault)
    if isinstance(command, Serve):
        from orps_server.cli.serve import serve_stdio  # noqa: PLC0415

        return serve_stdio(command, kept)
    from orps_server.cli.main import run  # noqa: PLC0415

    return run(command)


if __name__ == "__main__":
    sys.exit(main())
