/** Settings of the factors, as a stage's method chooses them: one after the other where it learns from what it saw. */
import { joined, text, type Text } from '../common/text.ts';
import { parsePointer, toOrdered, type FactorSpec, type Ordered, type Setting, type StageSpec } from '../spec/index.ts';
import { designs } from './designs/table.ts';
import type { Trial } from './designs/contract.ts';

export type Method = NonNullable<StageSpec['method']>;
export type Point = ReadonlyMap<string, Ordered>;

export interface PointRequest {
  readonly method: Method;
  readonly factors: readonly FactorSpec[];
  readonly runs: number | null;
  readonly tasks: readonly string[];
  readonly seed: number;
  /** How many settings of a method that learns are chosen at once; known from the text alone, so that all machines agree. */
  readonly batch: number;
}

export interface Points {
  readonly known: readonly Point[];
  /** At most so many more, once what is known has ended. */
  readonly later: number;
  readonly remarks: readonly Text[];
}

/**
 * @param trialOf what a point has come to, values to be made small; undefined while it has not ended
 */
export function pointsOf(request: PointRequest, trialOf: (point: Point) => Trial | undefined): Points {
  const row = designs[request.method];
  const problems = row.problems(request);
  if (problems.length > 0) return { known: [], later: 0, remarks: [joined(problems)] };
  if (row.kind === 'fixed') {
    const { settings, merged } = row.settings(request);
    return { known: settings, later: 0, remarks: merged === 0 ? [] : [mergedText(merged)] };
  }
  const total = request.runs ?? 0;
  const known: Point[] = [];
  while (known.length < total) {
    const begun = known.length - (known.length % request.batch);
    const before = known.slice(0, begun).map(trialOf);
    if (before.some((trial) => trial === undefined)) break;
    // Of its own batch a method knows what is being tried, and nothing of what that comes to.
    const running = known.slice(begun).map((setting): Trial => ({ setting, values: [], state: 'running' }));
    known.push(row.next([...before.filter((trial) => trial !== undefined), ...running], request));
  }
  return { known, later: total - known.length, remarks: [] };
}

function mergedText(count: number): Text {
  return text(
    `${String(count)} settings were the same as others, since a factor did not apply, and are run once.`,
    `有 ${String(count)} 个设置因某些因素不适用而与其他设置相同，只运行一次。`,
  );
}

/**
 * What is set for a point. What chooses among words (a strategy's name, a type) comes first, since it resets the rest.
 */
export function settingsOf(point: Point, factors: readonly FactorSpec[]): readonly Setting[] {
  const settings = factors.flatMap(({ name, path }): Setting[] => {
    const value = point.get(name);
    return value === undefined ? [] : [{ pointer: path, value: toOrdered(value) }];
  });
  const chooses = ({ pointer }: Setting): boolean =>
    ['name', 'type', 'strategy', 'optimizer', 'schedule'].includes(parsePointer(pointer)?.at(-1) ?? '');
  return [...settings.filter(chooses), ...settings.filter((setting) => !chooses(setting))];
}

/** `weight=0.5, strategy=pcgrad`: what a person calls a setting. */
export function labelOf(point: Point): string {
  return [...point].map(([name, value]) => `${name}=${valueText(value)}`).join(', ');
}

const valueText = (value: Ordered): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(4)))
    : typeof value === 'string'
      ? value
      : JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
