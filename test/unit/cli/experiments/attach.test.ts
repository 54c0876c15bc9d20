// What a person is told of an experiment that is watched from a terminal: its driver is made up, its directory is a real one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { test, type TestContext } from 'node:test';
import { attachExperiment, untilDriving, type AttachExperiment } from '../../../../src/cli/experiments/attach.ts';
import { CliError } from '../../../../src/cli/error.ts';
import { setLanguage } from '../../../../src/cli/language.ts';
import { encodeLedger, type LedgerBody, type StopReason } from '../../../../src/experiment/driver/ledger.ts';
import { experimentPaths } from '../../../../src/experiment/layout.ts';
import type { Spawned } from '../../../../src/runs/detached.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';
import { captured } from '../captured.ts';

const spawned: Spawned = { pid: 1, exited: Promise.resolve({ code: 0, signal: null }) };
const submit = (run: string, seed: number): LedgerBody => ({
  ...{ kind: 'submit', run, stage: 'confirm', arm: 'joint', task: null, seed, spec: '', resume: false },
});
const end = (run: string, state: 'done' | 'failed'): LedgerBody => ({
  ...{ kind: 'end', run, state, seconds: 5, reason: state === 'failed' ? { en: 'No rows.', zh: '没有行。' } : null },
  failure: state === 'failed' ? 'crash' : null,
});
const stop = (reason: StopReason, message: { en: string; zh: string } | null = null): LedgerBody => ({
  ...{ kind: 'stop', driver: 1, reason, message },
});

/** A directory whose ledger has these records. */
function begun(context: TestContext, ...bodies: readonly LedgerBody[]): string {
  const { directory } = makePlace(quickFolder(context), specText({ replicates: 2 }));
  add(directory, 0, ...bodies);
  return directory;
}

function add(directory: string, from: number, ...bodies: readonly LedgerBody[]): void {
  const lines = bodies.map((body, at) => `${encodeLedger(from + at, 1000, body).trimEnd()}\n`);
  fs.appendFileSync(experimentPaths(directory).ledger, lines.join(''));
}

const watch = (directory: string, more: Partial<AttachExperiment> & { readonly tty?: boolean } = {}) => {
  const options = { directory, name: 'tried', json: false, spawned: null, command: 'mtl experiment x', ...more };
  return captured(() => attachExperiment(options), { tty: more.tty ?? false });
};

test('each ending has its exit code; those that can be gone on with say how', async (context) => {
  const endings: readonly (readonly [StopReason, number, boolean])[] = [
    ['done', 0, false],
    ['budget', 1, true],
    ['stopped', 1, true],
    ['disk', 1, true],
    ['failed', 1, false],
    ['error', 1, false],
  ];
  for (const [reason, code, goesOn] of endings) {
    const directory = begun(
      context,
      submit('r1', 1),
      end('r1', 'done'),
      stop(reason, { en: 'So it is.', zh: '如此。' }),
    );
    const { result, out, err } = await watch(directory);
    assert.equal(result, code, reason);
    assert.equal(/^Go on with: mtl experiment x$/m.test(err), goesOn, reason);
    assert.match(err, /^So it is\.$/m);
    assert.match(out, /^joint 1 {2}done, 5\.0 s\n1 run has ended: 1 done, 0 failed\.$/m);
  }
});

test('a driver that died without a word is told with its last words, in the language', async (context) => {
  const directory = begun(context, submit('r1', 1), end('r1', 'failed'));
  fs.writeFileSync(experimentPaths(directory).log, 'one\ntwo\n');
  const { result, out, err } = await watch(directory, { spawned: { ...spawned } });
  assert.equal(result, 1);
  assert.match(
    err,
    /ended without a word\. Its runs go on by themselves; start it again to go on\.\n {2}one\n {2}two\n$/,
  );
  // What earlier drivers did is history, but counts.
  assert.equal(out, '1 run has ended: 0 done, 1 failed.\njoint 1  failed, 5.0 s: No rows.\n');
  // A stop of before is none of this driver's.
  const earlier = await watch(begun(context, submit('r1', 1), stop('stopped')), { spawned });
  assert.equal(earlier.result, 1);
  assert.match(earlier.err, /ended without a word/);
  setLanguage('zh');
  context.after(() => setLanguage('en'));
  const chinese = await watch(directory);
  assert.match(chinese.err, /^实验驱动进程未留下任何信息就已结束。/m);
  assert.match(chinese.out, /失败，5\.0 s：没有行。/);
});

test('what comes while it is watched is shown', async (context) => {
  const directory = begun(context, submit('r1', 1), end('r1', 'done'), stop('stopped'));
  let leave: (exit: { code: number; signal: null }) => void = () => undefined;
  const exited = new Promise<{ code: number; signal: null }>((resolve) => (leave = resolve));
  setTimeout(() => {
    add(directory, 3, submit('r2', 2), end('r2', 'done'), stop('done'));
    leave({ code: 0, signal: null });
  }, 20);
  const { result, out, err } = await watch(directory, { spawned: { pid: 1, exited } });
  assert.deepEqual([result, err], [0, '']);
  assert.equal(out, 'joint 2  done, 5.0 s\n2 runs have ended: 2 done, 0 failed.\n');
});

test('with --json the records of the ledger, a line each, and nothing else', async (context) => {
  const directory = begun(context, submit('r1', 1), end('r1', 'done'), stop('done'));
  const { out, err } = await watch(directory, { json: true });
  const lines = out.trimEnd().split('\n').map((line) => JSON.parse(line) as { seq: number; kind: string }); // prettier-ignore
  assert.deepEqual(lines.map(({ seq, kind }) => [seq, kind]), [[0, 'submit'], [1, 'end'], [2, 'stop']]); // prettier-ignore
  assert.equal(err, '');
});

test('on a terminal what is done is seen in the table, what went wrong stays above it', async (context) => {
  const pause: LedgerBody = { kind: 'pause', by: 'terminal' };
  const directory = begun(context, submit('r1', 1), end('r1', 'done'), pause, stop('done'));
  const { out, err } = await watch(directory, { tty: true });
  assert.equal(out, '1 run has ended: 1 done, 0 failed.\n');
  assert.match(err, /^Paused\.\n[^]*tried {2}beginning …\n/);
});

test('a driver that ends before it has begun is told with its log; one that has said why it stopped is not', async (context) => {
  const silent = begun(context);
  fs.writeFileSync(experimentPaths(silent).log, 'one\ntwo\n');
  await assert.rejects(untilDriving(silent, spawned), (error) => {
    assert.ok(error instanceof CliError);
    assert.equal(error.exitCode, 1);
    assert.deepEqual(error.text, {
      en: 'The driver of the experiment ended at once.\n  one\n  two',
      zh: '实验驱动进程立即结束。\n  one\n  two',
    });
    return true;
  });
  await untilDriving(begun(context, stop('done')), spawned);
  await assert.rejects(untilDriving(begun(context, stop('done'), submit('r1', 1)), spawned), CliError);
});

test('Ctrl-C ends a driver that has no lock yet; a closed terminal leaves it alone', async (context) => {
  const driver = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  context.after(() => driver.kill('SIGKILL'));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    driver.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const own = { pid: driver.pid ?? 0, exited };
  const directory = begun(context, submit('r1', 1));
  setTimeout(() => process.emit('SIGHUP'), 20);
  const left = await watch(directory, { spawned: own });
  assert.deepEqual([left.result, left.out, left.err], [129, '', '']);
  setTimeout(() => process.emit('SIGINT'), 20);
  const stopped = await watch(directory, { spawned: own });
  assert.equal((await exited).signal, 'SIGTERM');
  assert.equal(stopped.result, 130);
  assert.match(
    stopped.err,
    /^Stopping all runs after a checkpoint; Ctrl-C again kills\.\nGo on with: mtl experiment x\n$/,
  );
});
