/**
 * Two plans in one picture. Merged first and collapsed then: siblings are drawn as one only where they are alike in both, or
 * differ alike, so that no difference disappears in a group.
 */
import { differences, flatText, type Difference } from '../spec/index.ts';
import { about, drawnWithin, maximalPartsAlike, sketchOf, type DiagramOptions, type SizesOrigin } from './diagram.ts';
import { deltaText, mergeSketches } from './diagram-merge.ts';
import { signs } from './diagram-signs.ts';
import type { Sketch, SketchNode } from './diagram-sketch.ts';
import type { Change, Diagram, DiagramDifference, DifferentLine, LegendEntry, Plan } from './plan.ts';
import { grouped, type PlanLocale, words } from './words.ts';

/** One of the two. */
export interface Compared {
  /** What it is called: a file, a run. */
  readonly name: string;
  readonly plan: Plan;
  readonly sizes?: SizesOrigin | undefined;
}

/** More than this on a node are counted there; the list has them all. */
const mostDetails = 3;
/** A value that is longer is cut on a node; the list has it whole. */
const longestValue = 40;

/** @param second what the first is held against */
export function differenceOf(
  first: Compared,
  second: Compared,
  locale: PlanLocale,
  options: Omit<DiagramOptions, 'sizes'> = {},
): Diagram {
  const say = words[locale];
  const tasks = [...new Set([...first.plan.tasks.keys(), ...second.plan.tasks.keys()])];
  const ranks = new Map(tasks.map((name, index) => [name, index] as const));
  const found = differences(second.plan.spec, first.plan.spec);
  const merged = (mostParts: number): Sketch => {
    const [a, b] = [first, second].map(({ plan }) => sketchOf(plan, ranks, locale, mostParts));
    if (a === undefined || b === undefined) throw new RangeError('There are two.');
    return mergeSketches(a, b, { locale, tasks, details: detailsOf(a, b, found, locale) });
  };
  const counts = countsOf(merged(maximalPartsAlike));
  const same = counts.added + counts.removed + counts.changed === 0;
  const difference: DiagramDifference = {
    ...{ first: first.name, second: second.name, counts },
    legend: same ? [] : legendOf(first.name, second.name, locale),
    lines: found.map(lineOf),
  };
  const notes = [first, second].map(
    ({ name, plan, sizes }) => `${say.labeled(name)}${about(plan, locale, sizes).note}`,
  );
  const texts = {
    title: say.differenceTitle(first.name, second.name),
    description: same ? say.sameNetworks : say.differenceDescription(counts),
    note: [...notes, ...deltaNote(first.plan, second.plan, locale)].join(say.space),
  };
  return { ...drawnWithin(merged, ranks, texts, locale, { ...options, legend: difference.legend }), difference };
}

function deltaNote(first: Plan, second: Plan, locale: PlanLocale): readonly string[] {
  const [now, before] = [first.parameters.total, second.parameters.total];
  if (now === null || before === null || now === before) return [];
  return [words[locale].deltaInAll(deltaText(now - before, grouped))];
}

function countsOf({ nodes, edges }: Sketch): DiagramDifference['counts'] {
  const count = (change: Change | undefined): number =>
    [...nodes, ...edges].filter((one) => one.change === change).length;
  return { added: count('added'), removed: count('removed'), changed: count('changed'), alike: count(undefined) };
}

function legendOf(first: string, second: string, locale: PlanLocale): readonly LegendEntry[] {
  const say = words[locale];
  const rows: readonly (readonly [Change | null, string])[] = [
    ['added', `${signs.added} ${say.onlyIn(first)}`],
    ['removed', `${signs.removed} ${say.onlyIn(second)}`],
    ['changed', `${signs.changed} ${say.differsFromTo(second, first)}`],
    [null, say.alikeInBoth],
  ];
  return rows.map(([change, text], index) => ({ id: `k${String(index)}`, change, text }));
}

function lineOf({ pointer, before, after }: Difference): DifferentLine {
  const written = (value: Difference['before']): string | null => (value === undefined ? null : flatText(value));
  return { pointer, first: written(after), second: written(before) };
}

/** What differs of a node's own text and is not drawn: a loss, a regularization, the way an input is scaled. */
function detailsOf(
  first: Sketch,
  second: Sketch,
  found: readonly Difference[],
  locale: PlanLocale,
): ReadonlyMap<string, readonly string[]> {
  const others = new Map(second.nodes.map((node) => [node.key, node]));
  const candidates = first.nodes.filter(({ key, kind }) => kind !== 'part' && others.has(key));
  const byKey = new Map<string, { readonly path: string; readonly difference: Difference }[]>();
  for (const difference of found) {
    const { pointer } = difference;
    let owner: SketchNode | undefined;
    for (const node of candidates) {
      const inside = node.pointer !== null && pointer.startsWith(`${node.pointer}/`);
      if (inside && node.pointer.length > (owner?.pointer?.length ?? -1)) owner = node;
      // A target that is another one is the prediction's own place.
      if (node.pointer === pointer && node.kind === 'prediction') owner = node;
    }
    if (owner === undefined) continue;
    const path = pointer === owner.pointer ? '' : pointer.slice((owner.pointer?.length ?? 0) + 1);
    if (isDrawn(path, owner, others.get(owner.key))) continue;
    byKey.set(owner.key, [...(byKey.get(owner.key) ?? []), { path, difference }]);
  }
  const say = words[locale];
  return new Map(
    [...byKey].map(([key, all]) => {
      const told = all.slice(0, mostDetails).map(({ path, difference: { before, after } }) => {
        const values = `${shortValue(before)} → ${shortValue(after)}`;
        return path === '' ? values : `${path} ${values}`;
      });
      const more = all.length - told.length;
      return [key, more > 0 ? [...told, say.moreDifferences(more)] : told] as const;
    }),
  );
}

/** Whom it reads is an edge; layers are lines of the label, as far as those differ. */
function isDrawn(path: string, now: SketchNode, before: SketchNode | undefined): boolean {
  const [key = ''] = path.split('/');
  if (key === 'input' || key === 'stopGradient') return true;
  const linesOf = (node: SketchNode | undefined): string => JSON.stringify(node?.lines.map(({ text }) => text));
  return key === 'layers' && linesOf(now) !== linesOf(before);
}

function shortValue(value: Difference['before']): string {
  if (value === undefined) return '∅';
  const written = typeof value === 'string' ? value : flatText(value);
  return written.length > longestValue ? `${written.slice(0, longestValue - 1)}…` : written;
}
