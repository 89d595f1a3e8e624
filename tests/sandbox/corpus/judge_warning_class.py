# EXPECT: FAIL|ERROR|CRASH; warnings and logs carry no code into the judge
import logging
import warnings


class Evil(UserWarning):
    def __str__(self):
        return "%(evil)s {0.__class__}"


def solve(x):
    warnings.warn(Evil("x"))
    logging.getLogger("root.%s").error("%s %d", "only one")
    return None
