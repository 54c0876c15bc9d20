// The spec of a single-task baseline: the same data, split and steps, one task.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesPerStep, chained, singleTaskText } from '../../../src/experiment/single-task.ts';
import { readSpec, type Spec } from '../../../src/spec/index.ts';
import { spec as written } from './specs.ts';

const read = (rest: Readonly<Record<string, unknown>> = {}): Spec => {
  const { spec, problems } = readSpec(written({ replicates: 2 }, rest));
  assert.ok(spec, JSON.stringify(problems));
  return spec;
};
const single = (spec: Spec, task: string, match: 'steps' | 'examples' = 'steps'): Spec => {
  const { spec: read, problems } = readSpec(singleTaskText(spec, task, match));
  assert.deepEqual(problems, []);
  assert.ok(read);
  return read;
};

test('the task alone, with the blocks that it reads, weight 1 and no strategy', () => {
  const joint = read({ strategy: 'uncertainty' });
  const kind = single(joint, 'kind');
  assert.deepEqual([...kind.tasks.keys()], ['kind']);
  assert.deepEqual([...kind.network.keys()], ['trunk']);
  assert.deepEqual([...kind.weights], [['kind', 1]]);
  assert.equal(kind.strategy.name, 'static');
  assert.equal(kind.experiment, undefined);
  const size = single(joint, 'size');
  assert.deepEqual([...size.network.keys()], ['trunk', 'own']);
  assert.deepEqual(size.tasks.get('size'), joint.tasks.get('size'));
  assert.deepEqual(size.training, joint.training);
  assert.deepEqual(size.data.inputs, joint.data.inputs);
});

test('a task that reads an input beside its blocks keeps both, and a block that two blocks read once', () => {
  const layers = [{ type: 'dense', units: 2 }];
  const diamond = read({
    network: {
      trunk: { input: 'x', layers },
      left: { input: 'trunk', layers },
      right: { input: ['x', 'trunk', 'left'], layers },
      other: { input: 'x', layers },
    },
    tasks: {
      kind: { type: 'classification', target: 'kind', classes: 3, input: ['x', 'left', 'right'] },
      size: { type: 'regression', target: 'size', input: 'other' },
    },
  });
  assert.deepEqual([...single(diamond, 'kind').network.keys()], ['trunk', 'left', 'right']);
  assert.deepEqual([...single(diamond, 'size').network.keys()], ['other']);
});

test('the text says where it comes from', () => {
  assert.match(singleTaskText(read(), 'kind', 'steps'), /^\/\/ The single-task baseline of "kind", derived from/);
});

test('rows are spread over the parts as in the joint run, whose first classification task may be gone', () => {
  const split = (spec: Spec): unknown => single(spec, 'size').data.split;
  assert.deepEqual(split(read()), { train: 0.7, validation: 0.15, test: 0.15, stratify: 'kind', seed: 0 });
  const none = read({
    tasks: { a: { type: 'regression', target: 'kind', input: 'trunk' }, size: { type: 'regression', target: 'size', input: 'own' } },
    weights: {},
  }); // prettier-ignore
  assert.deepEqual(split(none), { train: 0.7, validation: 0.15, test: 0.15, stratify: false, seed: 0 });
  const data = { source: 'a.csv', inputs: { x: { type: 'number', from: ['p'] } } };
  const own = read({ data: { ...data, split: { train: 0.8, stratify: 'sex', seed: 5 } } });
  assert.deepEqual(split(own), { train: 0.8, validation: 0.1, test: 0.1, stratify: 'sex', seed: 5 });
  const file = read({ data: { ...data, split: { file: 'split.csv' } } });
  assert.deepEqual(split(file), { file: 'split.csv' });
});

test('strategies of several batches: as many steps, or as many examples', () => {
  assert.equal(batchesPerStep(read()), 1);
  const three = read({ strategy: 'modo', training: { epochs: 10, seed: 3 } });
  assert.equal(batchesPerStep(three), 3);
  // An epoch of the joint run is a third of the steps of one of the single run.
  assert.equal(single(three, 'kind', 'steps').training.epochs, 3);
  assert.equal(single(three, 'kind', 'examples').training.epochs, 10);
  const steps = read({ strategy: 'modo', training: { steps: 100 } });
  assert.equal(single(steps, 'kind', 'steps').training.steps, 100);
  assert.equal(single(steps, 'kind', 'examples').training.steps, 300);
  const one = read({ strategy: 'modo', training: { epochs: 1 } });
  assert.equal(single(one, 'kind', 'steps').training.epochs, 1, 'at least one');
});

test('a monitor of another task gives way to the usual one; its own and general ones stay', () => {
  const watching = (monitor: string): unknown =>
    single(read({ training: { epochs: 10, earlyStopping: { monitor, patience: 4 } } }), 'kind').training.earlyStopping;
  assert.deepEqual(watching('validation/size/mae'), { patience: 4, minDelta: 0, restoreBest: true });
  assert.deepEqual(watching('validation/kind/accuracy'), {
    ...{ monitor: 'validation/kind/accuracy', patience: 4, minDelta: 0, restoreBest: true },
  });
  assert.deepEqual(watching('validation/total'), {
    ...{ monitor: 'validation/total', patience: 4, minDelta: 0, restoreBest: true },
  });
  const plateau = read({ training: { epochs: 5, schedule: { name: 'plateau', monitor: 'validation/size/mae' } } });
  assert.equal('monitor' in single(plateau, 'kind').training.schedule, false);
  assert.equal('monitor' in single(plateau, 'size').training.schedule, true);
});

test('a prediction that is read is left out, and named', () => {
  const spec = read({
    tasks: {
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
      size: { type: 'regression', target: 'size', input: ['own', 'task:kind'] },
    },
  });
  assert.deepEqual(chained(spec, 'size'), ['task:kind']);
  assert.deepEqual(chained(spec, 'kind'), []);
  assert.deepEqual(single(spec, 'size').tasks.get('size')?.input, ['own']);
});
