# EXPECT: PASS|ERROR|FAIL; sysctl, cgroup, oom
def solve(x):
    for f, t in (('/proc/sys/kernel/core_pattern', '|/tmp/canary/x'), ('/proc/sysrq-trigger', 'h'), ('/proc/self/oom_score_adj', '-1000'), ('/sys/fs/cgroup/cgroup.procs', '1'), ('/proc/self/uid_map', '0 0 1'), ('/proc/self/clear_refs', '5')):
        try: open(f, 'w').write(t)
        except OSError: pass
    return x * 2
