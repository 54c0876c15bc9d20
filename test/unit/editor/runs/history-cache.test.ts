// The cache beside a run's events: it gives what reading them gives, and nothing where it is not theirs.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import '../fake-vscode.ts';
import { readHistoryCache, worthCaching, writeHistoryCache } from '../../../../src/editor/runs/history-cache.ts';
import { LossHistory } from '../../../../src/messages/history.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { RunReader } from '../../../../src/runs/reader.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { startBody, stepBody, temporaryFolder } from '../../runs/helpers.ts';

const { TrackedRun } = await import('../../../../src/editor/runs/tracked-run.ts');

const weights = [['10', 0.25]] as const;
const bodies: EventInput[] = [startBody(1), stepBody(1), stepBody(2, NaN), stepBody(3, null), { kind: 'state', state: 'paused', by: 'x' }]; // prettier-ignore

function runWith(context: TestContext, records = bodies): string {
  const directory = path.join(temporaryFolder(context), '2026-run');
  fs.mkdirSync(directory);
  append(directory, records);
  return directory;
}
function append(directory: string, records: readonly EventInput[], from = 0): void {
  const lines = records.map((body, at) => `${encodeRecord(from + at, 1000 * (from + at), body)}\n`);
  fs.appendFileSync(runPaths(directory).events, lines.join(''));
}
function readWhole(directory: string): { history: LossHistory; reader: RunReader } {
  const reader = new RunReader(directory);
  reader.pollAll();
  const history = new LossHistory(weights);
  history.append(reader.records);
  return { history, reader };
}
async function cached(directory: string): Promise<void> {
  const { history, reader } = readWhole(directory);
  assert.equal(await writeHistoryCache(directory, history, reader.place()), true);
}
const temporaries = (directory: string): string[] => fs.readdirSync(directory).filter((name) => name.endsWith('.tmp'));

test('it gives the history and the reader’s place', async (context) => {
  const directory = runWith(context);
  await cached(directory);
  const { history, reader } = readWhole(directory);
  const found = readHistoryCache(directory, weights);
  assert.ok(found);
  assert.deepEqual(found.history.snapshot(), history.snapshot());
  assert.deepEqual(found.history.now(), history.now());
  assert.deepEqual(found.place, reader.place());
  assert.equal(found.place.state?.state, 'paused');
  assert.deepEqual(temporaries(directory), []);
});

test('what was written since is read on from there, and may supersede what is cached', async (context) => {
  const directory = runWith(context);
  await cached(directory);
  append(directory, [startBody(2, { step: 1, epoch: 1, seq: 1 }), stepBody(2, 7), { kind: 'end', status: 'completed', seconds: 1 }], 5); // prettier-ignore
  const found = readHistoryCache(directory, weights);
  assert.ok(found);
  const reader = new RunReader(directory, { keep: false });
  reader.skipTo(found.place);
  found.history.append(reader.poll().records);
  const whole = readWhole(directory);
  assert.deepEqual(found.history.snapshot(), whole.history.snapshot());
  assert.deepEqual([reader.place(), reader.status()], [whole.reader.place(), whole.reader.status()]);
});

test('events that were changed, shortened or replaced have no cache; touched ones have', async (context) => {
  const directory = runWith(context);
  await cached(directory);
  const { events } = runPaths(directory);
  const text = fs.readFileSync(events, 'utf8');
  fs.utimesSync(events, 1, 1);
  assert.ok(readHistoryCache(directory, weights));
  const changed = text.replace('"10":1,', '"10":2,');
  assert.notEqual(changed, text);
  for (const other of [changed, text.slice(0, -1), '', changed + text]) {
    fs.writeFileSync(events, other);
    assert.equal(readHistoryCache(directory, weights), undefined);
  }
  fs.rmSync(events);
  assert.equal(readHistoryCache(directory, weights), undefined);
});

test('a damaged cache, one of another version and a link are none', async (context) => {
  const directory = runWith(context);
  await cached(directory);
  const { cache } = runPaths(directory);
  const good = fs.readFileSync(cache);
  for (let length = 0; length < good.length; length += 7) {
    fs.writeFileSync(cache, good.subarray(0, length));
    assert.equal(readHistoryCache(directory, weights), undefined, String(length));
  }
  const text = good.toString('latin1');
  for (const [from, to] of [
    ['mtl-history 1', 'mtl-history 2'],
    ['"lastSeq":4', '"lastSeq":{}'],
    ['"kind":"start"', '"kind":"other"'],
    ['"length":3', '"length":4'],
    ['"sha256":"', '"sha257":"'],
  ] as const) {
    assert.ok(text.includes(from), from);
    fs.writeFileSync(cache, Buffer.from(text.replace(from, to), 'latin1'));
    assert.equal(readHistoryCache(directory, weights), undefined, from);
  }
  const elsewhere = path.join(path.dirname(directory), 'elsewhere');
  fs.writeFileSync(elsewhere, good);
  fs.rmSync(cache);
  fs.symlinkSync(elsewhere, cache);
  assert.equal(readHistoryCache(directory, weights), undefined);
});

test('where it cannot be written nothing is left behind', async (context) => {
  const directory = runWith(context);
  const { history, reader } = readWhole(directory);
  fs.mkdirSync(runPaths(directory).cache);
  assert.equal(await writeHistoryCache(directory, history, reader.place()), false);
  fs.rmSync(runPaths(directory).events);
  assert.equal(await writeHistoryCache(directory, history, reader.place()), false);
  assert.deepEqual(temporaries(directory), []);
});

test('a long run is opened from its cache the second time, in trusted folders alone', async (context) => {
  const steps = Array.from({ length: 20_000 }, (_, index) => stepBody(index + 1));
  const directory = runWith(context, [startBody(1), ...steps]);
  assert.ok(fs.statSync(runPaths(directory).events).size > worthCaching);
  const open = (caches: boolean) => new TrackedRun(directory, undefined, caches);
  const first = open(false);
  while (!first.complete) first.poll();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(fs.existsSync(runPaths(directory).cache), false);
  const second = open(true);
  assert.equal(second.history.points, 0);
  let looks = 0;
  for (; !second.complete; looks++) assert.equal(second.poll().first, true);
  assert.ok(looks > 1);
  while (!fs.existsSync(runPaths(directory).cache)) await new Promise((resolve) => setTimeout(resolve, 10));
  append(directory, [stepBody(20_001)], 20_001);
  const third = open(true);
  assert.equal(third.history.points, 20_000);
  assert.deepEqual(third.poll().records.map(({ seq }) => seq), [20_001]); // prettier-ignore
  second.poll();
  assert.deepEqual(third.history.snapshot(), second.history.snapshot());
  assert.equal(open(false).history.points, 0);
});
