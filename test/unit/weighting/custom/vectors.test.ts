// Reference vectors for a user's strategy: which forms are read, how near is near enough, and what is said of a wrong one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModule } from '../../../../src/weighting/custom/module.ts';
import { vectorChecks } from '../../../../src/weighting/custom/vectors.ts';
import type { Json, StepStatistics } from '../../../../src/weighting/contract.ts';

type Weigh = (statistics: StepStatistics, state: Json) => unknown;

const ones: Weigh = ({ losses }) => losses.map(() => 1);

/** What is found of one file with these cases. */
function found(cases: unknown, weigh: Weigh = ones, more: object = {}): { passed: boolean | null; detail: string } {
  const [finding] = vectorChecks(readModule('mine.mjs', { weigh, ...more }), new Map([['v.json', { cases }]]));
  assert.ok(finding);
  assert.equal(finding.name.en, 'vectors v.json');
  return { passed: finding.passed, detail: finding.detail.en };
}
const passes = (cases: readonly object[], weigh?: Weigh, more?: object): void =>
  assert.deepEqual(found(cases, weigh, more), {
    passed: true,
    detail: `${String(cases.length)} of ${String(cases.length)} cases`,
  });
const fails = (case_: object, says: string, weigh?: Weigh, more?: object): void =>
  assert.deepEqual(found([case_], weigh, more), { passed: false, detail: `0 of 1 cases; ${says}` });

test('a file without cases holds no vectors; each file has its own finding, in their order', () => {
  const module = readModule('mine.mjs', { weigh: ones });
  const empty = { passed: false, detail: 'the file has no "cases": it holds no reference vectors' };
  for (const content of [null, 3, [], {}, { cases: 'x' }, { cases: {} }, { cases: [] }]) {
    const [finding] = vectorChecks(module, new Map([['v.json', content]]));
    assert.deepEqual([finding?.passed, finding?.detail.en], [empty.passed, empty.detail]);
  }
  const good = { cases: [{ losses: [1], weights: [1] }] };
  const findings = vectorChecks(module, new Map<string, unknown>([['b', good], ['a', {}]])); // prettier-ignore
  assert.deepEqual(
    findings.map(({ name, passed }) => [name.en, passed]),
    [['vectors b', true], ['vectors a', false]], // prettier-ignore
  );
  assert.deepEqual(vectorChecks(module, new Map()), []);
});

test('a case is told by its name or its number, the first wrong one alone', () => {
  const right = { id: 'r', losses: [1, 1], weights: [1, 1] };
  const wrong = { losses: [1, 1], weights: [1, 2] };
  assert.equal(
    found([right, wrong, { ...wrong, id: 'w' }]).detail,
    '1 of 3 cases; case 2: weights off by 1.0e+0, 2.0e-9 is allowed',
  );
  assert.equal(
    found([{ ...wrong, id: 'w' }, wrong]).detail,
    '0 of 2 cases; w: weights off by 1.0e+0, 2.0e-9 is allowed',
  );
  assert.equal(found([right, 3]).detail, '1 of 2 cases; case 2: it has neither "matrix" nor "losses"');
});

test('losses or a matrix go in, weights (or grad) and a direction are compared', () => {
  const matrix = [[1, 2], [3, 5]]; // prettier-ignore
  passes([
    { losses: [3, 4], weights: [1, 1] },
    { losses: [3, 4], grad: [1, 1] },
    { matrix, weights: [1, 1] },
    { matrix, direction: [4, 7] },
    { matrix, weights: [1, 1], direction: [4, 7] },
    { matrix, losses: [7, 7], grad: [1, 1] },
  ]);
  // A weight from its own row alone shows which is which.
  passes([{ matrix, weights: [1, 2], direction: [7, 12] }], () => [1, 2]);
  fails({ matrix, weights: [2, 1], grad: [1, 1] }, 'case 1: weights off by 1.0e+0, 2.0e-9 is allowed');
  fails({ matrix, direction: [4, 7.5] }, 'case 1: direction off by 5.0e-1, 7.5e-9 is allowed');
  fails({ matrix, weights: [1, 1], direction: [4, 7.5] }, 'case 1: direction off by 5.0e-1, 7.5e-9 is allowed');
  fails({ matrix }, 'case 1: it has neither "weights" nor "direction" to compare with');
  fails({ losses: [1, 1], direction: [1] }, 'case 1: it has neither "weights" nor "direction" to compare with');
  fails({ weights: [1, 1] }, 'case 1: it has neither "matrix" nor "losses"');
  fails({ losses: [1, 1], weights: [1, 1, 1] }, 'case 1: weights 2 numbers instead of 3');
});

test('what a step is given: its number, its tasks, and norms and inner products where there is a matrix', () => {
  const seen: StepStatistics[] = [];
  const keeps: Weigh = (given) => {
    seen.push({ ...given, weights: [...given.weights] });
    return [1, 1];
  };
  const step = { matrix: [[3, 4], [0, 2]], weights: [1, 1] }; // prettier-ignore
  const gram = { needs: 'gram' };
  passes([{ steps: [step, { ...step, losses: [5, 'Infinity'] }] }], keeps, gram);
  const base = { epoch: 0, tasks: ['task 1', 'task 2'], weights: [1, 1] };
  const numbers = { norms: [5, 2], gram: [[25, 8], [8, 4]] }; // prettier-ignore
  assert.deepEqual(seen, [
    { step: 0, ...base, losses: [1, 1], ...numbers },
    { step: 1, ...base, losses: [5, Infinity], ...numbers },
  ]);
  seen.length = 0;
  passes([{ losses: [2, 3], weights: [1, 1] }], keeps);
  assert.deepEqual(seen, [{ step: 0, ...base, losses: [2, 3] }]);
});

test('the state goes from step to step and starts anew with each case', () => {
  const counts: Weigh = (_, state) => ({ weights: [(state as number) + 1], state: (state as number) + 1 });
  const initial = { initialState: 4 };
  const steps = [{ losses: [1], weights: [5] }, { losses: [1], weights: [6] }]; // prettier-ignore
  passes([{ steps }, { steps }], counts, initial);
  fails(
    { id: 'c', steps: [...steps, { losses: [1], weights: [9] }] },
    'c: step 3: weights off by 2.0e+0, 9.0e-9 is allowed',
    counts,
    initial,
  );
  fails(
    { steps: [{ losses: [1], weights: [7] }] },
    'case 1: weights off by 2.0e+0, 7.0e-9 is allowed',
    counts,
    initial,
  );
});

test('a billionth of the largest number is allowed, or 1e-12, or what the case says', () => {
  const gives = (...weights: number[]): Weigh => () => weights; // prettier-ignore
  const wants = (...weights: number[]): object => ({ losses: [1, 1], weights });
  passes([wants(1000, 0)], gives(1000, 0.9e-6));
  fails(wants(1000, 0), 'case 1: weights off by 1.1e-6, 1.0e-6 is allowed', gives(1000, 1.1e-6));
  fails(wants(0, -1000), 'case 1: weights off by 1.1e-6, 1.0e-6 is allowed', gives(1.1e-6, -1000));
  passes([wants(0, -1000)], gives(0.9e-6, -1000));
  passes([wants(1e-6, 0)], gives(1e-6, 0.9e-12));
  fails(wants(1e-6, 0), 'case 1: weights off by 1.1e-12, 1.0e-12 is allowed', gives(1e-6, 1.1e-12));
  const loose = { ...wants(10, 0), tolerance: { rtol: 0.1 } };
  passes([loose], gives(10, 0.9));
  // Off by as much as is allowed is near enough.
  passes([{ ...wants(8, 0), tolerance: { rtol: 0.125 } }], gives(8, 1));
  fails(loose, 'case 1: weights off by 1.1e+0, 1.0e+0 is allowed', gives(10, 1.1));
  const absolute = { ...wants(0, 0), tolerance: { atol: 0.5 } };
  passes([absolute], gives(0, -0.4));
  fails(absolute, 'case 1: weights off by 6.0e-1, 5.0e-1 is allowed', gives(0.6, 0));
  fails(
    { ...wants(0, 0), tolerance: { atol: 'x' } },
    'case 1: weights off by 4.0e-1, 1.0e-12 is allowed',
    gives(0, 0.4),
  );
  const stepped = { steps: [wants(10, 0)], tolerance: { rtol: 0.1 } };
  passes([stepped], gives(10, 0.9));
});

test('what goes wrong in the module is the reason why a case fails', () => {
  fails({ id: 'x', losses: [1], weights: [1] }, 'x: The strategy module mine.mjs: weigh failed: I am tired', () => {
    const error = new Error('I am tired');
    error.stack = '';
    throw error;
  });
});
