/**
 * What makes a run the run it is: the resolved spec, its seeds, the data and the engine. Two experiments, or two machines,
 * that ask for the same numbers ask for the same run; what only names or places it does not count.
 */
import { createHash } from 'node:crypto';
import { orderedText } from '../runs/json.ts';
import { toOrdered, type Ordered, type Spec } from '../spec/index.ts';
import type { Replicate, Surroundings, Variant } from './contract.ts';

/** Digits of a run's id: with 80 bits a million runs meet by chance in one case of 2 · 10¹². */
const digits = 20;

export function hashOf(value: unknown): string {
  return createHash('sha256').update(orderedText(value), 'utf8').digest('hex');
}

const without = (map: Ordered, keys: readonly string[]): Ordered =>
  map instanceof Map ? new Map([...(map as ReadonlyMap<string, Ordered>)].filter(([key]) => !keys.includes(key))) : map;

function changed(map: Ordered, key: string, change: (value: Ordered) => Ordered): Ordered {
  if (!(map instanceof Map)) return map;
  const fields = map as ReadonlyMap<string, Ordered>;
  const value = fields.get(key);
  return value === undefined ? map : new Map([...fields, [key, change(value)]]);
}

/** The long form that a run of an experiment is trained by: without the experiment that it belongs to. */
export function trainedForm(spec: Spec): Ordered {
  return without(toOrdered(spec), ['experiment']);
}

/** Members that only name a spec or tell of it. */
const words = ['name', 'description', '$schema'];

/** Hash of what a spec trains: {@link trainedForm} without words. */
export const trainedHash = (spec: Spec): string => hashOf(without(trainedForm(spec), words));

/** Hash of what an experiment runs and how it is judged, without its question. */
export const experimentHash = ({ experiment }: Spec): string =>
  hashOf(without(toOrdered(experiment ?? null), ['question']));

/** Hash of a spec aside from its seeds, its names, and the engine, which the machine may choose. */
export function variantHash(spec: Spec): string {
  const bare = without(trainedForm(spec), words);
  const training = changed(bare, 'training', (value) => without(value, ['seed', 'seeds', 'engine', 'memory']));
  return hashOf(changed(training, 'data', (data) => changed(data, 'split', (split) => without(split, ['seed']))));
}

/**
 * The id of a run. The seeds are those that it ends up with: of the spec where the replicate leaves them alone.
 *
 * @param seeds what `seedsOf` says of the spec with the replicate's settings in it
 */
export function runId(variant: Variant, seeds: Ordered, { engine, files }: Surroundings): string {
  const data = [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hashOf({
    variant: variant.hash,
    seeds,
    engine: [engine.name, engine.version],
    data,
  }).slice(0, digits);
}

/** Every seed of a spec, a replicate's settings put in. */
export function seedsOf(spec: Spec, { settings }: Replicate): Ordered {
  const { split } = spec.data;
  const seeds = new Map<string, Ordered>([
    ['/training/seed', spec.training.seed],
    ['/training/seeds', toOrdered(spec.training.seeds ?? {})],
    ['/data/split/seed', 'seed' in split ? split.seed : null],
  ]);
  for (const { pointer, value } of settings) seeds.set(pointer, toOrdered(value));
  return seeds;
}
