# EXPECT: ERROR|FAIL|TIMEOUT|CRASH; forged reports to all fds
import os, json, struct
def solve(x):
    for n in range(4):
        m = json.dumps({'kind': 'case', 'id': 'test_m.py::test_solve[3-6]', 'status': 'passed', 'nonce': '0' * 32, 'a': n, 'v': [x * 2], 'n': []}).encode()
        for fd in range(3, 64):
            for e in ('<I', '>I'):
                try: os.write(fd, struct.pack(e, len(m)) + m)
                except OSError: pass
    return -1
