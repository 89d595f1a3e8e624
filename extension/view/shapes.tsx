/**
 * One shape and one color for each state; either of them alone tells it.
 */
import type { JSX } from 'preact';

import { CANDIDATE_STATES, type CandidateState } from './document';
import { STATE_WORDS } from './words';

const SIZE = 9;

export function Shape({ state, x, y }: { state: CandidateState; x: number; y: number }) {
  const common = { class: `shape ${state}`, transform: `translate(${x} ${y})` };
  return <g {...common}>{OUTLINES[state]}</g>;
}

const OUTLINES: Readonly<Record<CandidateState, JSX.Element>> = {
  passing: (
    <>
      <circle r={SIZE} />
      <path class="mark" d="M-4 0 L-1 3.5 L4.5 -3.5" />
    </>
  ),
  beam: <path d={`M0 ${-SIZE - 1} L${SIZE + 1} 0 L0 ${SIZE + 1} L${-SIZE - 1} 0 Z`} />,
  truncated: <rect x={-SIZE + 2} y={-SIZE + 2} width={2 * SIZE - 4} height={2 * SIZE - 4} />,
  failed: (
    <>
      <path d={`M0 ${-SIZE} L${SIZE} ${SIZE - 2} L${-SIZE} ${SIZE - 2} Z`} />
      <path class="mark" d="M-2.5 0 L2.5 5 M2.5 0 L-2.5 5" />
    </>
  ),
  running: <circle r={SIZE - 1} />,
};

export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {CANDIDATE_STATES.map((state) => (
        <li key={state}>
          <svg width={24} height={24} aria-hidden="true">
            <Shape state={state} x={12} y={12} />
          </svg>
          {STATE_WORDS[state]}
        </li>
      ))}
    </ul>
  );
}
