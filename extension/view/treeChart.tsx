/**
 * The tree of candidates, round by round; walked with the arrow keys like any tree.
 */
import { useMemo, useRef } from 'preact/hooks';

import type { Candidate, SearchDocument } from './document';
import { treeLayout, type TreeNode } from './layout';
import { Shape } from './shapes';
import { spoken } from './words';

export interface Pointing {
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  /** The candidate under the mouse or the focus, and where on the page. */
  readonly onPoint: (candidate: Candidate | undefined, at?: Element) => void;
}

export function TreeChart({ search, ...pointing }: { search: SearchDocument } & Pointing) {
  const layout = useMemo(() => treeLayout(search.candidates), [search]);
  const svg = useRef<SVGSVGElement>(null);
  const entry = layout.nodes.find(({ candidate }) => candidate.id === pointing.selected);
  const tabStop = entry ?? layout.nodes[0];

  const move = (event: KeyboardEvent, node: TreeNode) => {
    const next = neighbor(layout.nodes, node, event.key);
    if (next !== undefined) {
      event.preventDefault();
      svg.current
        ?.querySelector<SVGGElement>(`[data-id="${CSS.escape(next.candidate.id)}"]`)
        ?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      pointing.onSelect(node.candidate.id);
    }
  };

  return (
    <div class="scroller">
      <svg
        ref={svg}
        class="tree"
        role="tree"
        aria-label="Candidates round by round"
        width={layout.width}
        height={layout.height}
      >
        <text class="axis" x={layout.root.x} y={18} text-anchor="middle">
          stub
        </text>
        {layout.columns.map(({ round, x }) => (
          <text key={round} class="axis" x={x} y={18} text-anchor="middle">
            round {round}
          </text>
        ))}
        {layout.nodes.map((node) => (
          <path key={node.candidate.id} class="edge" d={edge(node)} aria-hidden="true" />
        ))}
        <rect class="stub" x={layout.root.x - 7} y={layout.root.y - 7} width={14} height={14} />
        {layout.nodes.map((node) => (
          <g
            key={node.candidate.id}
            data-id={node.candidate.id}
            class={node.candidate.id === pointing.selected ? 'node selected' : 'node'}
            role="treeitem"
            aria-level={levelOf(node, layout.nodes)}
            aria-selected={node.candidate.id === pointing.selected}
            aria-label={spoken(node.candidate)}
            tabIndex={node === tabStop ? 0 : -1}
            onClick={() => pointing.onSelect(node.candidate.id)}
            onKeyDown={(event) => move(event, node)}
            onFocus={(event) => pointing.onPoint(node.candidate, event.currentTarget)}
            onBlur={() => pointing.onPoint(undefined)}
            onMouseEnter={(event) => pointing.onPoint(node.candidate, event.currentTarget)}
            onMouseLeave={() => pointing.onPoint(undefined)}
          >
            <circle class="halo" cx={node.x} cy={node.y} r={15} />
            <Shape state={node.candidate.state} x={node.x} y={node.y} />
            <text class="label" x={node.x + 16} y={node.y + 4}>
              {labelOf(node.candidate)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Where an arrow key leads; `undefined` for other keys and at the ends. */
export function neighbor(
  nodes: readonly TreeNode[],
  from: TreeNode,
  key: string,
): TreeNode | undefined {
  const here = nodes.indexOf(from);
  switch (key) {
    case 'ArrowLeft':
      return nodes.find(({ candidate }) => candidate.id === from.candidate.parent);
    case 'ArrowRight':
      return nodes.find(({ candidate }) => candidate.parent === from.candidate.id);
    case 'ArrowUp':
      return nodes[here - 1];
    case 'ArrowDown':
      return nodes[here + 1];
    case 'Home':
      return nodes[0];
    case 'End':
      return nodes.at(-1);
    default:
      return undefined;
  }
}

function levelOf(node: TreeNode, nodes: readonly TreeNode[]): number {
  const parent = nodes.find(({ candidate }) => candidate.id === node.candidate.parent);
  return parent === undefined ? 1 : levelOf(parent, nodes) + 1;
}

function labelOf(candidate: Candidate): string {
  const score = `${candidate.passed}/${candidate.total}`;
  return candidate.rank === undefined ? score : `#${candidate.rank} ${score}`;
}

function edge({ from, x, y }: TreeNode): string {
  const middle = (from.x + x) / 2;
  return `M${from.x} ${from.y} C${middle} ${from.y} ${middle} ${y} ${x} ${y}`;
}
