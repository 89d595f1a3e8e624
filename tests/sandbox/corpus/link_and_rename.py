# EXPECT: PASS|ERROR|FAIL; hard link to the secret
import os
def solve(x):
    try:
        os.link('/tmp/canary/secret.txt', 'mine.txt')
        print('LEAK:', open('mine.txt').read())
    except OSError: pass
    try:
        os.rename('/tmp/canary/victim.txt', 'mine2.txt')
    except OSError: pass
    return x * 2
