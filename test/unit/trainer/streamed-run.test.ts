/** Whole runs whose data are read from disk: stopped, resumed, evaluated and used, they are the runs whose data are in memory. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../../../src/runs/control.ts';
import { orderedText } from '../../../src/runs/json.ts';
import {
  ended,
  events,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Workplace,
} from './run-helpers.ts';
import { worker } from './whole-run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace();
});
after(() => place.remove());

const text = specText({
  optimizer: 'adam',
  batchSize: 16,
  epochs: 8,
  seed: 3,
  checkpoint: { every: 3, unit: 'step', keep: 2 },
});
/** Less than the smallest of these data. */
const little = '0.005 MB';
const done = { code: 0, signal: null };

interface Storage {
  readonly streamed: boolean;
  readonly memory: number;
  readonly disk: number;
}

function storageOf(directory: string): Storage {
  return events(directory).find(({ kind }) => kind === 'start')?.['storage'] as Storage;
}

test('data from disk give the run that data in memory give, also through stop and resume', async () => {
  const held = newRun(place, 'held', text);
  assert.deepEqual(await ended(await start(held, place)), done);
  const streamed = newRun(place, 'streamed', text);
  assert.deepEqual(await ended(await start(streamed, place, false, { memory: little })), done);
  assert.deepEqual([storageOf(held).streamed, storageOf(streamed).streamed], [false, true]);
  assert.ok(storageOf(streamed).disk > 0 && storageOf(streamed).memory === Math.round(0.005 * 2 ** 20));
  assert.deepEqual(outcomeOf(streamed), outcomeOf(held));
  const log = fs.readFileSync(path.join(streamed, 'log.txt'), 'utf8');
  assert.match(log, /read from disk while the network trains/);
  assert.match(log, /Read from disk: \d+ batches ahead of the training/);
  // Everything was read ahead: nothing on the spot but what nobody can foresee.
  assert.match(log, /, 0 on the spot/);
  assert.ok(!fs.readdirSync(streamed).some((name) => name.endsWith('.tmp')));

  const stopped = newRun(place, 'stopped', text);
  const launched = await start(stopped, place, false, { memory: little });
  await until(stopped, 'epoch', 2);
  request(stopped, 'stop');
  await ended(launched);
  // Memory is a matter of the machine, not of the run: it goes on with more, and with less.
  assert.deepEqual(await ended(await start(stopped, place, true, { memory: '64 MB' })), done);
  assert.deepEqual(outcomeOf(stopped), outcomeOf(held));
});

test('evaluation and prediction of data from disk', async () => {
  const run = path.join(place.folder, 'held');
  const options = { root: place.folder, allowOutside: false };
  const data = path.join(place.folder, 'data.csv');
  const { evaluateRun, predictRun } = worker();
  for (const chosen of [{ split: 'test' }, { split: 'train' }, { data }]) {
    const held = await evaluateRun(run, { ...options, ...chosen });
    const disk = await evaluateRun(run, { ...options, ...chosen, memory: 1 });
    assert.equal(orderedText(disk.summary), orderedText(held.summary));
    assert.deepEqual(disk.warnings, held.warnings);
  }
  const held = await predictRun(run, { ...options, data, proba: true });
  const disk = await predictRun(run, { ...options, data, proba: true, memory: 1 });
  assert.deepEqual(disk, held);
});
