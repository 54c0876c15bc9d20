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
import { text, type Text } from '../../common/text.ts';
import { textOfError, ToldError } from '../../common/told-error.ts';
import { normalizeWeights, type Normalize } from '../parts/normalize.ts';
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
export class ModuleError extends ToldError {
  override readonly name = 'ModuleError';
  readonly code = 'strategy-module';

  constructor(file: string, en: string, zh: string) {
    super(text(`The strategy module ${file}: ${en}`, `策略模块 ${file}：${zh}`));
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
      '未导出函数“weigh(statistics, state)”。请添加：export function weigh(…) {…}。',
    );
  }
  if (afterEpoch !== undefined && typeof afterEpoch !== 'function') {
    throw new ModuleError(
      file,
      '"afterEpoch" is no function. Make it one, or take it out.',
      '“afterEpoch”不是函数。请改为函数，或将其去掉。',
    );
  }
  const known = moduleNeeds.find((need) => need === needs);
  if (known === undefined) {
    throw new ModuleError(
      file,
      `"needs" is ${shown(needs).en}; it may be ${moduleNeeds.map((need) => `"${need}"`).join(', ')}.`,
      `“needs”为${shown(needs).zh}，应为 ${moduleNeeds.map((need) => `"${need}"`).join('、')} 之一。`,
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
export function moduleStrategy(
  module: StrategyModule,
  { tasks, normalize }: Pick<StrategyContext, 'tasks'> & { readonly normalize: Normalize },
): Strategy {
  const { file, needs, weigh, afterEpoch } = module;
  const first = module.initialState;
  const call = <Result>(name: string, work: () => Result): Result => guarded(file, name, work);
  const initialState = jsonOf(
    file,
    text('initialState', 'initialState '),
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
      return { weights: normalizeWeights(weights, normalize), state: next, ...(ignored && unread(file)) };
    },
    ...(afterEpoch && {
      afterEpoch: (names, means, state) =>
        jsonOf(
          file,
          text('the state that afterEpoch returned', 'afterEpoch 返回的状态'),
          call('afterEpoch', () => afterEpoch([...names], [...means], structuredClone(state))),
        ),
    }),
  };
}

function unread(file: string): Pick<Weighting, 'problems'> {
  return {
    problems: [
      text(
        `The strategy module ${file} does not read statistics.weights: the spec's unequal weights change nothing. Use them in weigh, or make them equal.`,
        `策略模块 ${file} 未读取 statistics.weights：实验描述文件中不相等的权重不起作用。请在 weigh 中使用，或将其设为相等。`,
      ),
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
    const line = error instanceof Error ? lineIn(error.stack ?? '', file) : undefined;
    const { en, zh } = textOfError(error);
    throw line === undefined
      ? new ModuleError(file, `${name} failed: ${en}`, `${name} 出错：${zh}`)
      : new ModuleError(file, `${name} failed (line ${line}): ${en}`, `${name} 出错（第 ${line} 行）：${zh}`);
  }
}

/** The line out of a stack, where the module's own file is in it. */
function lineIn(stack: string, file: string): string | undefined {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const at = stack
    .split('\n')
    .find((line) => line.includes(`${name}:`) || line.includes(`${encodeURIComponent(name)}:`));
  return at && /:(\d+):\d+\)?$/.exec(at.trim())?.[1];
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
    const got = weights ? text(`${weights.length} weights`, ` ${weights.length} 个权重`) : shown(list);
    throw new ModuleError(
      file,
      `weigh returned ${got.en} at step ${step}; it must return {weights} with one number for each of ${tasks.length} tasks.`,
      `weigh 在第 ${step} 步返回了${got.zh}；它应返回 {weights}，${tasks.length} 个任务各一个数。`,
    );
  }
  for (const [index, weight] of weights.entries()) {
    if (typeof weight === 'number' && Number.isFinite(weight)) continue;
    // A loss that is no number any more is told by the training itself.
    if (typeof weight === 'number' && !losses.every(Number.isFinite)) continue;
    throw new ModuleError(
      file,
      `weigh returned ${shown(weight).en} as the weight of "${tasks[index] ?? ''}" at step ${step}; weights must be finite numbers.`,
      `weigh 在第 ${step} 步为“${tasks[index] ?? ''}”返回的权重是${shown(weight).zh}；权重应为有限的数。`,
    );
  }
  const next =
    Array.isArray(found) || !Object.hasOwn(fields, 'state')
      ? before
      : jsonOf(file, text('the state that weigh returned', 'weigh 返回的状态'), fields['state']);
  return { weights: weights as number[], next };
}

/**
 * The value as JSON. What JSON would lose or change (functions, undefined, NaN, dates, Maps) is refused: a resumed run
 * would not be the same.
 */
export function jsonOf(file: string, what: Text, value: unknown): Json {
  const wrong = notJson(value, '', 0);
  if (wrong === null) return structuredClone(value) as Json;
  throw new ModuleError(
    file,
    `${what.en} is no JSON value: ${wrong.en}. It is saved with checkpoints, so use numbers, texts, lists and plain objects.`,
    `${what.zh}不是 JSON 值：${wrong.zh}。它随检查点保存，请使用数、文本、列表与普通对象。`,
  );
}

function notJson(value: unknown, place: string, depth: number): Text | null {
  const is = (en: string, zh: string): Text =>
    place === '' ? text(`it is ${en}`, `它${zh}`) : text(`${place} is ${en}`, `${place} ${zh}`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : is(String(value), `为 ${value}`);
  if (typeof value !== 'object') return is(typeof value, `为 ${typeof value}`);
  if (depth > 64) return is('nested too deeply', '嵌套过深');
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const wrong = notJson(item, `${place}[${index}]`, depth + 1);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return is(`a ${value.constructor.name}`, `是 ${value.constructor.name}`);
  for (const [key, item] of Object.entries(value)) {
    const wrong = notJson(item, `${place}.${key}`, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}

function shown(value: unknown): Text {
  if (value === undefined) return text('nothing', '空值');
  if (Array.isArray(value)) return text('a list', '列表');
  const written = typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : typeof value;
  return text(written, ` ${written} `);
}
