"""Run the main job on every example, as a newcomer would type it.

Each line of targets.txt is a `FILE::QUALNAME`; nothing is written to the examples.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXPECTED_AT_LEAST = 5


def generate(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "orps_server", "generate", target]
    command += ["--python", sys.executable, *options]
    return subprocess.run(command, cwd=HERE, text=True, stdout=subprocess.PIPE)


def main() -> int:
    lines = (HERE / "targets.txt").read_text(encoding="utf-8").splitlines()
    targets = [line for line in lines if line and not line.startswith("#")]
    summary: list[str] = []
    n_solved = 0
    for target in targets:
        print(f"\n$ orps-lsp generate examples/{target}", flush=True)
        done = generate(target)
        print(done.stdout, end="", flush=True)
        n_solved += done.returncode == 0
        outcome = "passes all tests" if done.returncode == 0 else "not solved"
        summary.append(f"  {outcome:18} {target}")
    print("\nSummary, by the offline proposer, without any model:")
    print("\n".join(summary))
    print(f"\n{n_solved} of {len(targets)} solved. Add --write to keep a body;")
    print("add --base-url and --model to search with a language model.")
    return 0 if n_solved >= EXPECTED_AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
