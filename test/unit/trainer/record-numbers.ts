/** Every number that records tell of a run, for comparisons: what a person sees, not only what the parameters become. */
import type { EventInput } from '../../../src/runs/events.ts';

/** What stands for “no value”: far from any number, and equal to itself. */
const none = -1e6;
/** How fast the machine was. */
const ofTime: ReadonlySet<string> = new Set(['seconds', 'stepsPerSecond', 'residentBytes']);

/** All numbers within a value by their path; `null` counts as one. */
function* numbersIn(value: unknown, path: string): Generator<readonly [string, number]> {
  if (typeof value === 'number') yield [path, value];
  else if (value === null) yield [path, none];
  else if (typeof value === 'object') {
    const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
    for (const [key, each] of entries) {
      if (!ofTime.has(String(key))) yield* numbersIn(each, `${path}/${String(key)}`);
    }
  }
}

/** Losses, weights, total, objective, penalty, norms, cosines, metrics … of step, gradients and epoch records, by place. */
export function recordNumbers(records: readonly EventInput[]): Map<string, Float32Array> {
  const numbers = new Map<string, number[]>();
  for (const record of records) {
    if (record.kind !== 'step' && record.kind !== 'gradients' && record.kind !== 'epoch') continue;
    for (const [path, value] of numbersIn(record, record.kind)) {
      const list = numbers.get(path) ?? [];
      list.push(value);
      numbers.set(path, list);
    }
  }
  return new Map([...numbers].map(([path, list]) => [path, Float32Array.from(list)]));
}
