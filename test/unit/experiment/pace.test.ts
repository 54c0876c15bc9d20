// How long a run must be to take as long as another one, by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../src/experiment/contract.ts';
import { lengthsOf } from '../../../src/experiment/pace.ts';
import { readSpec, type Spec } from '../../../src/spec/index.ts';
import { done, failed } from './outcomes.ts';
import { spec as written } from './specs.ts';

function read(rest: Readonly<Record<string, unknown>> = {}): Spec {
  const { spec } = readSpec(written({ replicates: 2 }, rest));
  assert.ok(spec);
  return spec;
}
const ran = (seconds: number, epochs: number): Outcome => ({ ...done(0.5, 1), seconds, epochs });
const own = (kind: Outcome, size: Outcome = ran(10, 10)) => [
  { task: 'kind', outcome: kind },
  { task: 'size', outcome: size },
];
const lengths = (spec: Spec, reference: Outcome | undefined, runs: ReturnType<typeof own>) =>
  lengthsOf('single', spec, reference, runs).lengths;

test('as many epochs as go into the time of the spec: E · s ÷ s_t, rounded, one or more', () => {
  // Ten epochs of 3 s; the tasks alone take 2 s and 8 s.
  const spec = read();
  assert.deepEqual([...(lengths(spec, ran(30, 10), own(ran(8, 4), ran(16, 2))) ?? [])], [['kind', 15], ['size', 4]]); // prettier-ignore
  assert.deepEqual([...(lengths(spec, ran(1, 10), own(ran(9, 1), ran(0.5, 1))) ?? [])], [['kind', 1], ['size', 2]]); // prettier-ignore
});

test('steps are counted in the batches that they read', () => {
  const steps = { training: { steps: 100, seed: 3 } };
  assert.equal(lengths(read(steps), ran(30, 10), own(ran(20, 10)))?.get('kind'), 150);
  assert.equal(lengths(read({ ...steps, strategy: 'auto-lambda' }), ran(30, 10), own(ran(20, 10)))?.get('kind'), 300);
  const { remark } = lengthsOf('single', read(steps), ran(30, 10), own(ran(20, 10)));
  assert.match(remark.en, /kind 150, size 300 steps\.$/);
  assert.match(remark.zh, /kind 150、size 300 步。$/);
});

test('it is told, with the pace that it follows from', () => {
  const { remark } = lengthsOf('single', read(), ran(30, 10), own(ran(8, 4)));
  assert.match(remark.en, /^"single" takes as long as the spec as it stands.*: kind 15, size 30 epochs\.$/);
  assert.match(remark.zh, /^“single”的训练时长.*：kind 15、size 30 轮。$/);
});

test('without a pace of one of them there is no length, and that is told', () => {
  const good = ran(30, 10);
  const none = [undefined, failed, ran(0, 10), ran(10, 0), { ...good, state: 'pruned' as const }];
  const runs = (kind: Outcome | undefined, size: Outcome | undefined) => [
    { task: 'kind', outcome: kind },
    { task: 'size', outcome: size },
  ];
  for (const bad of none) {
    for (const [reference, own] of [
      [bad, runs(good, good)],
      [good, runs(bad, good)],
      [good, runs(good, bad)],
    ] as const) {
      const given = lengthsOf('single', read(), reference, own);
      assert.equal(given.lengths, null);
      assert.match(given.remark.en, /^"single" cannot be given the time/);
      assert.match(given.remark.zh, /^无法使“single”/);
    }
  }
});
