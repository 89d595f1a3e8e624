"""Assembles and installs a seccomp filter: a list of rules, compiled to classic BPF.

The list is walked from its top for each system call; about 20 ns in all.  Compiled
here so that nothing has to be installed in the user's environment.
"""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from orps_sandbox.worker.syscalls import syscall

if TYPE_CHECKING:
    from collections.abc import Sequence

_SET_MODE_FILTER = 1
_CALL_NUMBER = {"x86_64": 317, "aarch64": 277}
_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000

# Offsets in `struct seccomp_data`; an argument's low half comes first.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

# Operation codes of classic BPF: load a word, mask it, compare, return.
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06

_ALLOW = 0x7FFF0000
_ERROR = 0x00050000
_KILL = 0x80000000


@dataclass(frozen=True)
class Deny:
    """The call fails with `error`; with 0 it does nothing and seems to work."""

    number: int
    error: int


@dataclass(frozen=True)
class DenyUnless:
    """The call fails unless the masked low half of one argument has this value."""

    number: int
    error: int
    argument: int
    mask: int
    value: int


@dataclass(frozen=True)
class DenyIf:
    """The call fails if the low half of one argument has one of these values."""

    number: int
    error: int
    argument: int
    values: tuple[int, ...]


Rule = Union[Deny, DenyUnless, DenyIf]  # noqa: UP007 - evaluated by Python 3.9


def compiled(rules: Sequence[Rule], machine: str) -> bytes:
    """Calls of another architecture's table would not be what our numbers mean."""
    program = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_EQUAL, _AUDIT_ARCHITECTURE[machine], on_true=1),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        program += [
            _instruction(_AT_LEAST, _X32_BIT, on_false=1),
            _instruction(_RETURN, _KILL),
        ]
    for rule in rules:
        body = _body(rule)
        program.append(_instruction(_EQUAL, rule.number, on_false=len(body)))
        program += body
    program.append(_instruction(_RETURN, _ALLOW))
    return b"".join(program)


def install(program: bytes, machine: str) -> None:
    """From here on; for this process and all that it starts."""
    buffer = ctypes.create_string_buffer(program, len(program))
    # `struct sock_fprog`: a count, padding, and the address of the instructions.
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    )
    syscall(_CALL_NUMBER[machine], _SET_MODE_FILTER, 0, ctypes.addressof(header))


def _body(rule: Rule) -> list[bytes]:
    """What happens to a call with the rule's number; never falls through."""
    deny = _instruction(_RETURN, _ERROR | rule.error)
    if isinstance(rule, Deny):
        return [deny]
    allow = _instruction(_RETURN, _ALLOW)
    load = _instruction(_LOAD, _ARGUMENTS + 8 * rule.argument)
    if isinstance(rule, DenyUnless):
        mask = _instruction(_AND, rule.mask)
        return [load, mask, _instruction(_EQUAL, rule.value, on_false=1), allow, deny]
    compared: list[bytes] = []
    for value in rule.values:
        compared += [_instruction(_EQUAL, value, on_false=1), deny]
    return [load, *compared, allow]


def _instruction(
    code: int, operand: int, *, on_true: int = 0, on_false: int = 0
) -> bytes:
    return struct.pack("=HBBI", code, on_true, on_false, operand)
