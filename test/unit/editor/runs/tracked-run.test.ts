// A run as a window of the editor follows it: history, name, state and the lease that keeps the run alive.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import '../fake-vscode.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { acquireLock } from '../../../../src/runs/lock.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { startBody, stepBody, temporaryFolder } from '../../runs/helpers.ts';

const { TrackedRun } = await import('../../../../src/editor/runs/tracked-run.ts');

/** A directory with these records. */
function runWith(context: TestContext, ...bodies: readonly EventInput[]): string {
  const directory = path.join(temporaryFolder(context), '2026-run');
  fs.mkdirSync(directory);
  write(directory, bodies);
  return directory;
}
function write(directory: string, bodies: readonly EventInput[], from = 0): void {
  const text = bodies.map((body, at) => `${encodeRecord(from + at, 1000 * (from + at), body).trimEnd()}\n`).join('');
  fs.appendFileSync(runPaths(directory).events, text);
}
const leasesOf = (directory: string): string[] => {
  const { leases } = runPaths(directory);
  return fs.existsSync(leases) ? fs.readdirSync(leases) : [];
};
const end: EventInput = { kind: 'end', status: 'completed', seconds: 1 };

test('it is called as the folder is, knows its spec, and begins with nothing', (context) => {
  const directory = runWith(context);
  const run = new TrackedRun(directory, '/home/a.mtl.json');
  assert.deepEqual([run.id, run.directory, run.specFile], ['2026-run', directory, '/home/a.mtl.json']);
  assert.equal(new TrackedRun(directory, undefined).specFile, undefined);
  assert.equal(run.name, '2026-run');
  assert.deepEqual([run.state, run.previous, run.complete, run.history.points], ['idle', 'idle', false, 0]);
  assert.deepEqual(run.summary(), { id: '2026-run', name: '2026-run', state: 'idle', weights: [] });
});

test('it has the name that it was given, and that of its folder where that is empty', (context) => {
  for (const [name, shown] of [
    ['night run', 'night run'],
    ['', '2026-run'],
  ] as const) {
    // prettier-ignore
    const directory = runWith(context);
    const record = { v: 1, format: 1, name, created: 1, root: '..', spec: 'a.mtl.json' };
    fs.writeFileSync(runPaths(directory).run, JSON.stringify(record));
    assert.equal(new TrackedRun(directory, undefined).name, shown);
  }
});

test('a look takes what is new into the history, and says when all is there', (context) => {
  const directory = runWith(context, startBody(1), stepBody(1));
  const run = new TrackedRun(directory, undefined);
  const first = run.poll();
  assert.deepEqual(
    [first.records.map(({ kind }) => kind), first.reset, run.complete],
    [['start', 'step'], false, true],
  );
  assert.equal(run.history.points, 1);
  write(directory, [stepBody(2)], 2);
  assert.deepEqual([run.poll().records.map(({ seq }) => seq), run.history.points], [[2], 2]);
  assert.deepEqual(run.poll().records, []);
});

test('a long history is read in slices; until its end it is not complete', (context) => {
  const steps = Array.from({ length: 12_000 }, (_, index) => stepBody(index + 1));
  const directory = runWith(context, startBody(1), ...steps);
  const run = new TrackedRun(directory, undefined);
  run.poll();
  assert.equal(run.complete, false);
  assert.ok(run.history.points > 0 && run.history.points < steps.length);
  for (let polls = 0; polls < 100; polls++) run.poll();
  assert.deepEqual([run.complete], [true]);
  assert.equal(run.history.points, steps.length);
});

test('another history in the same place makes the old one void', (context) => {
  const directory = runWith(context, startBody(1), stepBody(1), stepBody(2));
  const run = new TrackedRun(directory, undefined);
  run.poll();
  fs.rmSync(runPaths(directory).events);
  write(directory, [startBody(1), stepBody(7)]);
  const look = run.poll();
  assert.equal(look.reset, true);
  assert.deepEqual([...run.history.steps.step.values()], [7]);
});

test('the state, the one before, and what went wrong', (context) => {
  const directory = runWith(context, startBody(1), stepBody(1));
  const run = new TrackedRun(directory, undefined);
  run.poll();
  assert.equal(run.refreshStatus(), true);
  assert.deepEqual([run.state, run.previous], ['crashed', 'idle'], 'nobody works on it');
  assert.equal(run.refreshStatus(), false);
  assert.deepEqual([run.state, run.previous], ['crashed', 'idle']);
  const { problem } = run.summary();
  assert.equal(problem, run.status.problem?.en);
  assert.match(problem ?? '', /\w/);
  write(directory, [end], 2);
  run.poll();
  assert.equal(run.refreshStatus(), true);
  assert.deepEqual([run.state, run.previous], ['completed', 'crashed']);
  assert.equal('problem' in run.summary(), false);
});

test('a live run is held by one lease, until it ends or the window lets go', async (context) => {
  const directory = runWith(context, startBody(1));
  const lock = await acquireLock(directory, { attempt: 1 });
  const run = new TrackedRun(directory, undefined);
  context.after(() => {
    run.release();
    lock.release();
  });
  run.poll();
  assert.deepEqual(leasesOf(directory), []);
  run.refreshStatus();
  assert.equal(run.state, 'running');
  const held = leasesOf(directory);
  assert.equal(held.length, 1);
  assert.match(held[0] ?? '', /^window-/);
  run.refreshStatus();
  assert.deepEqual(leasesOf(directory), held);
  run.release();
  run.release();
  assert.deepEqual(leasesOf(directory), []);
  run.refreshStatus();
  assert.equal(leasesOf(directory).length, 1);
  write(directory, [end], 1);
  lock.release();
  run.poll();
  run.refreshStatus();
  assert.deepEqual([run.state, leasesOf(directory)], ['completed', []]);
});

test('it is called as a person calls it; a fork tells its parent by name, with what changed in one line', (context) => {
  const directory = runWith(context, startBody(1), end);
  fs.writeFileSync(runPaths(directory).notes, '{"v":1,"name":"warm start","note":null,"pinned":false}');
  assert.equal(new TrackedRun(directory, undefined).name, 'warm start');
  const changes = Array.from({ length: 20 }, (_, at) => ({ pointer: `/weights/${String(at)}`, before: 1, after: 2 }));
  const fork = { run: '2025-parent', step: 7, checkpoint: 'checkpoints/7', changes, notCarried: ['best'], spec: 'h' };
  const record = { v: 1, format: 1, name: 'x', created: 1, root: '.', spec: 'a.mtl.json' };
  fs.writeFileSync(runPaths(directory).run, JSON.stringify({ ...record, fork: { ...fork, stepsPerEpoch: 2 } }));
  const told = new TrackedRun(directory, undefined).summary().fork;
  assert.deepEqual([told?.run, told?.name, told?.step, told?.changes.length], ['2025-parent', '2025-parent', 7, 1]);
  assert.match(told?.changes[0] ?? '', /^\/weights\/0: 1 → 2; .*; and 12 more$/);
  assert.match(told?.notCarried ?? '', /^Not carried over, begins anew: /);
});
