/** Parts of a flat row of shared parameters, and what is put together from parts. */
import type { Plan } from '../../../plan/plan.ts';
import { at, entry, type Matrix } from '../../../numbers/linear.ts';
import type { Model } from '../../model/build.ts';
import { element } from '../by-task.ts';
import { sharedLayout } from '../passes/layout.ts';
import type { Segment, SharedLayout } from '../contract.ts';

/** One problem that a strategy solves; places are those of the request's segments. */
export interface Problem {
  readonly name: string;
  /** Places of the request's segments whose statistics are added up. */
  readonly measured: readonly number[];
  /** Places of the segments that the weights are for. */
  readonly weighed: readonly number[];
}

/** The layer of a variable: its path without the parameter. */
const layerOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Runs of neighbors that `nameOf` calls alike. */
export function segmentsBy({ variables }: SharedLayout, nameOf: (path: string) => string): Segment[] {
  const segments: Segment[] = [];
  for (const { path, offset, size } of variables) {
    const name = nameOf(path);
    const last = segments.at(-1);
    if (last?.name === name) segments[segments.length - 1] = { ...last, size: last.size + size };
    else segments.push({ name, offset, size });
  }
  return segments;
}

/** The block that a variable lies in, or its task's part: the longest name that its path begins with. */
export function blockNamer(plan: Pick<Plan, 'blocks' | 'tasks'>): (path: string) => string {
  const names = [...plan.blocks.keys(), ...[...plan.tasks.keys()].map((task) => `tasks/${task}`)];
  return (path) =>
    names
      .filter((name) => path.startsWith(`${name}/`))
      .reduce((best, name) => (name.length > best.length ? name : best), '');
}

/** One problem for all segments of a name. */
export function problemsOf(segments: readonly Segment[]): Problem[] {
  const names = [...new Set(segments.map(({ name }) => name))];
  return names.map((name) => {
    const places = segments.flatMap((segment, place) => (segment.name === name ? [place] : []));
    return { name, measured: places, weighed: places };
  });
}

/** A block that holds shared parameters. */
export interface SharedBlock {
  readonly name: string;
  /** Places of its segments. */
  readonly places: readonly number[];
  /** Indices of the tasks whose losses reach it. */
  readonly tasks: ReadonlySet<number>;
}

/** The row of shared parameters, block by block. */
export interface SharedBlocks {
  readonly segments: readonly Segment[];
  readonly blocks: readonly SharedBlock[];
}

/** @param tasks names, in order */
export function sharedBlocks(
  model: Pick<Model, 'variables'>,
  plan: Pick<Plan, 'blocks' | 'tasks'>,
  tasks: readonly string[],
): SharedBlocks {
  const nameOf = blockNamer(plan);
  const segments = segmentsBy(sharedLayout(model), nameOf);
  const blocks = problemsOf(segments).map(({ name, measured }): SharedBlock => {
    const own = model.variables.filter((one) => one.shared && one.trainable && nameOf(one.path) === name);
    const reaching = tasks.flatMap((task, index) => (own.some((one) => one.tasks.includes(task)) ? [index] : []));
    return { name, places: measured, tasks: new Set(reaching) };
  });
  return { segments, blocks };
}

/** Segments and problems of GradNorm: the norms of the named layers, weights for everything. */
export function layerProblem(
  layout: SharedLayout,
  layers: ReadonlySet<string>,
): { segments: Segment[]; problems: Problem[] } {
  const segments = segmentsBy(layout, (path) => (layers.has(layerOf(path)) ? 'layer' : 'other'));
  const places = segments.map((_, place) => place);
  const measured = places.filter((place) => element(segments, place).name === 'layer');
  if (measured.length === 0) throw new RangeError('The layers whose norms are taken have no shared parameter.');
  return { segments, problems: [{ name: '', measured, weighed: places }] };
}

/** What a strategy found for one problem. */
export interface Solved<Found> {
  readonly problem: Problem;
  readonly weighing: Found;
}

/**
 * For each segment of the request what was found for the problem that weighs it.
 *
 * @throws Error where no problem weighs a segment: its parameters would stay as they are, and nobody would know
 */
export function foundBySegment<Found>(segments: readonly Segment[], solved: readonly Solved<Found>[]): Found[] {
  return segments.map(({ name }, place) => {
    const found = solved.find(({ problem }) => problem.weighed.includes(place));
    if (!found) throw new Error(`No problem weighs the segment "${name}".`);
    return found.weighing;
  });
}

/**
 * The sum of matrices of one size, at least one.
 *
 * @throws RangeError where one is smaller than the first
 */
export function addGrams(grams: readonly Matrix[]): number[][] {
  return element(grams, 0).map((line, i) =>
    line.map((_, j) => grams.reduce((sum, gram) => sum + entry(gram, i, j), 0)),
  );
}

/** The mean of weights over problems, at least one: with `per: block` there is no one weight of a task. */
export function meanWeights(lists: readonly (readonly number[])[]): number[] {
  const first = element(lists, 0);
  if (lists.length === 1) return [...first];
  return first.map((_, i) => lists.reduce((sum, list) => sum + at(list, i), 0) / lists.length);
}
