/**
 * Where everything is drawn: pure geometry, in pixels, from a search document.
 */
import { hierarchy, tree, type HierarchyPointNode } from 'd3-hierarchy';
import { scaleLinear } from 'd3-scale';

import type { Candidate, Cost } from './document';

export const ROW_HEIGHT = 34;
export const COLUMN_WIDTH = 92;
const MARGIN = 34;
/** Beside the last column's shapes stands what they scored. */
const LABEL_WIDTH = 40;

export interface TreeNode {
  readonly candidate: Candidate;
  readonly x: number;
  readonly y: number;
  /** Where the line to the parent ends. */
  readonly from: { readonly x: number; readonly y: number };
}

export interface TreeLayout {
  readonly width: number;
  readonly height: number;
  readonly root: { readonly x: number; readonly y: number };
  /** In the order in which the keyboard walks: each before its children. */
  readonly nodes: readonly TreeNode[];
  readonly columns: readonly { readonly round: number; readonly x: number }[];
}

/** One column for each round, left to right; the stub stands before the first. */
export function treeLayout(candidates: readonly Candidate[]): TreeLayout {
  const root = placed(candidates);
  const points = root.descendants();
  const top = Math.min(...points.map((point) => point.x));
  const bottom = Math.max(...points.map((point) => point.x));
  const rounds = [...new Set(candidates.map((candidate) => candidate.round))];
  rounds.sort((one, other) => one - other);
  const columnOf = (round: number) => MARGIN + (rounds.indexOf(round) + 1) * COLUMN_WIDTH;
  const at = (point: HierarchyPointNode<Place>) => ({
    x: point.data.candidate === undefined ? MARGIN : columnOf(point.data.candidate.round),
    y: point.x - top + MARGIN + ROW_HEIGHT / 2,
  });
  const nodes: TreeNode[] = [];
  root.eachBefore((point) => {
    const { candidate } = point.data;
    if (candidate !== undefined && point.parent !== null) {
      nodes.push({ candidate, ...at(point), from: at(point.parent) });
    }
  });
  return {
    width: 2 * MARGIN + rounds.length * COLUMN_WIDTH + LABEL_WIDTH,
    height: bottom - top + 2 * MARGIN + ROW_HEIGHT / 2,
    root: at(root),
    nodes,
    columns: rounds.map((round) => ({ round, x: columnOf(round) })),
  };
}

interface Place {
  /** `undefined` for the stub. */
  readonly candidate: Candidate | undefined;
}

function placed(candidates: readonly Candidate[]): HierarchyPointNode<Place> {
  const childrenOf = new Map<string | undefined, Place[]>();
  for (const candidate of candidates) {
    const siblings = childrenOf.get(candidate.parent);
    if (siblings === undefined) {
      childrenOf.set(candidate.parent, [{ candidate }]);
    } else {
      siblings.push({ candidate });
    }
  }
  const root = hierarchy<Place>({ candidate: undefined }, ({ candidate }) =>
    childrenOf.get(candidate?.id),
  );
  return tree<Place>().nodeSize([ROW_HEIGHT, COLUMN_WIDTH])(root);
}

export type CostKind = keyof Cost;

export interface Dot {
  readonly candidate: Candidate;
  /** Of the candidate and all its ancestors: what it took to get here. */
  readonly cost: number;
  readonly x: number;
  readonly y: number;
}

export interface ScatterLayout {
  readonly width: number;
  readonly height: number;
  readonly dots: readonly Dot[];
  /** Candidates that nobody beats in both tests and cost, cheapest first. */
  readonly front: readonly Dot[];
  readonly xTicks: readonly { readonly x: number; readonly label: string }[];
  readonly yTicks: readonly { readonly y: number; readonly label: string }[];
  readonly plot: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;
}

const SCATTER = { width: 460, height: 250 };
const PLOT = { left: 44, right: 440, top: 16, bottom: 206 };

/** Candidates that have not been executed have nothing to be compared by. */
export function scatterLayout(all: readonly Candidate[], kind: CostKind): ScatterLayout {
  const byId = new Map(all.map((candidate) => [candidate.id, candidate]));
  const candidates = all.filter(({ rank }) => rank !== undefined);
  const costs = candidates.map((candidate) => pathCost(candidate, byId, kind));
  const total = Math.max(1, ...candidates.map((candidate) => candidate.total));
  const xScale = scaleLinear([0, Math.max(...costs, Number.EPSILON)], [PLOT.left, PLOT.right]);
  const yScale = scaleLinear([0, total], [PLOT.bottom, PLOT.top]);
  xScale.nice(5);
  const dots = candidates.map((candidate, index) => {
    const cost = costs[index] ?? 0;
    return { candidate, cost, x: xScale(cost), y: yScale(candidate.passed) };
  });
  // SI prefixes shorten thousands; in front of a second's parts they would be taken for minutes.
  const [, most = 0] = xScale.domain();
  const label = most < 1000 ? xScale.tickFormat(5) : xScale.tickFormat(5, '~s');
  return {
    ...SCATTER,
    plot: PLOT,
    dots,
    front: paretoFront(dots),
    xTicks: xScale.ticks(5).map((tick) => ({ x: xScale(tick), label: label(tick) })),
    yTicks: yScale
      .ticks(Math.min(5, total))
      .filter(Number.isInteger)
      .map((tick) => ({ y: yScale(tick), label: tick.toString() })),
  };
}

/** The candidates from the root to `candidate`, this one included. */
export function pathTo(
  candidate: Candidate,
  byId: ReadonlyMap<string, Candidate>,
): readonly Candidate[] {
  const parent = candidate.parent === undefined ? undefined : byId.get(candidate.parent);
  return parent === undefined ? [candidate] : [...pathTo(parent, byId), candidate];
}

function pathCost(
  candidate: Candidate,
  byId: ReadonlyMap<string, Candidate>,
  kind: CostKind,
): number {
  return pathTo(candidate, byId).reduce((sum, { cost }) => sum + cost[kind], 0);
}

function paretoFront(dots: readonly Dot[]): Dot[] {
  const cheapestFirst = dots.toSorted(
    (one, other) => one.cost - other.cost || other.candidate.passed - one.candidate.passed,
  );
  const front: Dot[] = [];
  for (const dot of cheapestFirst) {
    if (dot.candidate.passed > (front.at(-1)?.candidate.passed ?? 0)) {
      front.push(dot);
    }
  }
  return front;
}
