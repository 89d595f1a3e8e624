"""A token of Windows for a process that is to have less than its user has.

It is the user's own without the administrators' groups and without privileges but that
of passing through folders, at the low level of integrity: nothing can be written that is
not marked as low, whatever its access list says, and no ordinary process of the user can
be touched.  What the user may read can be read, and the network is there: without more,
this isolates nothing.  No restricting identifiers are set: with them, an interpreter in
the user's own folder would not start.
"""

import ctypes
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from orps_sandbox.windows_api import Calls

DISABLE_MAX_PRIVILEGE = 0x1
LUA_TOKEN = 0x4
TOKEN_ASSIGN_PRIMARY = 0x1
TOKEN_DUPLICATE = 0x2
TOKEN_QUERY = 0x8
TOKEN_ADJUST_DEFAULT = 0x80
"""To change the level of integrity; the new token's handle has the same rights."""
TOKEN_INTEGRITY_LEVEL = 25
SE_GROUP_INTEGRITY = 0x20
_LABEL_AUTHORITY = 16
LOW = 4096


class Sid(ctypes.Structure):
    """SID, with one sub-authority."""

    _fields_ = (
        ("Revision", ctypes.c_uint8),
        ("SubAuthorityCount", ctypes.c_uint8),
        ("IdentifierAuthority", ctypes.c_uint8 * 6),
        ("SubAuthority", ctypes.c_uint32 * 1),
    )


class MandatoryLabel(ctypes.Structure):
    """TOKEN_MANDATORY_LABEL, which is one SID_AND_ATTRIBUTES."""

    _fields_ = (("Sid", ctypes.c_void_p), ("Attributes", ctypes.c_uint32))


def low_sid() -> Sid:
    """S-1-16-4096."""
    authority = (ctypes.c_uint8 * 6)(0, 0, 0, 0, 0, _LABEL_AUTHORITY)
    return Sid(1, 1, authority, (ctypes.c_uint32 * 1)(LOW))


@contextmanager
def restricted_token(calls: Calls) -> Generator[int]:
    """Make one from this process's own; its handle is closed in the end.

    Raises:
        OSError: Windows refused.
    """
    access = TOKEN_ASSIGN_PRIMARY | TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ADJUST_DEFAULT
    flags = DISABLE_MAX_PRIVILEGE | LUA_TOKEN
    own, restricted = ctypes.c_void_p(), ctypes.c_void_p()
    with ExitStack() as handles:
        process = calls("GetCurrentProcess")
        calls("OpenProcessToken", process, access, ctypes.byref(own))
        handles.callback(calls, "CloseHandle", own)
        calls(
            "CreateRestrictedToken",
            *(own, flags),
            *(0, None) * 3,
            ctypes.byref(restricted),
        )
        handles.callback(calls, "CloseHandle", restricted)
        sid = low_sid()
        label = MandatoryLabel(ctypes.addressof(sid), SE_GROUP_INTEGRITY)
        calls(
            "SetTokenInformation",
            *(restricted, TOKEN_INTEGRITY_LEVEL),
            *(ctypes.byref(label), ctypes.sizeof(label) + ctypes.sizeof(sid)),
        )
        yield restricted.value or 0
