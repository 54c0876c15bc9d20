// What a person is told of a run that is watched from a terminal: its process is made up, its directory is a real one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { attach, untilBegun, type AttachOptions } from '../../../src/cli/attach.ts';
import { CliError } from '../../../src/cli/error.ts';
import { setLanguage } from '../../../src/cli/language.ts';
import { createAttempt, endAttempt, type AttemptEnd } from '../../../src/runs/attempts.ts';
import { RunError } from '../../../src/runs/error.ts';
import type { EventInput } from '../../../src/runs/events.ts';
import { createRun, type Exit, type Launched } from '../../../src/runs/launch.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { startBody } from '../runs/helpers.ts';
import { captured } from './captured.ts';

interface Made {
  readonly directory: string;
  readonly launched: Launched;
}

/** A run with these records whose process has gone, unless it is said when it goes. */
function madeRun(
  context: TestContext,
  bodies: readonly EventInput[],
  more: { readonly ended?: AttemptEnd; readonly exited?: Promise<Exit> } = {},
): Made {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-attach-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  const resolved = { weights: { '10': 0.5, '2': 0.5 } };
  const directory = createRun({ text: '{}', resolved, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });
  const options = { engine: 'auto', root: '..', allowOutside: false, keepAliveMinutes: 0 };
  const { attempt, token } = createAttempt(directory, options, {});
  if (more.ended !== undefined) endAttempt(directory, attempt, more.ended);
  const lines = bodies.map((body, seq) => `${encodeRecord(seq, Date.now(), body)}\n`);
  fs.writeFileSync(runPaths(directory).events, lines.join(''));
  const gone: Exit = { code: 0, signal: null };
  return { directory, launched: { directory, pid: 1, attempt, token, exited: more.exited ?? Promise.resolve(gone) } };
}

const end = (status: 'completed' | 'stopped' | 'failed', error?: { message: string; zh?: string }): EventInput => ({
  ...{ kind: 'end', status, seconds: 3 },
  ...(error === undefined ? {} : { error: { code: 'data/empty', ...error } }),
});
const epoch: EventInput = {
  ...{ kind: 'epoch', epoch: 1, seconds: 2 },
  train: { losses: new Map([['10', 0.25], ['2', 0.5]]), metrics: new Map() }, // prettier-ignore
  validation: null,
};

interface Watching extends Partial<AttachOptions> {
  readonly tty?: boolean;
  readonly term?: string;
  readonly language?: 'en' | 'zh';
  /** Called with what is written to stderr. */
  readonly shown?: (text: string) => void;
}

interface Told {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** What is written while it is watched, in a pipe or on a terminal. */
async function told(
  context: TestContext,
  { launched }: Made,
  { tty = false, term = 'xterm', language = 'en', shown, ...more }: Watching = {},
): Promise<Told> {
  setLanguage(language);
  context.after(() => setLanguage('en'));
  const watching = () => attach({ json: false, launched, after: -1, ...more });
  const { result, out, err } = await captured(watching, { tty, term, shown });
  return { out, err, code: result };
}

test('a run that somebody else stopped ends well, with the words that go on with it', async (context) => {
  const made = madeRun(context, [startBody(1), end('stopped')]);
  const { code, out, err } = await told(context, made, { place: ' --root ..' });
  assert.equal(code, 0);
  assert.match(out, /^Stopped/m);
  assert.match(err, new RegExp(`^Go on with: mtl train --resume "${made.directory}" --root \\.\\.$`, 'm'));
  const chinese = await told(context, made, { language: 'zh' });
  assert.match(chinese.err, new RegExp(`^继续训练：mtl train --resume "${made.directory}"$`, 'm'));
});

test('a run that completed is told without words that go on with it; a failed one on stderr, in the language', async (context) => {
  const completed = await told(context, madeRun(context, [startBody(1), epoch, end('completed')]));
  assert.equal(completed.code, 0);
  assert.match(completed.out, /^epoch 1\/3 [^]*^Completed, 3\.0 s/m);
  assert.doesNotMatch(completed.out + completed.err, /Go on with/);
  const failed = madeRun(context, [startBody(1), end('failed', { message: 'There are no rows.', zh: '没有行。' })]);
  const english = await told(context, failed);
  assert.deepEqual([english.code, english.out], [1, '']);
  assert.match(english.err, /There are no rows\./);
  const chinese = await told(context, failed, { language: 'zh' });
  assert.match(chinese.err, /没有行。/);
  assert.doesNotMatch(chinese.err, /There are no rows|Go on with|继续训练/);
});

test('what stands behind a crash is told below it, and how to go on', async (context) => {
  const made = madeRun(context, [startBody(1)], { ended: { status: 'died', code: 9 } });
  fs.writeFileSync(runPaths(made.directory).log, 'a first word\na last word\n');
  const { code, err } = await told(context, made);
  assert.equal(code, 1);
  // Lines of the log are indented, so that none passes for one of this program's.
  assert.match(err, /with exit code 9 without finishing[^]*\n {2}a first word\n {2}a last word\nGo on with: mtl train/);
  const json = await told(context, made, { json: true });
  assert.match(json.err, /exit code 9[^]*\n {2}a last word\n$/);
  assert.doesNotMatch(json.err, /Go on with/);
});

test('a run whose directory has gone is not gone on with where it was', async (context) => {
  const made = madeRun(context, [startBody(1)], { ended: { status: 'died', code: 9 } });
  // Its records are there, but it is no run any more.
  fs.rmSync(runPaths(made.directory).run);
  const { code, err } = await told(context, made);
  assert.equal(code, 1);
  assert.ok(err.includes(`The run directory is not at "${made.directory}" any more`));
  assert.doesNotMatch(err, /Go on with:/);
  const chinese = await told(context, made, { language: 'zh' });
  assert.ok(chinese.err.includes(`运行目录已不在“${made.directory}”`));
});

test('a process that was refused says why, in the language; without a reason that it was', async (context) => {
  const refused = (ended: Omit<AttemptEnd, 'status'>): Made =>
    madeRun(context, [], { ended: { status: 'refused', ...ended } });
  const both = refused({ message: 'The data has changed.', zh: '数据已改变。' });
  await assert.rejects(told(context, both), { message: 'The data has changed.', exitCode: 2 });
  await assert.rejects(told(context, both), (error) => isTold(error, 'The data has changed.', '数据已改变。'));
  await assert.rejects(told(context, refused({ message: 'Odd.' })), (error) => isTold(error, 'Odd.', 'Odd.'));
  for (const words of [{}, { zh: '奇' }]) {
    await assert.rejects(told(context, refused(words)), (error) =>
      isTold(error, 'The training process was refused.', '训练进程被拒绝。'),
    );
  }
});

test('on a terminal the numbers stand in the table, and what stays is told above it', async (context) => {
  const made = madeRun(context, [startBody(1), epoch, end('completed')]);
  const { out, err } = await told(context, made, { tty: true });
  assert.match(err, /^Engine wasm/m);
  assert.match(err, /^10 +0\.5 +0\.25/m);
  assert.doesNotMatch(out + err, /^epoch 1\/3/m);
  assert.match(out, /^Completed, 3\.0 s/m);
  assert.doesNotMatch(out, /Engine wasm/);
  // A terminal that cannot move its cursor is written to as a pipe is.
  const dumb = await told(context, made, { tty: true, term: 'dumb' });
  assert.match(dumb.out, /^epoch 1\/3/m);
  assert.doesNotMatch(dumb.err, /\u001b/);
});

test('what is told while the table is drawn stands above it, and the table again below', async (context) => {
  let leave: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (leave = resolve));
  const made = madeRun(context, [startBody(1)], { exited });
  const warning: EventInput = { kind: 'warning', code: 'odd', message: 'Something is odd.' };
  const lines = [warning, end('completed')].map((body, at) => `${encodeRecord(at + 1, Date.now(), body)}\n`);
  let drawn = false;
  const shown = (text: string): void => {
    if (drawn || !text.startsWith('training')) return;
    drawn = true;
    fs.appendFileSync(runPaths(made.directory).events, lines.join(''));
    leave({ code: 0, signal: null });
  };
  const { err } = await told(context, made, { tty: true, shown });
  assert.match(err, /\u001b\[\d+F\u001b\[0Jwarning: Something is odd\.[^\n]*\ntraining/);
});

test('a full disk that only kept its death from being written down is no matter when the run ended', async (context) => {
  const unwritable = new RunError('unwritable', 'There is no space left.', '磁盘空间不足。');
  const exited = Promise.resolve({ code: 0, signal: null, unwritable });
  const ended = await told(context, madeRun(context, [startBody(1), end('completed')], { exited }));
  assert.equal(ended.code, 0);
  const died = madeRun(context, [startBody(1)], { exited });
  await assert.rejects(told(context, died), { message: 'There is no space left.' });
});

test('Ctrl-C reaches a run to which no request can be written as a signal', async (context) => {
  const trainer = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  context.after(() => trainer.kill('SIGKILL'));
  const gone = new Promise<Exit>((resolve) => trainer.once('exit', (code, signal) => resolve({ code, signal })));
  const made = madeRun(context, [startBody(1)], { exited: gone });
  // A folder stands where the request would be written.
  fs.mkdirSync(runPaths(made.directory).control);
  const watched = { ...made, launched: { ...made.launched, pid: trainer.pid ?? 0 } };
  setTimeout(() => process.emit('SIGINT'), 20);
  const { code, err } = await told(context, watched);
  assert.equal((await gone).signal, 'SIGTERM');
  assert.equal(code, 130);
  assert.match(err, /^Stopping after a checkpoint; Ctrl-C again kills\.$/m);
});

test('records that are known already are not shown, and a run goes on being watched until its process has gone', async (context) => {
  let leave: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (leave = resolve));
  const made = madeRun(context, [startBody(1), epoch, end('completed')], { exited });
  setTimeout(() => {
    fs.appendFileSync(runPaths(made.directory).events, `${encodeRecord(3, Date.now(), { ...epoch, epoch: 2 })}\n`);
    leave({ code: 0, signal: null });
  }, 20);
  const { out } = await told(context, made, { json: true, after: 1 });
  const seqs = out.trim().split('\n').map((line) => (JSON.parse(line) as { seq: number }).seq); // prettier-ignore
  assert.deepEqual(seqs, [2, 3]);
});

test('with begun is meant what follows the first looks', async (context) => {
  const looking = (phase: 'compare' | 'engine' | 'read'): EventInput => ({
    kind: 'progress',
    phase,
    done: 0,
    total: 1,
  });
  const never = new Promise<Exit>(() => undefined);
  const begun = madeRun(context, [looking('compare'), looking('engine'), looking('read')], { exited: never });
  await untilBegun({ launched: begun.launched, after: 1 });
  const refusal: AttemptEnd = { status: 'refused', message: 'The data has changed.', zh: '数据已改变。' };
  const refused = madeRun(context, [looking('compare'), looking('engine')], { ended: refusal });
  await assert.rejects(untilBegun({ launched: refused.launched, after: -1 }), { message: 'The data has changed.' });
  // What an earlier process has written is not its beginning.
  const earlier = madeRun(context, [startBody(1), epoch], { ended: refusal });
  await assert.rejects(untilBegun({ launched: earlier.launched, after: 1 }), { message: 'The data has changed.' });
  await untilBegun({ launched: earlier.launched, after: 0 });
});

function isTold(error: unknown, en: string, zh: string): boolean {
  assert.ok(error instanceof CliError);
  assert.deepEqual(error.text, { en, zh });
  return true;
}
