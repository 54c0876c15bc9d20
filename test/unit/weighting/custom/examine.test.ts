/** The examination finds what is wrong with a strategy, and nothing where nothing is. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { examine } from '../../../../src/weighting/custom/examine.ts';
import { readModule } from '../../../../src/weighting/custom/module.ts';
import { trials } from '../../../../src/weighting/custom/steps.ts';
import { at, dot, scaled } from '../../../../src/numbers/linear.ts';
import { createStrategy } from '../../../golden/runner/strategies.ts';
import type { Json, StepStatistics } from '../../../../src/weighting/contract.ts';
import { importStrategy } from '../../../../src/trainer/prepare/load-strategy.ts';

const failedOf = (exported: object, vectors?: ReadonlyMap<string, unknown>): string[] =>
  examine(readModule('mine.mjs', exported), vectors).flatMap(({ name, passed }) => (passed === false ? [name.en] : []));

test('what each check is for', () => {
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map(() => 1) }), []);
  let calls = 0;
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map(() => calls++) }), [
    'the same steps give the same weights',
    'the state survives being saved as JSON',
    'another order of the tasks gives the same weights in that order',
  ]);
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map((_, index) => index) }), [
    'another order of the tasks gives the same weights in that order',
  ]);
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map((loss) => Math.exp(loss)) }), [
    'losses of any size give finite weights',
  ]);
  // Three weights whatever the tasks.
  const stubborn = failedOf({ weigh: () => [1, 1, 1] });
  assert.ok(stubborn.includes('weights are finite, one a task'));
  assert.ok(stubborn.includes('weights are finite when tasks are absent'));
});

type Weigh = (given: StepStatistics, state: Json) => unknown;

const findingOf = (start: string, weigh: Weigh, more: object = {}) => {
  const found = examine(readModule('mine.mjs', { weigh, ...more })).find(({ name }) => name.en.startsWith(start));
  assert.ok(found, start);
  return { passed: found.passed, detail: found.detail.en };
};
const equal: Weigh = ({ losses }) => losses.map(() => 1);

test('a check that passes says in how many trials; one that fails names the trial, the step and the numbers', () => {
  const passed = { passed: true, detail: '15 trials' };
  for (const name of [
    'weights are finite, one',
    'weights are finite when',
    'the same',
    'the state',
    'another',
    'losses',
  ]) {
    assert.deepEqual(findingOf(name, equal), passed, name);
  }
  const byPlace: Weigh = ({ losses }) => losses.map((_, index) => 10 * index + 1 / 3);
  assert.deepEqual(findingOf('another order', byPlace), {
    passed: false,
    detail: 'independent gradients of 2 tasks, step 1: [10.3333, 0.333333] and [0.333333, 10.3333]',
  });
  // From the third step on, with seven tasks alone.
  const late: Weigh = ({ step, losses }) => losses.map((_, index) => (step === 2 && losses.length > 3 ? index : 1));
  assert.deepEqual(findingOf('another order', late), {
    passed: false,
    detail: 'independent gradients of 7 tasks, step 3: [1, 2, 3, 4, 5, 6, 0] and [0, 1, 2, 3, 4, 5, 6]',
  });
});

test('the order of the tasks may change weights by rounding, a millionth of the largest', () => {
  const order = (relative: number) =>
    findingOf('another order', ({ losses }) => losses.map((_, i) => 1000 - (i === 0 ? 1000 * relative : 0))).passed;
  assert.deepEqual([order(0.9e-6), order(1.1e-6)], [true, false]);
  // The largest in size, not in number: weights may be negative.
  const negative = (relative: number) =>
    findingOf('another order', ({ losses }) => losses.map((_, i) => (i === 0 ? 1000 * relative : 0) - 1000)).passed;
  assert.deepEqual([negative(0.9e-6), negative(1.1e-6)], [true, false]);
  // The same steps again must give the very same, and weights of 0 are nothing to divide by.
  let call = 0;
  assert.equal(findingOf('the same steps', ({ losses }) => losses.map(() => 1 + 1e-12 * call++)).passed, false);
  assert.equal(findingOf('another order', ({ losses }) => losses.map(() => 0)).passed, true);
});

test('a state that JSON changes is found: −0 comes back as 0', () => {
  const negative: Weigh = ({ losses }, state) => losses.map(() => (Object.is((state as number[])[0], -0) ? 2 : 1));
  assert.deepEqual(failedOf({ weigh: negative, initialState: [-0] }), ['the state survives being saved as JSON']);
  const detail = findingOf('the state survives', negative, { initialState: [-0] }).detail;
  assert.equal(detail, 'independent gradients of 2 tasks, step 1: [2, 2] and [1, 1]');
});

test('small and large losses are both tried, with all that is measured of them', () => {
  const only = (fails: (given: StepStatistics) => boolean): string[] =>
    failedOf({ needs: 'gram', weigh: (given: StepStatistics) => given.losses.map(() => (fails(given) ? NaN : 1)) });
  const size = ['losses of any size give finite weights'];
  // Made-up losses lie between .07 and 20.
  assert.deepEqual(only(({ losses }) => losses.some((loss) => loss < 1e-8)), size); // prettier-ignore
  assert.deepEqual(only(({ losses }) => losses.some((loss) => loss > 1e12)), size); // prettier-ignore
  assert.deepEqual(only(({ losses }) => losses.some((loss) => loss < 1e-11 || loss > 1e17)), []); // prettier-ignore
  assert.deepEqual(only(({ norms = [] }) => norms.some((norm) => norm > 1e20)), size); // prettier-ignore
});

test('the strategy is told of all tasks that its steps have, in their order', () => {
  const seen = new Set<string>();
  const started = (tasks: string[]) => (seen.add(tasks.join()), null);
  assert.deepEqual(failedOf({ weigh: equal, initialState: started }), []);
  const names = (count: number) => Array.from({ length: count }, (_, i) => `task ${String(i + 1)}`);
  for (const count of [2, 3, 7]) assert.ok(seen.has(names(count).join()), [...seen].join('; '));
  assert.ok(seen.has('task 2,task 3,task 1'), 'another order');
});

test('information on signs and sizes', () => {
  const signs = (weigh: Weigh) => findingOf('weights are never negative', weigh);
  assert.deepEqual(signs(({ losses }) => losses.map(() => 0)), { passed: null, detail: 'in all trials' }); // prettier-ignore
  // The lowest of all: the last of seven tasks in the last step.
  const falling: Weigh = ({ losses, step }) => losses.map((_, i) => 1 - i - step / 7);
  assert.deepEqual(signs(falling), { passed: null, detail: 'no: down to -5.429' });

  const proportion = (weigh: Weigh) => findingOf('multiplying all losses', weigh).detail;
  assert.equal(proportion(({ losses }) => losses.map((loss) => 1 / loss)), 'in all trials'); // prettier-ignore
  assert.equal(proportion(({ losses }) => losses.map((loss) => 1 + loss)), 'in 0 of 15 trials'); // prettier-ignore
  const ofFew: Weigh = ({ losses }) => losses.map((loss) => (losses.length === 2 ? 1 + loss : loss));
  assert.equal(proportion(ofFew), 'in 10 of 15 trials');
  // Each step counts: here the last one alone is out of proportion.
  assert.equal(proportion(({ losses, step }) => losses.map((loss) => Number(step === 3) + loss)), 'in 0 of 15 trials'); // prettier-ignore
});

test('information on directions, against the gradients of the trials themselves', () => {
  const sum = (rows: readonly (readonly number[])[], weights: readonly number[]): number[] =>
    (rows[0] ?? []).map((_, k) => rows.reduce((total, row, i) => total + at(weights, i) * at(row, k), 0));
  const all = trials(0);
  // Weights that differ: 1, 2, 3, …
  const rising = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const kept = all.flatMap(({ steps }) => steps).filter(({ rows }) => {
    const direction = sum(rows, rising(rows.length));
    return rows.every((row) => dot(row, direction) >= -1e-9 * Math.sqrt(dot(row, row) * dot(direction, direction)));
  }).length; // prettier-ignore
  assert.ok(kept > 10 && kept < 50, String(kept));
  const risen: Weigh = ({ losses }) => rising(losses.length);
  assert.equal(findingOf('no task is worked against', risen).detail, `in ${String(kept)} of 60 steps`);
  assert.equal(findingOf('no task is worked against', ({ losses }) => losses.map(() => 0)).detail, 'in 60 of 60 steps'); // prettier-ignore

  const cosines = all.filter(({ what }) => what.en.endsWith(' 2 tasks')).map(({ steps: [first] }) => {
    const rows = first?.rows ?? [];
    const [one, other] = [sum(rows, [1, 2]), sum(rows, rows.map((row) => 1 / Math.sqrt(dot(row, row))))];
    return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
  }).filter(Number.isFinite); // prettier-ignore
  const digits = (value: number): string => String(Number(value.toPrecision(4)));
  assert.equal(
    findingOf('two tasks (H1)', risen).detail,
    `from ${digits(Math.min(...cosines))} to ${digits(Math.max(...cosines))}`,
  );
  assert.equal(findingOf('two tasks (H1)', ({ losses }) => losses.map(() => 0)).detail, 'no direction'); // prettier-ignore

  // ‖(.6, −.8, 1.2, .4)‖ = √2.6, and losses of .7.
  const norms: Weigh = ({ norms: given = [], losses }) => scaled(given, at(losses, 0) / 0.7);
  const factor = (count: number): string => digits(count * Math.sqrt(2.6));
  assert.equal(
    findingOf('identical tasks (H2)', norms, { needs: 'norms' }).detail,
    `T = 2: ${factor(2)}, T = 3: ${factor(3)}, T = 5: ${factor(5)}`,
  );
});

test('a module that fails fails every check, and information tells why there is none', () => {
  const tired: Weigh = () => {
    throw Object.assign(new Error('I am tired'), { stack: '' });
  };
  const findings = examine(readModule('mine.mjs', { weigh: tired }));
  const why = 'The strategy module mine.mjs: weigh failed: I am tired';
  assert.equal(findings.length, 11);
  for (const { passed, detail } of findings) {
    assert.equal(detail.en, passed === null ? why : `independent gradients of 2 tasks, ${why}`);
    assert.notEqual(passed, true);
  }
});

test('strategies of the table pass as modules', () => {
  for (const name of ['static', 'dwa', 'mgda', 'imtl-g', 'cagrad', 'config']) {
    const made = createStrategy(name, { parameters: {}, tasks: [] });
    if (made.needs !== 'losses' && made.needs !== 'norms' && made.needs !== 'gram') continue;
    const exported = {
      needs: made.needs,
      initialState: made.initialState,
      weigh: (given: StepStatistics, state: Json) => {
        const { weights, state: next } = made.weigh(given, state);
        return { weights, state: next };
      },
    };
    // Ill-conditioned problems (identical gradients) have no unique weights.
    const failed = failedOf(exported).filter((check) => !check.startsWith('another order'));
    assert.deepEqual(failed, [], name);
  }
});

test('information: H1, H2 and the rest, by closed forms', () => {
  const mean = examine(
    readModule('mine.mjs', { weigh: ({ losses }: StepStatistics) => losses.map(() => 1 / losses.length) }),
  );
  const detail = (start: string): string => mean.find(({ name }) => name.en.startsWith(start))?.detail.en ?? '';
  assert.equal(detail('identical tasks (H2)'), 'T = 2: 1, T = 3: 1, T = 5: 1');
  assert.equal(detail('weights are never negative'), 'in all trials');
  assert.equal(detail('multiplying all losses'), 'in all trials');
  const fair = examine(
    readModule('mine.mjs', {
      needs: 'norms',
      weigh: ({ norms }: { norms: number[] }) => norms.map((norm) => 1 / norm),
    }),
  );
  assert.match(fair.find(({ name }) => name.en.includes('H1'))?.detail.en ?? '', /^from 1 to 1$/);
});

test('vectors: right ones pass, wrong ones are named with the case', () => {
  const sum = { weigh: ({ losses }: StepStatistics) => losses.map(() => 1) };
  const right = { cases: [{ id: 'x', matrix: [[1, 2], [3, 4]], weights: [1, 1], direction: [4, 6] }] }; // prettier-ignore
  assert.deepEqual(failedOf(sum, new Map([['right.json', right]])), []);
  const wrong = { cases: [...right.cases, { id: 'y', steps: [{ losses: [1, 2], grad: [1, 1] }, { losses: [1, 2], grad: [1, 2] }] }] }; // prettier-ignore
  const found = examine(readModule('mine.mjs', sum), new Map([['wrong.json', wrong]]));
  const vectors = found.find(({ name }) => name.en === 'vectors wrong.json');
  assert.equal(vectors?.passed, false);
  assert.match(vectors.detail.en, /^1 of 2 cases; y: step 2: weights off by 1\.0e\+0/);
  assert.deepEqual(failedOf(sum, new Map([['none.json', {}]])), ['vectors none.json']);
});

test('the published example passes with its vectors', async () => {
  const folder = new URL('../../../../examples/penguins/', import.meta.url);
  const module = await importStrategy(new URL('balance.mjs', folder).pathname, 'balance.mjs');
  const vectors: unknown = JSON.parse(fs.readFileSync(new URL('balance.vectors.json', folder), 'utf8'));
  const findings = examine(module, new Map([['balance.vectors.json', vectors]]));
  assert.deepEqual(
    findings.filter(({ passed }) => passed === false),
    [],
  );
  assert.ok(findings.some(({ detail }) => detail.en === '2 of 2 cases'));
});
