# EXPECT: FAIL|ERROR|CRASH; a second answer spoils the next question, and passes nothing
import gc


def solve(x):
    for found in gc.get_objects():
        if type(found).__name__ == "Link":
            for value in (6, 20, 0, -14):
                found.tell({"a": found._n_questions, "v": [value], "n": []})
    return None
