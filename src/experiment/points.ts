/** Settings of the factors, as a stage's method chooses them: one after the other where it learns from what it saw. */
import { joined, type Text } from '../common/text.ts';
import { parsePointer, toOrdered, type FactorSpec, type Setting } from '../spec/index.ts';
import { settingText } from './designs/conditions.ts';
import type { DesignRequest, MethodName, Setting as Point, Trial } from './designs/contract.ts';
import { problemsOf } from './designs/problems.ts';
import { designs } from './designs/table.ts';

export type { Setting as Point } from './designs/contract.ts';

export interface PointRequest extends DesignRequest {
  readonly method: MethodName;
  /** How many settings of a method that learns are chosen at once; known from the text alone, so that all machines agree. */
  readonly batch: number;
}

export interface Points {
  readonly known: readonly Point[];
  /** At most so many more, once what is known has ended. */
  readonly later: number;
  /** Where the value of each name goes. */
  readonly paths: ReadonlyMap<string, string>;
  readonly remarks: readonly Text[];
}

/**
 * @param trialOf what a point has come to, values to be made small; undefined while it has not ended
 */
export function pointsOf(request: PointRequest, trialOf: (point: Point) => Trial | undefined): Points {
  const row = designs[request.method];
  const paths = pathsOf(request.factors);
  const problems = problemsOf(request.method, row, request);
  if (problems.length > 0) return { known: [], later: 0, paths, remarks: [joined(problems)] };
  if (!row.sequential) {
    const designed = row.settings(request);
    return { known: designed.settings, later: 0, paths: designed.paths, remarks: designed.notes };
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
  return { known, later: total - known.length, paths, remarks: [] };
}

/** Where the values of factors go. */
export const pathsOf = (factors: readonly FactorSpec[]): ReadonlyMap<string, string> =>
  new Map(factors.map(({ name, path }) => [name, path]));

/**
 * What is set for a point. What chooses among words (a strategy's name, a type) comes first, since it resets the rest.
 */
export function settingsOf(point: Point, paths: ReadonlyMap<string, string>): readonly Setting[] {
  const settings = [...point].flatMap(([name, value]): Setting[] => {
    const pointer = paths.get(name);
    return pointer === undefined ? [] : [{ pointer, value: toOrdered(value) }];
  });
  const chooses = ({ pointer }: Setting): boolean =>
    ['name', 'type', 'strategy', 'optimizer', 'schedule'].includes(parsePointer(pointer)?.at(-1) ?? '');
  return [...settings.filter(chooses), ...settings.filter((setting) => !chooses(setting))];
}

/**
 * What a person calls settings: `weight=0.5, strategy=pcgrad`. Runs, arms and choices go by these names, so each setting has one of
 * its own: where four digits are the same for two of them, the later one is told exactly.
 */
export class Labels {
  readonly #taken = new Map<string, string>();

  of(point: Point): string {
    const written = settingText(point);
    const label = [wordsOf(point, shortText), wordsOf(point, JSON.stringify)].find(
      (one) => (this.#taken.get(one) ?? written) === written,
    );
    // Exact words differ where settings do.
    const found = label ?? written;
    this.#taken.set(found, written);
    return found;
  }
}

function wordsOf(point: Point, textOf: (value: unknown) => string): string {
  // A method that varies the weights of tasks names their places.
  const short = (name: string): string => (name.startsWith('/') ? (parsePointer(name)?.at(-1) ?? name) : name);
  return [...point].map(([name, value]) => `${short(name)}=${textOf(value)}`).join(', ');
}

const shortText = (value: unknown): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(4)))
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
