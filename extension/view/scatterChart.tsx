/**
 * Tests passed against what it cost to get there, with the front that nobody beats.
 */
import { useMemo } from 'preact/hooks';

import type { SearchDocument } from './document';
import { scatterLayout, type CostKind } from './layout';
import { Shape } from './shapes';
import type { Pointing } from './treeChart';
import { COST_WORDS, spoken } from './words';

interface Axis {
  readonly kind: CostKind;
  readonly onKind: (kind: CostKind) => void;
}

export function ScatterChart({
  search,
  kind,
  onKind,
  ...pointing
}: { search: SearchDocument } & Axis & Pointing) {
  const layout = useMemo(() => scatterLayout(search.candidates, kind), [search, kind]);
  const { plot } = layout;
  return (
    <figure class="scatter">
      <figcaption>
        Tests passed against{' '}
        <select
          aria-label="Cost"
          value={kind}
          onChange={(event) => onKind(event.currentTarget.value as CostKind)}
        >
          {Object.entries(COST_WORDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>{' '}
        spent from the stub to there; the line is the Pareto front.
      </figcaption>
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="img"
        aria-label={`${layout.front.length} of ${layout.dots.length} candidates are on the Pareto front`}
      >
        {layout.yTicks.map(({ y, label }) => (
          <g key={label}>
            <line class="grid" x1={plot.left} x2={plot.right} y1={y} y2={y} />
            <text class="axis" x={plot.left - 10} y={y + 4} text-anchor="end">
              {label}
            </text>
          </g>
        ))}
        {layout.xTicks.map(({ x, label }) => (
          <text key={label} class="axis" x={x} y={plot.bottom + 20} text-anchor="middle">
            {label}
          </text>
        ))}
        <text
          class="axis"
          x={(plot.left + plot.right) / 2}
          y={layout.height - 6}
          text-anchor="middle"
        >
          {COST_WORDS[kind]}
        </text>
        <polyline class="front" points={layout.front.map(({ x, y }) => `${x},${y}`).join(' ')} />
        {layout.dots.map(({ candidate, x, y }) => (
          <g
            key={candidate.id}
            class={candidate.id === pointing.selected ? 'node selected' : 'node'}
            onClick={() => pointing.onSelect(candidate.id)}
            onMouseEnter={(event) => pointing.onPoint(candidate, event.currentTarget)}
            onMouseLeave={() => pointing.onPoint(undefined)}
          >
            <circle class="halo" cx={x} cy={y} r={15} />
            <Shape state={candidate.state} x={x} y={y} />
            <title>{spoken(candidate)}</title>
          </g>
        ))}
      </svg>
    </figure>
  );
}
