"""How much one execution may use."""

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one execution of one candidate; each is enforced from outside it."""

    wall_seconds: float = 30.0
    """The whole run: imports, collection and every case."""
    case_seconds: float = 5.0
    """One case. ORPS's released code uses the same five seconds a test."""
    cpu_seconds: float = 30.0
    memory_bytes: int = 512 * MIB
    """Address space beyond what collecting the cases already needs."""
    output_bytes: int = 8 * MIB
    """Written to stdout and stderr together before the run is stopped."""
    kept_output_bytes: int = 16 * 1024
    """The part of that output, from its end, which an outcome keeps."""
    file_bytes: int = 64 * MIB
    processes: int = 64

    def within_case(self, seconds: float | None) -> "Limits":
        """Return limits that give a case no more than this; `None` changes nothing."""
        if seconds is None or seconds >= self.case_seconds:
            return self
        return replace(self, case_seconds=seconds)
