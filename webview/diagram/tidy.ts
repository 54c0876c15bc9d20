/**
 * Mermaid's layout (dagre) made legible where a mechanism fans out: edges leave a node below and arrive above, spread over
 * its width in the order of their other ends, so that none runs behind a neighbor or crosses another without need; inputs
 * stand over what reads them. Which node lies in which rank stays as Mermaid has it.
 */
import type { Diagram } from '../../src/plan/plan.ts';

/** Along: the way that the picture reads. Across: over the nodes of one rank. */
interface Box {
  readonly group: SVGGElement;
  along: number;
  across: number;
  /** Half of its extent. */
  readonly deep: number;
  readonly wide: number;
}

interface Point {
  readonly along: number;
  readonly across: number;
}

interface Route {
  readonly path: SVGPathElement;
  readonly id: string;
  readonly from: Box;
  readonly to: Box;
  /** Where a long edge passes between the nodes of the ranks on its way. */
  readonly via: readonly Point[];
}

/** Room for the head of the arrow. */
const arrow = 5;
const gap = 28;
/** Share of a node's width over which its edges are spread: slanted shapes are narrower below. */
const spread = 0.6;

/** @param picture in the page, so that it can be measured */
export function tidy(picture: SVGSVGElement, diagram: Diagram): void {
  // A graph within the graph has coordinates of its own.
  if (picture.querySelector('g.root g.root')) return;
  const sideways = diagram.direction === 'LR';
  const boxes = boxesOf(picture, sideways);
  placeInputs(boxes, diagram, sideways);
  const routes = routesOf(picture, boxes, sideways);
  const ports = portsOf(routes);
  for (const route of routes) {
    const { start, end } = ports.get(route.path) ?? { start: route.from.across, end: route.to.across };
    const points: readonly Point[] = [
      { along: route.from.along + route.from.deep, across: start },
      ...route.via,
      { along: route.to.along - route.to.deep - arrow, across: end },
    ];
    route.path.setAttribute('d', bumps(points, sideways));
    placeLabel(picture, route, sideways);
  }
}

function boxesOf(picture: SVGSVGElement, sideways: boolean): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const group of picture.querySelectorAll<SVGGElement>('g[data-testid="node"]')) {
    const { e: x, f: y } = group.transform.baseVal.consolidate()?.matrix ?? new DOMMatrix();
    const { width, height } = group.getBBox();
    const [along, across] = sideways ? [x, y] : [y, x];
    const [deep, wide] = sideways ? [width / 2, height / 2] : [height / 2, width / 2];
    boxes.set(group.dataset['id'] ?? '', { group, along, across, deep, wide });
  }
  return boxes;
}

/** Inputs of a rank over the middle of what reads them, in that order, none over another. */
function placeInputs(boxes: ReadonlyMap<string, Box>, { nodes, edges }: Diagram, sideways: boolean): void {
  const wanted = nodes.flatMap(({ id, kind }) => {
    const box = boxes.get(id);
    const readers = edges.flatMap((edge) => (edge.from === id ? (boxes.get(edge.to) ?? []) : []));
    if (kind !== 'input' || box === undefined || readers.length === 0) return [];
    return [{ box, at: readers.reduce((sum, { across }) => sum + across, 0) / readers.length }];
  });
  const ranks = grouped(wanted, ({ box }) => Math.round(box.along));
  for (const [rank, inputs] of ranks) {
    // Where something else stands beside them there is no room to move.
    const others = [...boxes.values()].filter(({ along }) => Math.round(along) === rank).length;
    if (others !== inputs.length) continue;
    const sorted = inputs.toSorted((one, other) => one.at - other.at);
    let edge = -Infinity;
    const places = sorted.map(({ box, at }) => {
      const place = Math.max(at, edge + box.wide);
      edge = place + box.wide + gap;
      return place;
    });
    const shift = sorted.reduce((sum, { at }, index) => sum + at - (places[index] ?? at), 0) / sorted.length;
    for (const [index, { box }] of sorted.entries()) {
      box.across = (places[index] ?? box.across) + shift;
      const [x, y] = sideways ? [box.along, box.across] : [box.across, box.along];
      box.group.setAttribute('transform', `translate(${String(x)}, ${String(y)})`);
    }
  }
}

function routesOf(picture: SVGSVGElement, boxes: ReadonlyMap<string, Box>, sideways: boolean): readonly Route[] {
  const all = [...boxes.values()];
  return [...picture.querySelectorAll<SVGPathElement>('path[data-testid="edge"]')].flatMap((path): Route[] => {
    const [from, to] = [boxes.get(path.dataset['from'] ?? ''), boxes.get(path.dataset['to'] ?? '')];
    // What leads back, as in a cycle that is an error of the spec, stays as it is.
    if (from === undefined || to === undefined || to.along - to.deep <= from.along + from.deep) return [];
    const between = pointsOf(path, sideways).filter(
      ({ along }) => along > from.along + from.deep && along < to.along - to.deep,
    );
    let passed = from.along;
    // Straight past the nodes of a rank, of each once.
    const via = between.flatMap(({ along, across }) => {
      const beside = all.filter((box) => Math.abs(box.along - along) < box.deep);
      if (beside.length === 0) return [];
      const begin = Math.min(...beside.map((box) => box.along - box.deep));
      const end = Math.max(...beside.map((box) => box.along + box.deep));
      if (begin <= passed || end >= to.along) return [];
      passed = end;
      return [
        { along: begin, across },
        { along: end, across },
      ];
    });
    return [{ path, id: path.dataset['id'] ?? path.id, from, to, via }];
  });
}

/** The points that the layout has given to an edge. */
function pointsOf(path: SVGPathElement, sideways: boolean): readonly Point[] {
  const written = path.dataset['points'];
  if (written === undefined) return [];
  try {
    const points = JSON.parse(atob(written)) as readonly { readonly x: number; readonly y: number }[];
    return points.map(({ x, y }) => (sideways ? { along: x, across: y } : { along: y, across: x }));
  } catch {
    return [];
  }
}

interface Ports {
  readonly start: number;
  readonly end: number;
}

/** Where each edge leaves and arrives: in the order of where it goes and comes from. */
function portsOf(routes: readonly Route[]): ReadonlyMap<SVGPathElement, Ports> {
  const starts = new Map<SVGPathElement, number>();
  const ends = new Map<SVGPathElement, number>();
  const assign = (
    groups: ReadonlyMap<Box, readonly Route[]>,
    into: Map<SVGPathElement, number>,
    towards: (route: Route) => number,
  ): void => {
    for (const [box, own] of groups) {
      const sorted = own.toSorted((one, other) => towards(one) - towards(other));
      const width = 2 * box.wide * spread;
      for (const [index, { path }] of sorted.entries()) {
        into.set(path, box.across + (sorted.length === 1 ? 0 : width * (index / (sorted.length - 1) - 0.5)));
      }
    }
  };
  assign(grouped(routes, ({ from }) => from), starts, ({ via, to }) => via[0]?.across ?? to.across); // prettier-ignore
  assign(grouped(routes, ({ to }) => to), ends, ({ via, from }) => via.at(-1)?.across ?? from.across); // prettier-ignore
  return new Map(
    routes.map(({ path, from, to }) => [
      path,
      { start: starts.get(path) ?? from.across, end: ends.get(path) ?? to.across },
    ]),
  );
}

/** From point to point, leaving and arriving straight along. */
function bumps(points: readonly Point[], sideways: boolean): string {
  const write = ({ along, across }: Point): string => {
    const [x, y] = sideways ? [along, across] : [across, along];
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let before = first;
  const pieces = rest.map((point) => {
    const middle = (before.along + point.along) / 2;
    const piece = `C${write({ along: middle, across: before.across })} ${write({ along: middle, across: point.across })} ${write(point)}`;
    before = point;
    return piece;
  });
  return `M${write(first)}${pieces.join('')}`;
}

/** Near where the edge begins: there the weights of many tasks stand apart. */
function placeLabel(picture: SVGSVGElement, { path, id }: Route, sideways: boolean): void {
  const label = [...picture.querySelectorAll<SVGGElement>('g.edgeLabel')].find(
    (one) => one.querySelector<SVGGElement>('.label')?.dataset['id'] === id,
  );
  if (label === undefined || label.textContent.trim() === '') return;
  const { x, y } = path.getPointAtLength(Math.min(path.getTotalLength() / 2, sideways ? 48 : 26));
  label.setAttribute('transform', `translate(${String(x)}, ${String(y)})`);
}

/** `Map.groupBy`, which the oldest Node that tests run on lacks. */
function grouped<T, Key>(values: readonly T[], keyOf: (value: T) => Key): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
