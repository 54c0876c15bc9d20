/**
 * The spec of a single-task baseline: one task alone on the network that it would have in the joint one, with the same data,
 * the same rows in the same parts, and as many steps.
 */
import {
  innermost,
  orderedText,
  readMonitor,
  toOrdered,
  traitsOf,
  type ArmSpec,
  type Ordered,
  type Spec,
} from '../spec/index.ts';

type Match = Extract<ArmSpec, { readonly auto: 'single-task' }>['match'];
type Fields = Map<string, Ordered>;

/** How many batches one step reads (several-batch and two-level strategies). */
export function batchesPerStep(spec: Spec): number {
  const { reads } = traitsOf(innermost(spec.strategy));
  return reads === 'three' ? 3 : reads === 'halves' ? 2 : 1;
}

/**
 * The text of the baseline of a task.
 *
 * - Tasks, weights and blocks that the task does not need are left out, the strategy with them; the task's weight is 1.
 *   Inputs stay, since rows with missing cells may be dropped for them.
 * - A split that is stratified by the first classification task goes on being stratified by its column.
 * - Predictions of other tasks that it takes as input are left out (`chained` names them).
 * - `match`: with strategies that read several batches in a step, as many `steps`, or as many `examples`. With `parameters`
 *   as many steps; `widths.ts` then finds the widths. With `time` as many epochs, by which the pace is measured (`pace.ts`).
 */
export function singleTaskText(spec: Spec, task: string, match: Match): string {
  const fields = mapOf(toOrdered(spec));
  fields.delete('experiment');
  fields.delete('strategy');
  fields.delete('weights');
  const own = mapOf(mapOf(fields.get('tasks')).get(task));
  own.set('input', withoutPredictions(own.get('input')));
  fields.set('tasks', new Map([[task, own]]));
  const needed = blocksOf(fields, own);
  fields.set('network', new Map([...mapOf(fields.get('network'))].filter(([name]) => needed.has(name))));
  // The rows are spread over the parts as in the joint run, whose first classification task may be gone.
  fields.set('data', mapOf(fields.get('data')).set('split', toOrdered(effectiveSplit(spec))));
  fields.set('training', matched(mapOf(fields.get('training')), spec, task, match));
  return `// The single-task baseline of ${JSON.stringify(task)}, derived from the experiment's spec.\n${orderedText(fields)}\n`;
}

/** Other tasks whose predictions the task takes as input. */
export function chained(spec: Spec, task: string): readonly string[] {
  const input = spec.tasks.get(task)?.input;
  return [input ?? []].flat().filter((name) => name.startsWith('task:'));
}

const mapOf = (value: Ordered | undefined): Fields =>
  new Map(value instanceof Map ? (value as ReadonlyMap<string, Ordered>) : []);
const namesOf = (value: Ordered | undefined): readonly string[] =>
  [value ?? []].flat().filter((name): name is string => typeof name === 'string');

function withoutPredictions(input: Ordered | undefined): Ordered {
  return namesOf(input).filter((name) => !name.startsWith('task:'));
}

/** Blocks that the task reads, directly or not. */
function blocksOf(fields: Fields, task: Fields): ReadonlySet<string> {
  const network = mapOf(fields.get('network'));
  const found = new Set<string>();
  const look = (names: readonly string[]): void => {
    for (const name of names) {
      if (!network.has(name) || found.has(name)) continue;
      found.add(name);
      look(namesOf(mapOf(network.get(name)).get('input')));
    }
  };
  look(namesOf(task.get('input')));
  return found;
}

/** The split as it comes out: `stratify: true` is by a column of the tasks that there are. */
export function effectiveSplit(spec: Spec): Spec['data']['split'] {
  const { split } = spec.data;
  return 'stratify' in split && split.stratify === true ? { ...split, stratify: stratumColumn(spec) ?? false } : split;
}

/** The column of the first task that has one class a row, which `stratify: true` means. */
function stratumColumn(spec: Spec): string | undefined {
  for (const task of spec.tasks.values()) {
    if (task.type !== 'classification') continue;
    return namesOf(toOrdered(task.target))[0];
  }
  return undefined;
}

function matched(training: Fields, spec: Spec, task: string, match: Match): Ordered {
  const batches = batchesPerStep(spec);
  const { epochs, steps } = spec.training;
  // An epoch of the joint run is all rows once: as many examples, and as many steps as it has groups of batches.
  if ((match === 'steps' || match === 'parameters') && epochs !== undefined)
    training.set('epochs', Math.max(1, Math.round(epochs / batches)));
  if (match === 'examples' && steps !== undefined) training.set('steps', steps * batches);
  for (const key of ['earlyStopping', 'schedule']) {
    const value = mapOf(training.get(key));
    const monitor = value.get('monitor');
    if (typeof monitor !== 'string') continue;
    const watched = readMonitor(monitor);
    if (watched !== undefined && (!('task' in watched) || watched.task === task)) continue;
    value.delete('monitor');
    training.set(key, value);
  }
  return training;
}
