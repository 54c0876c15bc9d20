/** Programs are made once a kind, no more than a number of them, and what cannot be captured is told once a reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureError } from '../../../../../../src/engine/capture-error.ts';
import type { Variable } from '../../../../../../src/engine/native/capture/variables.ts';
import { mostPrograms } from '../../../../../../src/trainer/step/executors/captured/limits.ts';
import { ProgramCache, Refusals } from '../../../../../../src/trainer/step/executors/captured/program-cache.ts';
import type { Programs } from '../../../../../../src/trainer/step/executors/captured/programs.ts';
import { Shelves } from '../../../../../../src/trainer/step/executors/captured/shelf.ts';
import { leavingOut, stepOf } from '../../../../../../src/trainer/step/executors/captured/workshop.ts';
import type { Sample } from '../../../../../../src/trainer/step/recorded/inputs.ts';

function cache(): { programs: ProgramCache<string>; refusals: Refusals; told: string[] } {
  const told: string[] = [];
  const refusals = new Refusals(({ en }) => told.push(en));
  return { programs: new ProgramCache<string>(refusals), refusals, told };
}
const never = (): never => assert.fail('is not made again');

test('a program is made once; one that cannot be captured is not tried again, and its reason told once', () => {
  const { programs, refusals, told } = cache();
  assert.equal(programs.has('a'), false);
  assert.equal(programs.get('a', () => 'made'), 'made'); // prettier-ignore
  assert.equal(programs.has('a'), true);
  assert.equal(programs.get('a', never), 'made');
  const refuse = (): never => {
    throw new CaptureError('it draws', '它抽样');
  };
  assert.equal(programs.get('b', refuse), null);
  assert.deepEqual([programs.has('b'), programs.get('b', never)], [true, null]);
  assert.equal(programs.get('c', refuse), null);
  assert.deepEqual(told, ['it draws']);
  assert.deepEqual(refusals.all, [{ en: 'it draws', zh: '它抽样' }]);
  programs.refuse('a');
  assert.equal(programs.get('a', never), null);
  programs.refuse('d');
  assert.deepEqual([programs.has('d'), programs.get('d', never)], [true, null]);
});

test('another error is no refusal: it goes to whoever asked, and the work can be tried again', () => {
  const { programs, told } = cache();
  assert.throws(() => programs.get('a', () => { throw new RangeError('broken'); }), RangeError); // prettier-ignore
  assert.deepEqual([programs.has('a'), told], [false, []]);
  assert.equal(programs.get('a', () => 'made'), 'made'); // prettier-ignore
});

test('as many programs as there may be, and not one more; those that were made stay', () => {
  const { programs, refusals, told } = cache();
  for (let number = 0; number < mostPrograms; number++) {
    assert.equal(programs.get(String(number), () => `made ${String(number)}`), `made ${String(number)}`); // prettier-ignore
  }
  assert.deepEqual(told, []);
  for (const key of ['one more', 'and another']) {
    assert.equal(programs.get(key, never), null);
    assert.equal(programs.has(key), false, 'nothing is kept of what is too much');
  }
  assert.deepEqual(refusals.all, [{ en: 'the batches have too many different shapes', zh: '批的形状种类过多' }]);
  assert.equal(told.length, 1);
  assert.equal(programs.get('0', never), 'made 0');
});

test('a shelf is taken again once it is free; each has its own variables, one for a name and shape', () => {
  let count = 0;
  const programs = { variable: () => ({ number: count++ }) as unknown as Variable } as unknown as Programs;
  const shelves = new Shelves(programs);
  const [first, second] = [shelves.take(), shelves.take()];
  assert.deepEqual([first.number, second.number, first.used, second.used], [0, 1, true, true]);
  second.used = false;
  assert.equal(shelves.take(), second);
  assert.equal(shelves.take().number, 2);
  first.used = false;
  assert.equal(shelves.take(), first);
  const row = first.variable('row 0', [2, 3]);
  assert.equal(first.variable('row 0', [2, 3]), row);
  for (const other of [
    first.variable('row 1', [2, 3]),
    first.variable('row 0', [3, 2]),
    second.variable('row 0', [2, 3]),
  ])
    assert.notEqual(other, row);
  assert.equal(count, 4);
});

test('the second round takes a neighboring step of the same phase, the next before the last one', () => {
  const always = (): string => 'same';
  assert.deepEqual([stepOf({ phase: always }, 5, 0), stepOf({ phase: always }, 5, 1)], [5, 6]);
  const from = (border: number) => (step: number) => (step < border ? 'early' : 'late');
  assert.equal(stepOf({ phase: from(6) }, 5, 1), 4);
  assert.equal(stepOf({ phase: from(5) }, 5, 1), 6);
  // Before the first step there is none; where no neighbor has the phase it is the step itself.
  assert.equal(stepOf({ phase: from(1) }, 0, 1), 0);
  assert.equal(stepOf({ phase: from(2) }, 1, 1), 0);
  assert.equal(stepOf({ phase: String }, 7, 1), 7);
});

test('an assembly is told of tasks only where some may be left out', () => {
  const gates = new Map();
  const sample = { present: [0, 2, 3], partial: true } as unknown as Sample;
  assert.deepEqual(leavingOut(sample, gates as never), { tasks: { count: 3, gates } });
  assert.deepEqual(leavingOut({ ...sample, partial: false }, gates as never), {});
});
