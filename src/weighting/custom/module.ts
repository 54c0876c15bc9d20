/**
 * A weighting strategy of the user's own: a JavaScript module that exports
 *
 *     needs         'losses' (default), 'norms' or 'gram': what `weigh` is given of a step
 *     initialState  any JSON value, or a function of the task names that returns one; default null
 *     weigh(statistics, state)         → {weights, state?}, or the weights alone
 *     afterEpoch(tasks, means, state)  → the new state; optional
 *
 * `weights` has one number for each task present, in the order of `statistics.tasks`; it is what multiplies that task's
 * loss. The state is JSON: it is saved with every checkpoint. What a module does wrong is said with its file.
 */
import { normalizeWeights } from '../normalize.ts';
import type { Json, StepStatistics, Strategy, StrategyContext, Weighting } from '../contract.ts';

/** What a module may ask for. */
const moduleNeeds = ['losses', 'norms', 'gram'] as const;
export type ModuleNeeds = (typeof moduleNeeds)[number];

export interface StrategyModule {
  /** As people know it. */
  readonly file: string;
  readonly needs: ModuleNeeds;
  readonly initialState: unknown;
  readonly weigh: (statistics: object, state: Json) => unknown;
  readonly afterEpoch?: (tasks: readonly string[], means: readonly number[], state: Json) => unknown;
}

/** What is wrong with a user's module: always said with its file. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
  readonly code = 'strategy-module';

  constructor(file: string, message: string) {
    super(`The strategy module ${file}: ${message}`);
  }
}

/**
 * Reads what a module exports: named exports, or an object with the same names as its default export.
 *
 * @throws ModuleError
 */
export function readModule(file: string, exported: unknown): StrategyModule {
  const named = fieldsOf(exported);
  const fields = typeof named['weigh'] === 'function' ? named : fieldsOf(named['default']);
  const { weigh, afterEpoch, needs = 'losses', initialState = null } = fields;
  if (typeof weigh !== 'function') {
    throw new ModuleError(
      file,
      'it exports no function "weigh(statistics, state)". Add it: export function weigh(…) {…}.',
    );
  }
  if (afterEpoch !== undefined && typeof afterEpoch !== 'function') {
    throw new ModuleError(file, '"afterEpoch" is no function. Make it one, or take it out.');
  }
  const known = moduleNeeds.find((need) => need === needs);
  if (known === undefined) {
    throw new ModuleError(
      file,
      `"needs" is ${shown(needs)}; it may be ${moduleNeeds.map((need) => `"${need}"`).join(', ')}.`,
    );
  }
  return {
    ...{ file, initialState, needs: known },
    weigh: weigh as StrategyModule['weigh'],
    ...(afterEpoch === undefined ? {} : { afterEpoch: afterEpoch as NonNullable<StrategyModule['afterEpoch']> }),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const isFields = typeof value === 'object' && value !== null;
  return isFields ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The module as a strategy like any other. Its functions get copies: whatever they change is theirs alone. */
export function moduleStrategy(module: StrategyModule, { tasks, parameters }: StrategyContext): Strategy {
  const { file, needs, weigh, afterEpoch } = module;
  const first = module.initialState;
  const call = <Result>(name: string, work: () => Result): Result => guarded(file, name, work);
  const initialState = jsonOf(
    file,
    'initialState',
    typeof first === 'function'
      ? call('initialState', () => (first as (names: string[]) => unknown)([...tasks]))
      : first,
  );
  let read = false;
  let told = false;
  return {
    needs,
    initialState,
    weigh(statistics, state) {
      const given = copyOf(statistics, () => (read = true));
      const found = call('weigh', () => weigh(given, structuredClone(state)));
      const { weights, next } = resultOf(file, found, statistics, state);
      const ignored = !read && !told && statistics.weights.some((weight) => weight !== statistics.weights[0]);
      told ||= ignored;
      return { weights: normalizeWeights(weights, parameters['normalize']), state: next, ...(ignored && unread(file)) };
    },
    ...(afterEpoch && {
      afterEpoch: (names, means, state) =>
        jsonOf(
          file,
          'the state that afterEpoch returned',
          call('afterEpoch', () => afterEpoch([...names], [...means], structuredClone(state))),
        ),
    }),
  };
}

function unread(file: string): Pick<Weighting, 'problems'> {
  return {
    problems: [
      `The strategy module ${file} does not read statistics.weights: the spec's unequal weights change nothing. Use them in weigh, or make them equal.`,
    ],
  };
}

/** The step as the module sees it; `onWeights` is called when it looks at the spec's weights. */
function copyOf(statistics: StepStatistics, onWeights: () => void): object {
  const { step, epoch, tasks, losses, weights, norms, gram } = statistics;
  const given = {
    ...{ step, epoch: epoch ?? 0, tasks: [...tasks], losses: [...losses] },
    ...(norms && { norms: [...norms] }),
    ...(gram && { gram: gram.map((row) => [...row]) }),
  };
  return Object.defineProperty(given, 'weights', {
    enumerable: true,
    get: () => {
      onWeights();
      return [...weights];
    },
  });
}

function guarded<Result>(file: string, name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const where = error instanceof Error ? placeIn(error.stack ?? '', file) : '';
    throw new ModuleError(file, `${name} failed${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** ` (line 12)` out of a stack, where the module's own file is in it. */
function placeIn(stack: string, file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const at = stack
    .split('\n')
    .find((line) => line.includes(`${name}:`) || line.includes(`${encodeURIComponent(name)}:`));
  const line = at && /:(\d+):\d+\)?$/.exec(at.trim())?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}

function resultOf(
  file: string,
  found: unknown,
  statistics: StepStatistics,
  before: Json,
): { readonly weights: readonly number[]; readonly next: Json } {
  const fields = fieldsOf(found);
  const list: unknown = Array.isArray(found) ? found : fields['weights'];
  const weights = Array.isArray(list) || ArrayBuffer.isView(list) ? [...(list as Iterable<unknown>)] : null;
  const { tasks, losses, step } = statistics;
  if (!weights || weights.length !== tasks.length) {
    const got = weights ? `${weights.length} weights` : shown(list);
    throw new ModuleError(
      file,
      `weigh returned ${got} at step ${step}; it must return {weights} with one number for each of ${tasks.length} tasks.`,
    );
  }
  for (const [index, weight] of weights.entries()) {
    if (typeof weight === 'number' && Number.isFinite(weight)) continue;
    // A loss that is no number any more is told by the training itself.
    if (typeof weight === 'number' && !losses.every(Number.isFinite)) continue;
    throw new ModuleError(
      file,
      `weigh returned ${shown(weight)} as the weight of "${tasks[index] ?? ''}" at step ${step}; weights must be finite numbers.`,
    );
  }
  const next =
    Array.isArray(found) || !Object.hasOwn(fields, 'state')
      ? before
      : jsonOf(file, 'the state that weigh returned', fields['state']);
  return { weights: weights as number[], next };
}

/**
 * The value as JSON. What JSON would lose or change (functions, undefined, NaN, dates, Maps) is refused: a resumed run
 * would not be the same.
 */
export function jsonOf(file: string, what: string, value: unknown): Json {
  const wrong = notJson(value, '', 0);
  if (wrong === null) return structuredClone(value) as Json;
  throw new ModuleError(
    file,
    `${what} is no JSON value: ${wrong}. It is saved with checkpoints, so use numbers, texts, lists and plain objects.`,
  );
}

function notJson(value: unknown, place: string, depth: number): string | null {
  const where = place === '' ? 'it' : place;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${where} is ${value}`;
  if (typeof value !== 'object') return `${where} is ${typeof value}`;
  if (depth > 64) return `${where} is nested too deeply`;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const wrong = notJson(item, `${place}[${index}]`, depth + 1);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${where} is a ${value.constructor.name}`;
  for (const [key, item] of Object.entries(value)) {
    const wrong = notJson(item, `${place}.${key}`, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value);
  return Array.isArray(value) ? 'a list' : typeof value;
}
