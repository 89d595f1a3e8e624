# EXPECT: PASS; a file of the user keeps its content, its mode and its name
import os
import shutil


def solve(x):
    victim = "/tmp/canary/victim.txt"
    for attempt in (
        lambda: os.truncate(victim, 0),
        lambda: os.unlink(victim),
        lambda: os.rename(victim, "/tmp/canary/other"),
        lambda: os.rename(victim, "mine"),
        lambda: os.chmod(victim, 0o777),
        lambda: os.setxattr(victim, "user.mark", b"1"),
        lambda: shutil.copyfile("/etc/passwd", victim),
        lambda: open(victim, "a").write("more"),
        lambda: os.mkfifo("/tmp/canary/fifo"),
    ):
        try:
            attempt()
        except OSError:
            pass
    return 2 * x
