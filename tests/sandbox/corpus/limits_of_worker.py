# EXPECT: PASS; limits and priorities of other processes stay as they are
import os
import resource


def solve(x):
    worker = os.getppid() or 1
    for attempt in (
        lambda: resource.prlimit(worker, resource.RLIMIT_NOFILE, (1, 1)),
        lambda: os.setpriority(os.PRIO_PROCESS, worker, 19),
        lambda: os.setpriority(os.PRIO_USER, 0, 19),
        lambda: os.sched_setaffinity(worker, {0}),
    ):
        try:
            attempt()
        except OSError:
            continue
        return "the worker can be slowed down"
    return 2 * x
