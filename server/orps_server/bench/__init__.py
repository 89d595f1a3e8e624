"""The evaluation harness: policies on problems whose hidden tests score them.

What a search may see (`task.Task`) and what only scores it (`task.Hidden`) are two
values that never meet in one function but `dataset.read_task`, which tells them apart.
"""
