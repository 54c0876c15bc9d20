/**
 * Reference vectors in the format of the golden files (`aggregators/` and `scalarizers/` of TorchJD's format): a matrix of
 * task gradients (or losses) in, weights and direction out. A case is `{id, matrix, weights, direction, tolerance}` or
 * `{id, steps: [{matrix | losses, weights | grad, direction}], tolerance}`; `tolerance` {rtol, atol} accepts
 * max|x − expected| ≤ max(atol, rtol · max|expected|).
 */
import { textOfError } from '../../common/told-error.ts';
import { isFields, type Fields } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { at, diagonal, gramOf } from '../../numbers/linear.ts';
import type { Json, StepStatistics, Strategy } from '../contract.ts';
import type { Finding } from './findings.ts';
import { moduleStrategy, type StrategyModule } from './module.ts';
import { taskNames } from './steps.ts';

const titled = (name: string): Text => text(`vectors ${name}`, `参考向量 ${name}`);

/** One finding a file: how many cases pass, and the first that does not. */
export function vectorChecks(module: StrategyModule, files: ReadonlyMap<string, unknown>): Finding[] {
  return [...files].map(([name, content]): Finding => {
    const cases = fieldsOf(content)['cases'];
    if (!Array.isArray(cases) || cases.length === 0) {
      return {
        name: titled(name),
        passed: false,
        detail: { en: 'the file has no "cases": it holds no reference vectors', zh: '文件没有 "cases"：不含参考向量' },
      };
    }
    const wrong = cases.flatMap((given, index) => {
      const fields = fieldsOf(given);
      const id = typeof fields['id'] === 'string' ? fields['id'] : `case ${index + 1}`;
      const failure = failureOf(module, fields);
      return failure === null ? [] : [text(`${id}: ${failure.en}`, `${id}：${failure.zh}`)];
    });
    const [passed, first] = [cases.length - wrong.length, wrong[0]];
    const detail = {
      en: `${passed} of ${cases.length} cases${first ? `; ${first.en}` : ''}`,
      zh: `${cases.length} 例中通过 ${passed} 例${first ? `；${first.zh}` : ''}`,
    };
    return { name: titled(name), passed: wrong.length === 0, detail };
  });
}

function failureOf(module: StrategyModule, fields: Fields): Text | null {
  const steps = Array.isArray(fields['steps']) ? fields['steps'].map(fieldsOf) : [fields];
  try {
    let strategy: Strategy | undefined;
    let state: Json = null;
    for (const [index, step] of steps.entries()) {
      const rows = Array.isArray(step['matrix']) ? step['matrix'].map(numbers) : undefined;
      const losses = step['losses'] === undefined ? rows?.map(() => 1) : numbers(step['losses']);
      if (!losses) return text('it has neither "matrix" nor "losses"', '既没有 "matrix" 也没有 "losses"');
      const tasks = taskNames(losses.length);
      if (!strategy) {
        strategy = moduleStrategy(module, { tasks, normalize: 'none' });
        state = strategy.initialState;
      }
      const found = strategy.weigh(statisticsOf(index, tasks, losses, rows), state);
      state = found.state;
      const wrong = compare(step, found.weights, rows, toleranceOf(fields['tolerance']));
      if (wrong !== null) {
        if (steps.length === 1) return wrong;
        return text(`step ${index + 1}: ${wrong.en}`, `第 ${index + 1} 步：${wrong.zh}`);
      }
    }
    return null;
  } catch (error) {
    return textOfError(error);
  }
}

function statisticsOf(
  step: number,
  tasks: readonly string[],
  losses: readonly number[],
  rows: readonly (readonly number[])[] | undefined,
): StepStatistics {
  const weights = tasks.map(() => 1);
  if (!rows) return { step, tasks, losses, weights };
  const gram = gramOf(rows);
  const norms = diagonal(gram).map((square) => Math.sqrt(square));
  return { step, tasks, losses, weights, gram, norms };
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

function compare(
  expected: Fields,
  weights: readonly number[],
  rows: readonly (readonly number[])[] | undefined,
  tolerance: Tolerance,
): Text | null {
  const wanted = expected['weights'] ?? expected['grad'];
  if (Array.isArray(wanted)) {
    const wrong = far(weights, numbers(wanted), tolerance);
    if (wrong !== null) return text(`weights ${wrong.en}`, `权重${wrong.zh}`);
  }
  if (!Array.isArray(expected['direction']) || !rows) {
    return Array.isArray(wanted)
      ? null
      : text('it has neither "weights" nor "direction" to compare with', '没有可比较的 "weights" 或 "direction"');
  }
  const direction = numbers(expected['direction']).map((_, entry) =>
    rows.reduce((total, row, i) => total + at(weights, i) * at(row, entry), 0),
  );
  const wrong = far(direction, numbers(expected['direction']), tolerance);
  return wrong === null ? null : text(`direction ${wrong.en}`, `方向${wrong.zh}`);
}

function far(found: readonly number[], expected: readonly number[], { rtol, atol }: Tolerance): Text | null {
  if (found.length !== expected.length) {
    const [is, wanted] = [found.length, expected.length];
    return text(`${is} numbers instead of ${wanted}`, `有 ${is} 个数，应为 ${wanted} 个`);
  }
  const off = Math.max(...expected.map((value, index) => Math.abs(value - at(found, index))));
  const allowed = Math.max(atol, rtol * Math.max(...expected.map(Math.abs)));
  if (off <= allowed) return null;
  const [much, most] = [off, allowed].map((value) => value.toExponential(1));
  return text(`off by ${much}, ${most} is allowed`, `相差 ${much}，允许 ${most}`);
}

function toleranceOf(value: unknown): Tolerance {
  const { rtol, atol } = fieldsOf(value);
  return { rtol: typeof rtol === 'number' ? rtol : 1e-9, atol: typeof atol === 'number' ? atol : 1e-12 };
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Numbers, with the words for those that JSON lacks. */
function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map((item) => Number(item)) : [];
}
