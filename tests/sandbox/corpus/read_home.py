# EXPECT: PASS; the user's home and the passwords of the system stay closed
import os
import pwd


def solve(x):
    home = pwd.getpwuid(os.getuid()).pw_dir
    for path in (home, f"{home}/.ssh", "/etc/shadow", "/root", "/var/log"):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            continue
        return f"{path} is open"
    return 2 * x
