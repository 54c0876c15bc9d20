/** Which losses reach what, on plans that are drawn by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlanSource } from '../../../../src/plan/plan.ts';
import { reachOf } from '../../../../src/trainer/model/reach.ts';

const source = (kind: PlanSource['kind'], name: string, stopGradient = false): PlanSource => ({
  kind,
  name,
  stopGradient,
});

function planOf(
  inputs: readonly string[],
  blocks: Record<string, readonly PlanSource[]>,
  tasks: Record<string, readonly PlanSource[]>,
): Plan {
  const nodes = (of: Record<string, readonly PlanSource[]>) =>
    new Map(Object.entries(of).map(([name, sources]) => [name, { sources }]));
  return { inputs: new Map(inputs.map((name) => [name, {}])), blocks: nodes(blocks), tasks: nodes(tasks) } as unknown as Plan; // prettier-ignore
}

test('a loss reaches all that its task reads, through blocks and other tasks; tasks stand in source order', () => {
  const plan = planOf(
    ['unused', 'y', 'x'],
    {
      trunk: [source('input', 'x')],
      top: [source('block', 'trunk'), source('input', 'y')],
      idle: [source('input', 'unused')],
    },
    {
      b: [source('block', 'top')],
      a: [source('block', 'trunk'), source('task', 'b')],
    },
  );
  const { losses, needed, inputs } = reachOf(plan);
  assert.deepEqual(losses.get('block:trunk'), ['b', 'a']);
  assert.deepEqual(losses.get('block:top'), ['b', 'a']);
  assert.deepEqual(losses.get('task:b'), ['b', 'a']);
  assert.deepEqual(losses.get('task:a'), ['a']);
  assert.equal(losses.has('block:idle'), false);
  assert.deepEqual([...needed].toSorted(), ['block:top', 'block:trunk', 'task:a', 'task:b']);
  assert.deepEqual(inputs, ['y', 'x']);
});

test('where the gradient stops nothing behind is reached by it, and all of it is needed still', () => {
  const plan = planOf(
    ['x', 'z'],
    { trunk: [source('input', 'x')], own: [source('input', 'z')] },
    {
      first: [source('block', 'own')],
      second: [source('block', 'trunk'), source('task', 'first', true)],
    },
  );
  const { losses, needed, inputs } = reachOf(plan);
  assert.deepEqual(losses.get('block:own'), ['first']);
  assert.deepEqual(losses.get('task:first'), ['first']);
  assert.deepEqual(losses.get('block:trunk'), ['second']);
  assert.deepEqual([...needed].toSorted(), ['block:own', 'block:trunk', 'task:first', 'task:second']);
  assert.deepEqual(inputs, ['x', 'z']);
});

test('a task that another reads with and without its gradient is reached', () => {
  const plan = planOf(
    ['x'],
    { link: [source('task', 'first')] },
    { first: [source('input', 'x')], second: [source('task', 'first', true), source('block', 'link')] },
  );
  assert.deepEqual(reachOf(plan).losses.get('task:first'), ['first', 'second']);
});

test('a block and a task of one name are two', () => {
  const plan = planOf(['x'], { same: [source('input', 'x')] }, { same: [source('input', 'x')], other: [source('block', 'same')] }); // prettier-ignore
  const { losses } = reachOf(plan);
  assert.deepEqual([losses.get('block:same'), losses.get('task:same')], [['other'], ['same']]);
});

test('what is met again by another way hides nothing that is still to be looked at', () => {
  const plan = planOf(
    ['x', 'late'],
    { own: [source('input', 'late')], trunk: [source('input', 'x')], top: [source('block', 'trunk')] },
    { task: [source('block', 'own'), source('block', 'trunk'), source('block', 'top')] },
  );
  const { losses, needed, inputs } = reachOf(plan);
  assert.deepEqual([...losses.keys()].toSorted(), ['block:own', 'block:top', 'block:trunk', 'task:task']);
  assert.deepEqual([...needed].toSorted(), ['block:own', 'block:top', 'block:trunk', 'task:task']);
  assert.deepEqual(inputs, ['x', 'late']);
});
