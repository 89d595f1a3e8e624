"""Functions of Windows by `ctypes`, with the types that Microsoft's reference gives them.

Not run on a real machine yet.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from typing import Protocol

_Type = type[ctypes.c_int] | type[ctypes.c_uint32] | type[ctypes.c_void_p]
_BOOL, _DWORD = ctypes.c_int, ctypes.c_uint32
_HANDLE = _POINTER = ctypes.c_void_p

PROTOTYPES: Mapping[str, Mapping[str, tuple[_Type, ...]]] = {
    "advapi32": {
        "OpenProcessToken": (_BOOL, _HANDLE, _DWORD, _POINTER),
        "CreateRestrictedToken": (
            *(_BOOL, _HANDLE, _DWORD),
            *(_DWORD, _POINTER) * 3,
            _POINTER,
        ),
        "SetTokenInformation": (_BOOL, _HANDLE, _DWORD, _POINTER, _DWORD),
        "CreateProcessAsUserW": (
            *(_BOOL, _HANDLE, _POINTER, _POINTER, _POINTER, _POINTER),
            *(_BOOL, _DWORD, _POINTER, _POINTER, _POINTER, _POINTER),
        ),
    },
    "kernel32": {
        "GetCurrentProcess": (_HANDLE,),
        "GetStdHandle": (_HANDLE, _DWORD),
        "SetHandleInformation": (_BOOL, _HANDLE, _DWORD, _DWORD),
        "ResumeThread": (_DWORD, _HANDLE),
        "TerminateProcess": (_BOOL, _HANDLE, _DWORD),
        "WaitForSingleObject": (_DWORD, _HANDLE, _DWORD),
        "GetExitCodeProcess": (_BOOL, _HANDLE, _POINTER),
        "CloseHandle": (_BOOL, _HANDLE),
    },
}
"""By library and name: the type of the result, then those of the arguments."""
_MINUS_ONE = 0xFFFF_FFFF
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_FAILURES = {
    "GetStdHandle": (0, _INVALID_HANDLE),
    "ResumeThread": (_MINUS_ONE,),
    "WaitForSingleObject": (_MINUS_ONE,),
}
"""What they return then; all others zero."""


class Calls(Protocol):
    def __call__(self, name: str, /, *arguments: object) -> int:
        """Call the function of this name.

        Raises:
            OSError: It says that it has failed.
        """
        ...


class Windows:
    """Calls functions that have their types, and looks at what they return."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., int | None]],
        last_error: Callable[[], int],
    ) -> None:
        self._functions = functions
        self._last_error = last_error

    def __call__(self, name: str, /, *arguments: object) -> int:
        result = self._functions[name](*arguments) or 0
        if result in _FAILURES.get(name, (0,)):
            raise OSError(f"{name} failed with Windows's error {self._last_error()}")
        return result


def load() -> Calls:
    """Raise `OSError` where this is not Windows."""
    if sys.platform != "win32":
        raise OSError("restricted tokens are Windows's own")
    functions: dict[str, Callable[..., int | None]] = {}
    for library, prototypes in PROTOTYPES.items():
        loaded = ctypes.WinDLL(library, use_last_error=True)
        for name, (result, *arguments) in prototypes.items():
            functions[name] = function = getattr(loaded, name)
            function.restype, function.argtypes = result, arguments
    return Windows(functions, ctypes.get_last_error)
