import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../../../src/runs/control.ts';
import { generator } from '../../../src/numbers/random.ts';
import {
  effective,
  ended,
  endedWell,
  events,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Workplace,
} from './run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace();
});
after(() => place.remove());

const training = {
  optimizer: 'adam',
  learningRate: 0.01,
  schedule: 'cosine',
  batchSize: 16,
  epochs: 12,
  l2: 0.0001,
  clipNorm: 1,
  seed: 7,
  checkpoint: { every: 3, unit: 'step', keep: 2 },
  earlyStopping: { patience: 12 },
};

const uninterrupted = new Map<string, object>();

/** The same run without any interruption; made once per spec. */
async function reference(text: string): Promise<object> {
  const known = uninterrupted.get(text);
  if (known) return known;
  const directory = newRun(place, `whole-${String(uninterrupted.size)}`, text);
  await endedWell(await start(directory, place));
  const outcome = outcomeOf(directory);
  uninterrupted.set(text, outcome);
  return outcome;
}

function assertSequence(directory: string): void {
  const seqs = events(directory).map((record) => record['seq']);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index),
  );
}

/** Resumes until the run is through. */
async function finish(directory: string): Promise<void> {
  await endedWell(await start(directory, place, true));
  assertSequence(directory);
}

test('the same spec and seed give the same run twice', async () => {
  const text = specText(training);
  const first = await reference(text);
  const directory = newRun(place, 'again', text);
  await ended(await start(directory, place));
  assert.deepEqual(outcomeOf(directory), first);
});

test('stopped by control file in mid-epoch and resumed, it equals the uninterrupted run', async () => {
  const text = specText(training);
  const directory = newRun(place, 'stopped', text);
  const launched = await start(directory, place);
  await until(directory, 'epoch', 2);
  request(directory, 'stop', { by: 'test', token: launched.token });
  await endedWell(launched);
  const last = effective(directory).at(-1);
  assert.deepEqual([last?.['kind'], last?.['status']], ['end', 'stopped']);
  const stopping = effective(directory).find((record) => record['kind'] === 'state');
  assert.deepEqual([stopping?.['state'], stopping?.['by']], ['stopping', 'test']);
  assert.ok(!fs.existsSync(path.join(directory, 'result.json')));
  await finish(directory);
  assert.deepEqual(withoutStops(outcomeOf(directory)), withoutStops(await reference(text)));
});

/** A stopped attempt leaves its own `end` record behind; the last one counts. */
function withoutStops(outcome: object): object {
  const { end, ...rest } = outcome as { end: unknown[] };
  return { ...rest, end: end.slice(-1) };
}

test('SIGTERM writes a checkpoint, exits 143, and the resumed run equals the uninterrupted one', async () => {
  const text = specText(training);
  const directory = newRun(place, 'terminated', text);
  const launched = await start(directory, place);
  await until(directory, 'step', 1);
  process.kill(launched.pid, 'SIGTERM');
  assert.deepEqual(await ended(launched), { code: 143, signal: null });
  await finish(directory);
  assert.deepEqual(withoutStops(outcomeOf(directory)), withoutStops(await reference(text)));
});

test('killed with SIGKILL at random instants, again and again, it ends like the uninterrupted run', async () => {
  const text = specText(training);
  const expected = await reference(text);
  const random = generator(11, 22, 33, 44);
  for (let round = 0; round < 3; round++) {
    const directory = newRun(place, `killed-${String(round)}`, text);
    let interrupted = 0;
    for (let kill = 0; kill < 3; kill++) {
      const launched = await start(directory, place, kill > 0);
      const checkpoints = events(directory).filter((record) => record['kind'] === 'checkpoint').length;
      await until(directory, 'checkpoint', checkpoints + 1 + random.integer(12));
      await sleep(random.uniform(0, 15));
      process.kill(-launched.pid, 'SIGKILL');
      const { signal } = await ended(launched);
      if (signal === null) break;
      interrupted++;
    }
    assert.ok(interrupted > 0, 'at least one kill came before the end');
    await finish(directory);
    assert.deepEqual(withoutStops(outcomeOf(directory)), withoutStops(expected));
  }
});

test('killed before its first checkpoint, it begins anew and ends the same', async () => {
  const text = specText(training);
  const directory = newRun(place, 'early', text);
  const launched = await start(directory, place);
  await until(directory, 'progress', 1);
  process.kill(-launched.pid, 'SIGKILL');
  await ended(launched);
  await finish(directory);
  assert.deepEqual(outcomeOf(directory), await reference(text));
});

test('a pause waits, holds what was trained, and ends with resume', async () => {
  const text = specText(training);
  const directory = newRun(place, 'paused', text);
  const launched = await start(directory, place);
  await until(directory, 'step', 1);
  request(directory, 'pause', { by: 'test', token: launched.token });
  await until(directory, 'state', 1);
  await sleep(400);
  request(directory, 'resume', { by: 'test', token: launched.token });
  await endedWell(launched);
  const records = events(directory);
  const states = records.filter((record) => record['kind'] === 'state');
  assert.deepEqual(
    states.map((record) => record['state']),
    ['paused', 'resumed'],
  );
  // However long it lasted, nothing was trained in it.
  const [paused, resumed] = states.map((record) => records.indexOf(record));
  assert.equal(resumed, Number(paused) + 1);
  assert.deepEqual(outcomeOf(directory), await reference(text));
});

test('a run that stopped early is not trained further by a resume from its last checkpoint', async () => {
  const text = specText({ ...training, epochs: 60, earlyStopping: { patience: 2, minDelta: 0.2 } });
  const expected = await reference(text);
  assert.equal((expected as { result: { status: string } }).result.status, 'early-stopped');
  const directory = newRun(place, 'early-stopped', text);
  await ended(await start(directory, place));
  // As if it had been killed after its last checkpoint and before its result.
  const file = path.join(directory, 'events.ndjson');
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  fs.writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n{"v":1,"se`);
  fs.rmSync(path.join(directory, 'result.json'));
  await finish(directory);
  assert.deepEqual(outcomeOf(directory), expected);
});

test('another process gets exit code 2 while a run is alive', async () => {
  const directory = newRun(place, 'alive', specText({ ...training, epochs: 400 }));
  const launched = await start(directory, place);
  await until(directory, 'step', 1);
  await assert.rejects(start(directory, place, true), /alive in process/);
  request(directory, 'stop', { token: launched.token });
  await ended(launched);
});

test('a spec that no longer fits its data ends with a failed record that says so, not a stack', async () => {
  const broken = makeWorkplace(30);
  try {
    const directory = newRun(broken, 'broken', specText(training));
    const csv = path.join(broken.folder, 'data.csv');
    fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('a,b,c,kind', 'a,b,d,kind'));
    const { code } = await ended(await start(directory, broken));
    assert.equal(code, 1);
    const last = events(directory).at(-1);
    const error = last?.['error'] as { code: string; message: string };
    assert.equal(last?.['status'], 'failed');
    assert.match(error.message, /c/);
    assert.doesNotMatch(error.message, /\n\s+at /);
  } finally {
    broken.remove();
  }
});

test('training that diverges ends with the code diverged and keeps its last checkpoint', async () => {
  const text = specText({ optimizer: 'sgd', learningRate: 1e30, batchSize: 16, epochs: 3, seed: 1 });
  const directory = newRun(place, 'diverged', text);
  const { code } = await ended(await start(directory, place));
  assert.equal(code, 1);
  const last = events(directory).at(-1);
  assert.equal((last?.['error'] as { code: string }).code, 'diverged');
  assert.ok(events(directory).some((record) => record['code'] === 'loss-not-finite'));
});
