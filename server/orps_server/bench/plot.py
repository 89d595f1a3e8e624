"""Anytime curves, as text for a terminal and as SVG; pure."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

Curves = Mapping[str, Sequence[float]]
"""By policy: the share solved after 1, 2, ... calls."""

_WIDTH, _HEIGHT = 64, 16
_LEAST_RANGE = 0.01
_MARKS = "oxa+*#%@v^"
_COLORS = (
    "#1b6ca8", "#c1440e", "#2e7d32", "#6a1b9a", "#8d6e00", "#00838f", "#ad1457", "#455a64",
)  # fmt: skip


def text_plot(curves: Curves, *, title: str) -> str:
    """One mark per policy; where curves meet, the first one is seen."""
    n_calls = max((len(curve) for curve in curves.values()), default=0)
    if not n_calls:
        return ""
    low, high = _range(curves)
    grid = [[" "] * _WIDTH for _ in range(_HEIGHT)]
    for (_, curve), mark in reversed(list(zip(curves.items(), _MARKS, strict=False))):
        for column in range(_WIDTH):
            calls = 1 + round(column * (n_calls - 1) / (_WIDTH - 1))
            share = curve[min(calls, len(curve)) - 1]
            row = round((high - share) / (high - low) * (_HEIGHT - 1))
            grid[row][column] = mark
    lines = [title]
    for number, cells in enumerate(grid):
        share = high - number * (high - low) / (_HEIGHT - 1)
        label = f"{100 * share:5.1f} %" if number % 5 == 0 else ""
        lines.append(f"{label:>8} |{''.join(cells).rstrip()}")
    lines += [
        f"{'':>8} +{'-' * _WIDTH}",
        f"{'':>10}1{'calls':^{_WIDTH - 1 - len(str(n_calls))}}{n_calls}",
        "   ".join(f"{mark} {name}" for name, mark in zip(curves, _MARKS, strict=False))
        .center(_WIDTH + 10)
        .rstrip(),
    ]
    return "\n".join(lines) + "\n"


def svg_plot(curves: Curves, *, title: str) -> str:
    """A page of its own, readable without colors: each line is named at its end."""
    width, height, left, right, top, bottom = 760, 420, 60, 150, 40, 50
    n_calls = max((len(curve) for curve in curves.values()), default=1)
    low, high = _range(curves)

    def x(calls: float) -> float:
        return left + (calls - 1) / max(1, n_calls - 1) * (width - left - right)

    def y(share: float) -> float:
        return top + (high - share) / (high - low) * (height - top - bottom)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="12" role="img" '
            f'aria-label="{escape(title)}">'
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{left}" y="22" font-size="15">{escape(title)}</text>',
    ]
    for step in range(5):
        share = low + step * (high - low) / 4
        parts.append(
            f'<line x1="{left}" x2="{width - right}" y1="{y(share):.1f}" '
            f'y2="{y(share):.1f}" stroke="#dddddd"/>'
            f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end">'
            f"{100 * share:.0f} %</text>"
        )
    ticks = {1, *(round(n_calls * part / 4) for part in range(1, 5))} - {0}
    parts.extend(
        f'<text x="{x(calls):.1f}" y="{height - bottom + 18}" '
        f'text-anchor="middle">{calls}</text>'
        for calls in sorted(ticks)
    )
    parts.append(
        f'<text x="{(left + width - right) / 2}" y="{height - 12}" '
        'text-anchor="middle">calls</text>'
    )
    ends = _spread([y(curve[-1]) for curve in curves.values() if curve])
    named = [(name, curve) for name, curve in curves.items() if curve]
    for idx, ((name, curve), end) in enumerate(zip(named, ends, strict=True)):
        color = _COLORS[idx % len(_COLORS)]
        points = " ".join(
            f"{x(calls):.1f},{y(share):.1f}" for calls, share in enumerate(curve, 1)
        )
        parts.append(
            f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{points}"/>'
            f'<text x="{x(len(curve)) + 8:.1f}" y="{end + 4:.1f}" fill="{color}">'
            f"{escape(name)} {100 * curve[-1]:.1f} %</text>"
        )
    return "\n".join((*parts, "</svg>", ""))


def _range(curves: Curves) -> tuple[float, float]:
    shares = [share for curve in curves.values() for share in curve] or [0.0]
    low, high = min(shares), max(shares)
    return (
        (low, high)
        if high - low > _LEAST_RANGE
        else (max(0.0, low - 0.05), high + 0.05)
    )


def _spread(places: Sequence[float], *, apart: float = 15.0) -> list[float]:
    """Move labels down until none lies on another."""
    order = sorted(range(len(places)), key=places.__getitem__)
    spread = list(places)
    for before, after in pairwise(order):
        spread[after] = max(spread[after], spread[before] + apart)
    return spread
