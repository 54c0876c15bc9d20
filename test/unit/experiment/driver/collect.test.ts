import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { collectOutcome, lastEnd, spentOn } from '../../../../src/experiment/driver/collect.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { sha256 } from '../../../../src/runs/frozen.ts';
import { writeResult } from '../../../../src/runs/result.ts';
import { table } from '../../cli/run-cli.ts';
import { resultOf } from '../bodies.ts';
import { live, quickFolder, type Fate } from '../workplace.ts';

const files = new Map([['table.csv', sha256(table)]]);

async function ended(context: TestContext, fate: Fate, options: Parameters<typeof live>[2] = {}): Promise<string> {
  const folder = quickFolder(context);
  const directory = path.join(folder, 'run');
  createRun({ text: '{}', resolved: {}, specFile: path.join(folder, 's.json'), root: folder, name: 'x', directory });
  await live(directory, fate, options);
  return directory;
}

test('the numbers of the model that was kept: validation, test, and the scores of its epoch', async (context) => {
  const directory = await ended(context, 'done', { value: 0.5 });
  const outcome = collectOutcome(directory, files);
  assert.deepEqual(outcome, {
    ...{ state: 'done', failure: null, reason: null, seconds: 1.5, epochs: 2 },
    validation: new Map([['kind', new Map([['accuracy', 5], ['loss', 5]])], ['y', new Map([['mae', 15], ['loss', 10]])]]), // prettier-ignore
    test: new Map([['kind', new Map([['accuracy', 50], ['loss', 50]])], ['y', new Map([['mae', 150], ['loss', 100]])]]), // prettier-ignore
    // Of epoch 1, the best: epoch 2 has other ones.
    scores: new Map([['validation/skill', 0.25], ['validation/total', 2]]), // prettier-ignore
    samples: { train: 8, validation: 2, test: 2 },
  });
});

test('without a best epoch the last one was kept; a metric that is not defined stays null', async (context) => {
  const directory = await ended(context, 'done', { value: 0.5 });
  const split = { n: 2, losses: new Map([['y', 1]]), metrics: new Map([['y', new Map([['r2', null]])]]) };
  writeResult(directory, resultOf(0.5, 1, { best: null, splits: new Map([['validation', split]]) }));
  const outcome = collectOutcome(directory, files);
  assert.deepEqual(outcome?.scores, new Map([['validation/skill', 0.75], ['validation/total', 6]])); // prettier-ignore
  assert.deepEqual(outcome.validation, new Map([['y', new Map([['r2', null], ['loss', 1]])]])); // prettier-ignore
  assert.deepEqual(outcome.test, new Map());
});

test('numbers that are none are a failure, with what had none', async (context) => {
  const outcome = collectOutcome(await ended(context, 'no-number'), files);
  assert.deepEqual([outcome?.state, outcome?.failure], ['failed', 'nan']);
  assert.match(outcome?.reason?.en ?? '', /kind accuracy/);
  assert.deepEqual(outcome?.validation, new Map());
  assert.deepEqual([outcome.seconds, outcome.epochs], [1.5, 2]);
});

test('another state of the data than the plan’s is no outcome that counts', async (context) => {
  const changed = collectOutcome(await ended(context, 'done', { files: new Map([['table.csv', 'other']]) }), files);
  assert.deepEqual([changed?.state, changed?.failure], ['failed', 'data-changed']);
  assert.match(changed?.reason?.en ?? '', /another state of table\.csv/);
  const directory = await ended(context, 'done', { files: new Map([['unknown.csv', 'x'], ...files]) });
  assert.equal(collectOutcome(directory, files)?.state, 'done', 'a file that the plan does not know tells nothing');
  fs.rmSync(path.join(directory, 'fingerprints.json'));
  assert.equal(collectOutcome(directory, files)?.failure, 'data-changed');
  fs.rmSync(path.join(directory, 'result.json'));
  assert.equal(collectOutcome(directory, files), null);
});

test('time and epochs of a run that has no result', async (context) => {
  const failed = await ended(context, 'fail');
  assert.deepEqual(spentOn(failed), { seconds: 2, epochs: 2 });
  assert.equal(lastEnd(failed)?.error?.code, 'no-data');
  const died = await ended(context, 'die');
  assert.deepEqual(spentOn(died), { seconds: 2, epochs: 2 }, 'two epochs of a second each');
  assert.equal(lastEnd(died), null);
  assert.deepEqual(spentOn(path.dirname(died)), { seconds: 0, epochs: 0 });
});
