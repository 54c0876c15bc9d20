import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namesIn } from '../../../src/files/plain.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { glance } from '../../../src/runs/list.ts';
import { eventually } from '../eventually.ts';

const child = fileURLToPath(new URL('attach-child.ts', import.meta.url));

interface Watching {
  readonly directory: string;
  readonly process: ChildProcess;
  /** Everything written so far. */
  output(): { readonly out: string; readonly err: string };
  /** Exit code, once it has ended. */
  readonly code: Promise<number | null>;
}

async function watch(
  context: TestContext,
  options: { readonly after?: number; readonly json?: boolean; readonly env?: Record<string, string> } = {},
): Promise<Watching> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-attach-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  const specFile = path.join(root, 'x.mtl.json');
  const directory = createRun({ text: '{}', resolved: {}, specFile, root, name: 'x' });
  const started = fork(child, [directory, String(options.after ?? -1), options.json === true ? 'json' : 'text'], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let out = '';
  let err = '';
  started.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  started.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = once(started, 'close').then(([value]) => value as number | null);
  await once(started, 'message');
  return { directory, process: started, output: () => ({ out, err }), code };
}

const events = ({ directory }: Watching): string => fs.readFileSync(path.join(directory, 'events.ndjson'), 'utf8');

test('with --json every record is printed as it stands in the file', async (context) => {
  const watching = await watch(context, { json: true });
  assert.equal(await watching.code, 0);
  assert.equal(watching.output().out, events(watching));
  assert.deepEqual(namesIn(path.join(watching.directory, 'leases')), [], 'the lease is given back');
});

test('why a run failed is said on stderr, with and without --json', async (context) => {
  for (const json of [false, true]) {
    const watching = await watch(context, { json, env: { FAKE_FAIL: '1' } });
    assert.equal(await watching.code, 1);
    assert.match(watching.output().err, /There are no rows\./);
    assert.equal(watching.output().out, json ? events(watching) : '');
  }
});

test('what holds in several splits is told once; all of it is recorded', async (context) => {
  const words = ['Odd (train split)', 'Odd (test split)', 'Even (train split) so', 'Even (test split) so'];
  const watching = await watch(context, { env: { FAKE_WARN: JSON.stringify(words) } });
  assert.equal(await watching.code, 0);
  const told = watching.output().err.match(/^warning: .*$/gm);
  assert.deepEqual(told, [0, 2, 3].map((at) => `warning: ${words[at] ?? ''}`)); // prettier-ignore
  assert.equal(events(watching).match(/"kind":"warning"/g)?.length, 4);
});

test('what a resumed run has shown before is not shown again', async (context) => {
  const watching = await watch(context, { json: true, after: 40 });
  assert.equal(await watching.code, 0);
  const [first = ''] = watching.output().out.split('\n');
  assert.equal((JSON.parse(first) as { seq: number }).seq, 41);
});

test('Ctrl-C stops after a checkpoint with 130, SIGTERM with 143', async (context) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    // prettier-ignore
    const watching = await watch(context);
    watching.process.kill(signal);
    assert.equal(await watching.code, code);
    const { err } = watching.output();
    assert.match(err, /Stopping after a checkpoint/);
    assert.match(err, /mtl train --resume/);
    assert.match(events(watching), /"status":"stopped"/);
  }
});

test('a second Ctrl-C kills a trainer that hears nothing', async (context) => {
  const watching = await watch(context, { env: { FAKE_DEAF: '1' } });
  await eventually(() => glance(watching.directory).state === 'running', 'a running trainer', { every: 20 });
  watching.process.kill('SIGINT');
  await eventually(() => watching.output().err.includes('Stopping'), 'the word that it stops');
  watching.process.kill('SIGINT');
  assert.equal(await watching.code, 130);
  const { err } = watching.output();
  assert.match(err, /Killed\. Its last checkpoint is kept\./);
  assert.match(err, /SIGKILL/);
  assert.doesNotMatch(events(watching), /"status":"stopped"|"stopping"/);
  assert.equal(glance(watching.directory).state, 'crashed');
});

test('after SIGHUP the run goes on', async (context) => {
  const watching = await watch(context);
  watching.process.kill('SIGHUP');
  assert.equal(await watching.code, 129);
  await eventually(() => glance(watching.directory).state === 'completed', 'the end of the run', { every: 20 });
});

test('when nobody reads the output any more the command returns and the run goes on', async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-hold-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const watching = await watch(context, { json: true, env: { FAKE_HOLD: folder } });
  watching.process.stdout?.destroy();
  assert.equal(await watching.code, 141);
  const { err } = watching.output();
  assert.match(err, /Nobody reads the output any more\. The training goes on in process \d+/);
  assert.ok(err.includes(watching.directory));
  assert.deepEqual(namesIn(path.join(watching.directory, 'leases')), []);
  assert.equal(glance(watching.directory).state, 'running');
  fs.rmSync(folder, { recursive: true });
  await eventually(() => glance(watching.directory).state === 'completed', 'the end of the run', { every: 20 });
});

test('a crash is told with its last words and exits 1', async (context) => {
  const watching = await watch(context, { env: { FAKE_CRASH: '1' } });
  assert.equal(await watching.code, 1);
  assert.match(watching.output().err, /exit code 1[^]*told to crash/);
});

test('a run that dies on a full disk says so, although nobody could write it down', async (context) => {
  const watching = await watch(context, { env: { FAKE_CRASH: '1', FAKE_FULL: '1' } });
  assert.equal(await watching.code, 2);
  assert.match(watching.output().err, /^mtl: There is no space left for the run .*ENOSPC.*Free some space/m);
});
