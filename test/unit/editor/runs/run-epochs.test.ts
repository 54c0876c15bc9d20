// Finished epochs of a run with the place of each, read from its directory.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { RunEpochs } from '../../../../src/editor/runs/run-epochs.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { startBody, stepBody, temporaryFolder } from '../../runs/helpers.ts';

const epoch = (number: number): EventInput => ({
  ...{ kind: 'epoch', epoch: number, seconds: 1 },
  train: { losses: new Map([['10', 0.5], ['2', 0.5]]), metrics: new Map() }, // prettier-ignore
  validation: null,
});

test('an epoch stands at the last step before it and at its time since the first record', async (context) => {
  const directory = temporaryFolder(context);
  const { events } = runPaths(directory);
  const epochs = new RunEpochs();
  const places = async (): Promise<unknown[]> =>
    (await epochs.of(directory)).map(({ record, step, seconds }) => [record.epoch, step, seconds]);
  assert.deepEqual(await places(), []);
  let seq = 0;
  const write = (...bodies: readonly (readonly [number, EventInput])[]): void =>
    fs.appendFileSync(events, bodies.map(([time, body]) => `${encodeRecord(seq++, time, body)}\n`).join(''));
  write([5000, startBody(1)], [6000, epoch(1)], [7000, stepBody(4)], [8000, stepBody(6)], [8500, epoch(2)]);
  assert.deepEqual(await places(), [
    [1, null, 1],
    [2, 6, 3.5],
  ]);
  // The same list as long as nothing is added.
  const before = await epochs.of(directory);
  assert.equal(await epochs.of(directory), before);
  assert.equal(before.length, 2);
  // What a resume supersedes is dropped; what stands at its checkpoint is kept.
  write([9000, stepBody(8)], [9500, epoch(3)]);
  write([20_000, startBody(2, { step: 6, epoch: 2, seq: 4 })], [21_000, stepBody(7)], [22_000, epoch(3)]);
  assert.deepEqual(await places(), [
    [1, null, 1],
    [2, 6, 3.5],
    [3, 7, 17],
  ]);
});

test('a long run is read in parts: its epochs are kept, but for those that a resume supersedes', async (context) => {
  const lines = [encodeRecord(0, 0, startBody(1)), encodeRecord(1, 1000, epoch(1)), encodeRecord(2, 2000, epoch(2))];
  for (let step = 1; lines.join('').length < 1.2e6; step += 500) {
    for (let more = 0; more < 500; more++) lines.push(encodeRecord(lines.length, 3000, stepBody(step + more)));
  }
  const found = async (...bodies: readonly EventInput[]): Promise<unknown[]> => {
    const directory = temporaryFolder(context);
    const all = [...lines, ...bodies.map((body, at) => encodeRecord(lines.length + at, 4000, body))];
    fs.writeFileSync(runPaths(directory).events, all.map((line) => `${line}\n`).join(''));
    return (await new RunEpochs().of(directory)).map(({ record, seconds }) => [record.epoch, seconds]);
  };
  assert.deepEqual(await found(epoch(3)), [[1, 1], [2, 2], [3, 4]]); // prettier-ignore
  const resumed = startBody(2, { step: 1, epoch: 1, seq: 1 });
  assert.deepEqual(await found(resumed, epoch(2)), [[1, 1], [2, 4]]); // prettier-ignore
});
