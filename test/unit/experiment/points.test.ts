// Settings of factors: each is run, once, under a name of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDesign } from '../../../src/experiment/design.ts';
import { expand } from '../../../src/experiment/expand.ts';
import { Labels } from '../../../src/experiment/points.ts';
import { spec, surroundings } from './specs.ts';

test('settings that look alike with four digits have names of their own, and keep them', () => {
  const labels = new Labels();
  const near = [new Map([['lr', 0.00155933]]), new Map([['lr', 0.00155944]]), new Map([['lr', 0.0155933]])];
  const names = ['lr=0.001559', 'lr=0.00155944', 'lr=0.01559'];
  assert.deepEqual(near.map((point) => labels.of(point)), names); // prettier-ignore
  assert.deepEqual(near.toReversed().map((point) => labels.of(point)), names.toReversed()); // prettier-ignore
  const words = [new Map([['w', '1']]), new Map([['w', 1]]), new Map([['/weights/a', 1]]), new Map([['a', '1']])];
  assert.deepEqual(words.map((point) => labels.of(point)), ['w=1', '{"w":1}', 'a=1', 'a="1"']); // prettier-ignore
  assert.equal(new Labels().of(new Map([['/training/optimizer/beta1', 0.8]])), 'beta1=0.8');
});

test('a thousand settings of a range are a thousand arms, however near they lie', () => {
  const factors = [{ name: 'lr', path: '/training/learningRate', range: [0.001, 0.0011] }];
  const stages = [{ id: 's', method: 'latin-hypercube', runs: 1000, replicates: { n: 2 } }];
  const { design } = readDesign(spec({ factors, stages }));
  assert.ok(design);
  const { runs, compared } = expand(design, surroundings, new Map());
  assert.equal(runs.length, 2000);
  // Written out again, as after every run that has ended, it is the same settings, not others like them.
  const again = expand(design, surroundings, new Map()).runs;
  assert.ok(again.every(({ variant }, index) => variant === runs[index]?.variant));
  assert.equal(new Set(compared.map(({ id }) => id)).size, 1000);
  assert.equal(new Set(runs.map(({ variant }) => variant.hash)).size, 1000);
});
