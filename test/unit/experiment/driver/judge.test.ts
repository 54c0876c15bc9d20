// What is next for a run, by what lies in its directory and what the ledger knows of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import type { RunHistory } from '../../../../src/experiment/driver/history.ts';
import { judgeRun, type Rules, type Verdict } from '../../../../src/experiment/driver/judge.ts';
import type { LedgerRecord } from '../../../../src/experiment/driver/ledger.ts';
import { createAttempt, endAttempt, type AttemptEnd } from '../../../../src/runs/attempts.ts';
import { sha256 } from '../../../../src/runs/frozen.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { acquireLock } from '../../../../src/runs/lock.ts';
import { table } from '../../cli/run-cli.ts';
import { live, quickFolder, type Fate } from '../workplace.ts';

const rules: Rules = { files: new Map([['table.csv', sha256(table)]]), retry: 1 };
const nothing: RunHistory = { submits: 1, retries: [], deaths: [], pruned: null, end: null };
const judge = (directory: string, history: Partial<RunHistory> = {}, retry = 1): Verdict =>
  judgeRun(directory, 'r', { ...nothing, ...history }, { ...rules, retry });

function made(context: TestContext): string {
  const folder = quickFolder(context);
  const directory = path.join(folder, 'r');
  createRun({ text: '{}', resolved: {}, specFile: path.join(folder, 's.json'), root: folder, name: 'x', directory });
  return directory;
}

async function ended(context: TestContext, fate: Fate): Promise<string> {
  const directory = made(context);
  await live(directory, fate);
  return directory;
}

/** One whose trainer would not begin. */
function refused(context: TestContext, end: Omit<AttemptEnd, 'status'> = {}): string {
  const directory = made(context);
  const { attempt } = createAttempt(
    directory,
    { engine: 'wasm', root: '.', allowOutside: false, keepAliveMinutes: 0 },
    {},
  );
  endAttempt(directory, attempt, { status: 'refused', ...end });
  return directory;
}

const about = { v: 1, seq: 1, t: 1, run: 'r' } as const;
type Kind<K extends LedgerRecord['kind']> = Extract<LedgerRecord, { readonly kind: K }>;
const retryOf = (attempt: number): Kind<'retry'> => ({ ...about, kind: 'retry', attempt, reason: text('', '') });
const deathOf = (attempt: number, step: number): Kind<'death'> => ({
  ...about,
  ...{ kind: 'death', attempt, step, code: null, signal: 'SIGKILL' },
});
const endOf = (failure: Kind<'end'>['failure']): Kind<'end'> => ({
  ...about,
  kind: 'end',
  state: 'failed',
  failure,
  reason: null,
  seconds: 1,
});

/** State, failure, reason, seconds and epochs of one that has ended. */
function outcomeOf(verdict: Verdict): readonly unknown[] {
  assert.equal(verdict.kind, 'ended');
  const { state, failure, reason, seconds, epochs } = verdict.outcome;
  return [state, failure, reason?.en ?? null, seconds, epochs];
}

test('nothing there, a piece of a run, and a run that nobody has begun', (context) => {
  const directory = made(context);
  assert.deepEqual(judge(directory), { kind: 'go-on', resume: false, note: null });
  fs.rmSync(path.join(directory, 'run.json'));
  assert.deepEqual(judge(directory), { kind: 'missing', fragment: true });
  fs.rmSync(directory, { recursive: true });
  assert.deepEqual(judge(directory), { kind: 'missing', fragment: false });
});

test('one that somebody works on is left to them', async (context) => {
  const directory = made(context);
  const own = { engine: 'wasm', root: '.', allowOutside: false, keepAliveMinutes: 0 };
  const lock = await acquireLock(directory, createAttempt(directory, own, {}));
  assert.deepEqual(judge(directory), { kind: 'live', paused: false });
  lock.release();
});

test('one that has completed counts; cut by a decision before its end, it stays cut', async (context) => {
  const directory = await ended(context, 'done');
  assert.deepEqual(outcomeOf(judge(directory)).slice(0, 3), ['done', null, null]);
  const pruned: Kind<'pruned'> = { ...about, kind: 'pruned', epoch: 1, reason: text('hopeless', '无望') };
  assert.deepEqual(outcomeOf(judge(directory, { pruned })), ['pruned', null, 'hopeless', 2, 2]);
});

test('one that has completed and whose result is gone goes on, as after a death', async (context) => {
  const directory = await ended(context, 'done');
  fs.rmSync(path.join(directory, 'result.json'));
  const verdict = judge(directory);
  assert.ok(verdict.kind === 'go-on' && verdict.resume && verdict.note?.kind === 'death');
});

test('a failure is tried again while tries are left, and one that was promised is made', async (context) => {
  const directory = await ended(context, 'fail');
  const again = (attempt: number): Verdict => ({
    ...{ kind: 'go-on', resume: true },
    note: { kind: 'retry', run: 'r', attempt, reason: text('There are no rows.', '没有行。') },
  });
  assert.deepEqual(judge(directory), again(1));
  assert.deepEqual(judge(directory, { retries: [retryOf(1)] }), { kind: 'go-on', resume: true, note: null });
  const lost = ['failed', 'crash', 'There are no rows.', 2, 2];
  assert.deepEqual(outcomeOf(judge(directory, { retries: [retryOf(9)] })), lost, 'no try is left');
  assert.deepEqual(outcomeOf(judge(directory, {}, 0)), lost);
  assert.deepEqual(judge(directory, { retries: [retryOf(9)] }, 2), again(1));
  // What the ledger calls ended stays so, whatever more tries the rules would give.
  assert.deepEqual(outcomeOf(judge(directory, { end: endOf('crash') }, 5)), lost);
  assert.deepEqual(outcomeOf(judge(directory, { retries: [retryOf(1)], end: endOf('crash') }, 5)), lost);
});

test('one that diverged is not tried again; a full disk is nobody’s failure; one that was stopped goes on', async (context) => {
  assert.deepEqual(outcomeOf(judge(await ended(context, 'nan'))), ['failed', 'nan', 'Training diverged.', 2, 2]);
  const full = judge(await ended(context, 'full-disk'));
  assert.ok(full.kind === 'disk' && full.message.en.includes('The disk is full'));
  assert.deepEqual(judge(await ended(context, 'stop')), { kind: 'go-on', resume: true, note: null });
});

test('a process that ended itself with a code has failed, though it said nothing', async (context) => {
  const verdict = judge(await ended(context, 'exit'));
  assert.ok(verdict.kind === 'go-on' && verdict.note?.kind === 'retry');
});

test('a death is told once, with the step of the checkpoint that it goes on from', async (context) => {
  const directory = await ended(context, 'die');
  const note = { kind: 'death', run: 'r', attempt: 1, step: 0, code: null, signal: 'SIGKILL' };
  assert.deepEqual(judge(directory), { kind: 'go-on', resume: true, note });
  assert.deepEqual(judge(directory, { deaths: [deathOf(1, 0)] }), { kind: 'go-on', resume: true, note: null });
  const { latest } = runPaths(directory);
  fs.mkdirSync(path.dirname(latest), { recursive: true });
  for (const [written, step] of [[7, 7], [0.5, 0], ['7', 0]] as const) {
    fs.writeFileSync(latest, JSON.stringify({ step: written }));
    assert.deepEqual(judge(directory), { kind: 'go-on', resume: true, note: { ...note, step } });
  } // prettier-ignore
});

test('ten deaths in a row at one step are the end; one that came further before does not count', async (context) => {
  const directory = await ended(context, 'die');
  const before = (...steps: readonly number[]): RunHistory['deaths'] =>
    steps.map((step, index) => deathOf(100 + index, step));
  const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
  const lost = ['failed', 'killed', 'Its process was killed 10 times in a row without having come further (too little memory?).', 2, 2]; // prettier-ignore
  assert.equal(judge(directory, { deaths: before(...zeros(8)) }).kind, 'go-on');
  assert.deepEqual(outcomeOf(judge(directory, { deaths: before(...zeros(9)) })), lost);
  assert.equal(judge(directory, { deaths: before(5, ...zeros(4), 5, ...zeros(8)) }).kind, 'go-on');
  assert.deepEqual(outcomeOf(judge(directory, { deaths: before(5, ...zeros(9)) })), lost);
  // The tenth is known to the ledger already.
  assert.deepEqual(outcomeOf(judge(directory, { deaths: [...before(...zeros(9)), deathOf(1, 0)] })), lost);
  assert.equal(judge(directory, { deaths: [...before(...zeros(8)), deathOf(1, 0)] }).kind, 'go-on');
  // Given up by a driver before.
  assert.deepEqual(outcomeOf(judge(directory, { end: endOf('killed') })).slice(0, 2), ['failed', 'killed']);
});

test('refused for data that have changed: it counts as that until they are put back', (context) => {
  const directory = refused(context, { message: 'Changed: table.csv', zh: '已改变', changes: text('a', 'b') });
  const verdict = judge(directory);
  assert.deepEqual(outcomeOf(verdict), ['failed', 'data-changed', 'Changed: table.csv', 0, 0]);
  assert.ok(verdict.kind === 'ended' && verdict.outcome.reason?.zh === '已改变');
  // Whoever starts it again may have put them back.
  assert.deepEqual(judge(directory, { end: endOf('data-changed') }), { kind: 'go-on', resume: true, note: null });
});

test('refused for anything else: a failure like others, told in the words there are', (context) => {
  const reasonOf = (end: Omit<AttemptEnd, 'status'>): unknown => {
    const verdict = judge(refused(context, end));
    assert.ok(verdict.kind === 'go-on' && verdict.note?.kind === 'retry');
    return verdict.note.reason;
  };
  assert.deepEqual(reasonOf({ message: 'Taken\nby another', zh: '被占用\n详情' }), text('Taken', '被占用'));
  assert.deepEqual(reasonOf({ message: 'Taken' }), text('Taken', 'Taken'));
  assert.deepEqual(reasonOf({}), text('The training process was refused.', '训练进程被拒绝。'));
});
