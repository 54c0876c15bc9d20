import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readDesign } from '../../../../src/experiment/design.ts';
import type { Design, Outcome, PlannedRun } from '../../../../src/experiment/contract.ts';
import { failedOutcome } from '../../../../src/experiment/driver/collect.ts';
import { cutterOf, reportOf } from '../../../../src/experiment/driver/pruning.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import type { EpochEvent } from '../../../../src/runs/events.ts';
import { text } from '../../../../src/common/text.ts';
import { epochBody, startBody } from '../bodies.ts';
import { makePlace, quickFolder, specText } from '../workplace.ts';

const explores = {
  factors: [{ name: 'units', path: '/network/trunk/layers/0/units', levels: [2, 4, 8] }],
  stages: [
    { id: 'explore', method: 'grid', prune: { method: 'asha', eta: 3, rule: 'worse-on-all-tasks' } },
    { id: 'confirm', take: { from: 'explore', max: 1 }, replicates: 2 },
  ],
};

const designOf = (experiment: object): Design => {
  const { design } = readDesign(specText(experiment));
  assert.ok(design);
  return design;
};

test('a stage without a rule cuts nothing', () => {
  assert.equal(cutterOf(designOf({ replicates: 2 }), () => ''), null); // prettier-ignore
});

/** An epoch as it stands in a file. */
const epoch = (value: number): EpochEvent => JSON.parse(encodeRecord(0, 0, epochBody(1, value))) as EpochEvent;

test('reports: less is better throughout, and what is not finite is no value', () => {
  const design = designOf(explores);
  // Accuracy 2 and error 6 of the two tasks; skill 1, total 8.
  assert.deepEqual(reportOf(design, epoch(2)), { measures: [-2, 6], monitor: -1 });
  assert.deepEqual(reportOf({ ...design, selection: 'validation/total' }, epoch(2)).monitor, 8);
  assert.deepEqual(reportOf({ ...design, selection: 'validation/y/mae' }, epoch(2)).monitor, 6);
  assert.deepEqual(reportOf({ ...design, selection: 'validation/kind/accuracy' }, epoch(2)).monitor, -2);
  assert.deepEqual(reportOf({ ...design, selection: 'validation/y/loss' }, epoch(2)).monitor, 4);
  assert.deepEqual(reportOf({ ...design, selection: 'validation/y/r2' }, epoch(2)).monitor, null);
  const { validation, ...rest } = epoch(2);
  assert.ok(validation);
  const kind = { accuracy: 2, logLoss: 0.5 };
  const both = { ...rest, validation: { ...validation, metrics: { ...validation.metrics, kind } } };
  // A metric of the task that is not its measure, in its own direction.
  assert.deepEqual(reportOf({ ...design, selection: 'validation/kind/logLoss' }, both).monitor, 0.5);
  assert.deepEqual(reportOf(design, epoch(NaN)), { measures: [null, null], monitor: null });
  assert.deepEqual(reportOf(design, { ...epoch(2), validation: null }), { measures: [null, null], monitor: null });
  const losses = design.measures.map((measure) => ({ ...measure, metric: 'loss', higherIsBetter: false }));
  assert.deepEqual(reportOf({ ...design, measures: losses }, epoch(2)).measures, [2, 4]);
});

test('a live run is cut once it is behind those that have reported the same epoch', (context) => {
  const { plan, directory } = makePlace(quickFolder(context), specText(explores));
  const { design, expand } = planningOf(plan);
  const runs = expand(new Map()).runs.filter(({ role }) => role === 'explore');
  assert.equal(runs.length, 3);
  const [first, second, third] = runs as [PlannedRun, PlannedRun, PlannedRun];
  const place = (id: string): string => path.join(directory, 'runs', id);
  const reports = ({ id }: PlannedRun, ...epochs: readonly (readonly [number, number])[]): void => {
    fs.mkdirSync(place(id), { recursive: true });
    // Accuracy falls and the error rises with the number: the larger the worse.
    const bodies = [startBody(1, 1), ...epochs.map(([at, value]) => worse(at, value))];
    const lines = bodies.map((body, seq) => `${encodeRecord(seq, 0, body)}\n`);
    fs.writeFileSync(path.join(place(id), 'events.ndjson'), lines.join(''));
  };
  const worse = (at: number, value: number) => {
    const { validation, ...rest } = epochBody(at, value) as Extract<ReturnType<typeof epochBody>, { kind: 'epoch' }>;
    const metrics = new Map([['kind', new Map([['accuracy', -value]])], ['y', new Map([['mae', value]])]]); // prettier-ignore
    return { ...rest, validation: validation && { ...validation, metrics } };
  };
  const cutter = cutterOf(design, place);
  assert.ok(cutter);
  const outcomes = new Map<string, Outcome>();
  reports(first, [1, 1]);
  assert.deepEqual(cutter.look([first], outcomes), [], 'the first to come goes on');
  reports(second);
  assert.deepEqual(cutter.look([first, second], outcomes), [], 'before its first epoch nobody is judged');
  reports(second, [1, 5]);
  const cuts = cutter.look([first, second], outcomes);
  assert.deepEqual(cuts.map(({ run, epoch: at }) => [run, at]), [[second.id, 1]]); // prettier-ignore
  assert.match(cuts[0]?.reason.en ?? '', /^Cut at epoch 1\. Outside the best 1\/3 at epoch 1/);
  assert.deepEqual(cutter.look([first, second], outcomes), [], 'an epoch is judged once');
  // Those that have ended are compared with, and are not judged.
  outcomes.set(first.id, failedOutcome('crash', text('', '')));
  outcomes.set(second.id, failedOutcome('crash', text('', '')));
  reports(third, [1, 3]);
  assert.deepEqual(cutter.look(runs, outcomes).map(({ run }) => run), [third.id]); // prettier-ignore
  // Of another stage, or to be compared, nothing is cut.
  const compared = { ...third, id: 'x', role: 'compare' as const };
  assert.deepEqual(cutterOf(design, () => place(third.id))?.look([compared], new Map()), []);
});
