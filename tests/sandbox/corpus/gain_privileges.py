# EXPECT: PASS; no capability is left, and no program gives one back
import subprocess


def capabilities(text):
    lines = (line.split() for line in text.splitlines() if line.startswith("Cap"))
    return {name: int(value, 16) for name, value in lines}


def solve(x):
    with open("/proc/self/status") as status:
        own = capabilities(status.read())
    if own["CapEff:"] or own["CapPrm:"]:
        return own
    finished = subprocess.run(["id", "-u"], capture_output=True, text=True, check=True)
    return 2 * x if finished.stdout.strip().isdigit() else None
