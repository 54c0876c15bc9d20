import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readAttempt } from '../../../src/runs/attempts.ts';
import { modelFolder } from '../../../src/runs/checkpoints.ts';
import { request } from '../../../src/runs/control.ts';
import { RunError } from '../../../src/runs/error.ts';
import { readFrozen, readRunRecord, resolvedText } from '../../../src/runs/frozen.ts';
import { cleanEnvironment } from '../../../src/runs/detached.ts';
import { createRun, killRun, launch, stopRun, type Launched } from '../../../src/runs/launch.ts';
import { isRunId, newRunId, slug } from '../../../src/runs/layout.ts';
import { deleteRun, findRuns, glance, prunable } from '../../../src/runs/list.ts';
import { RunReader } from '../../../src/runs/reader.ts';
import { eventually } from '../eventually.ts';
import { temporaryFolder } from './helpers.ts';

// A launched trainer does not keep its launcher alive; these tests wait for it.
const patience = setInterval(() => undefined, 1000);
after(() => clearInterval(patience));

const trainerFile = fileURLToPath(new URL('fake-trainer.ts', import.meta.url));
const importHook = import.meta.resolve('tsx');

function newRun(root: string, name = '数字 digits: run'): string {
  const specFile = path.join(root, 'a', 'digits.mtl.json');
  const resolved = new Map([['weights', new Map([['10', 0.5], ['2', 0.25]])]]); // prettier-ignore
  return createRun({ text: '// spec\n{}', resolved, specFile, root, name });
}

const start = (directory: string, resume: boolean, env: Record<string, string> = {}): Promise<Launched> =>
  launch(directory, {
    ...{ trainerFile, resume, env, root: path.dirname(path.dirname(path.dirname(path.dirname(directory)))) },
    ...{ engine: 'auto', allowOutside: false, keepAliveMinutes: 0, nodeArguments: ['--import', importHook] },
  });

/** Steps and losses of the live history, and what else must not depend on how often it was killed. */
function outcome(directory: string): unknown {
  const reader = new RunReader(directory);
  reader.pollAll();
  const steps = reader.records.flatMap((record) =>
    record.kind === 'step' ? [[record.step, record.losses['10']]] : [],
  );
  const model = fs.readFileSync(path.join(modelFolder(directory) ?? '', 'model.json'), 'utf8');
  return { steps, model, end: reader.records.at(-1)?.kind, state: reader.status().state };
}

test('killed at random instants and resumed, a run comes out like the uninterrupted one', async (context) => {
  const root = temporaryFolder(context);
  const whole = newRun(root);
  await (
    await start(whole, false)
  ).exited;
  const killed = newRun(root);
  let launched = await start(killed, false);
  let interrupted = 0;
  for (let round = 0; round < 4; round++) {
    const reader = new RunReader(killed);
    const target = 2 + Math.floor(Math.random() * 12);
    await eventually(() => {
      reader.pollAll();
      return reader.records.length >= target * (round + 1) || reader.status().state === 'completed';
    }, 'records of the trainer');
    process.kill(launched.pid, 'SIGKILL');
    await launched.exited;
    reader.pollAll();
    if (reader.records.at(-1)?.kind === 'end') break;
    interrupted++;
    const { state, problem } = reader.status();
    assert.equal(state, 'crashed');
    assert.match(problem?.en ?? '', /SIGKILL/);
    launched = await start(killed, true);
  }
  await launched.exited;
  assert.ok(interrupted > 0, 'at least one kill came before the end');
  assert.deepEqual(outcome(killed), outcome(whole));
  const seqs = fs.readFileSync(path.join(killed, 'events.ndjson'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { seq: number }).seq); // prettier-ignore
  assert.deepEqual(seqs, seqs.map((_, index) => index)); // prettier-ignore
});

test('a run is stopped by request and resumed; two at once are refused', async (context) => {
  const root = temporaryFolder(context);
  const directory = newRun(root);
  const launched = await start(directory, false);
  // Before the trainer has its lock: the token of the launch makes the request good.
  request(directory, 'stop', { token: launched.token, by: 'terminal' });
  assert.deepEqual(await launched.exited, { code: 0, signal: null });
  assert.equal(glance(directory).state, 'stopped');
  assert.equal(readAttempt(directory, 1)?.ended?.status, 'stopped');
  assert.equal(await stopRun(directory), 'absent');

  const [first, second] = await Promise.all([start(directory, true), start(directory, true)]);
  const exits = await Promise.all([first.exited, second.exited]);
  assert.deepEqual(exits.map(({ code }) => code).sort(), [0, 2]);
  const refused = exits[0].code === 2 ? first : second;
  assert.equal(readAttempt(directory, refused.attempt)?.ended?.status, 'refused');
  assert.match(readAttempt(directory, refused.attempt)?.ended?.message ?? '', /alive in process/);
  assert.equal(glance(directory).state, 'completed');
});

test('stopRun: what is alive stops after a checkpoint; what hears nothing in time is killed', async (context) => {
  const root = temporaryFolder(context);
  const begun = async (env: Record<string, string> = {}): Promise<Launched> => {
    const launched = await start(newRun(root), false, env);
    await eventually(() => glance(launched.directory).state === 'running', 'a running trainer');
    return launched;
  };
  const hearing = await begun();
  assert.equal(await stopRun(hearing.directory, { by: 'window', grace: 60_000 }), 'stopped');
  assert.deepEqual(await hearing.exited, { code: 0, signal: null });
  const reader = new RunReader(hearing.directory);
  reader.pollAll();
  const states = reader.records.flatMap((record) => (record.kind === 'state' ? [[record.state, record.by]] : []));
  assert.deepEqual(states, [['stopping', 'window']]);
  assert.equal(glance(hearing.directory).state, 'stopped');

  const deaf = await begun({ FAKE_DEAF: '1' });
  assert.equal(await stopRun(deaf.directory, { grace: 200 }), 'killed');
  assert.equal((await deaf.exited).signal, 'SIGKILL');
  assert.equal(glance(deaf.directory).state, 'crashed');
});

test('a live run is seen, refuses a second start, is never deleted, and can be killed', async (context) => {
  const root = temporaryFolder(context);
  const directory = newRun(root);
  const launched = await start(directory, false);
  const reader = new RunReader(directory);
  assert.equal(reader.status().state, 'idle');
  await eventually(() => {
    reader.pollAll();
    return reader.status().state === 'running';
  }, 'a running trainer');
  assert.equal(reader.status().pid, launched.pid);
  assert.equal(glance(directory).state, 'running');
  await assert.rejects(start(directory, true), { code: 'alive' });
  assert.equal(deleteRun(directory), false);
  assert.deepEqual(prunable([directory], 0), []);
  assert.equal(killRun(directory), true);
  assert.equal((await launched.exited).signal, 'SIGKILL');
  assert.equal(killRun(directory), false);
  assert.equal(glance(directory).state, 'crashed');
  assert.equal(prunable([directory], 0).length, 1);
  assert.equal(deleteRun(directory), true);
});

test('a trainer that dies at once is a crash with its last words', async (context) => {
  const directory = newRun(temporaryFolder(context));
  assert.equal((await (await start(directory, false, { FAKE_CRASH: '1' })).exited).code, 1);
  const { state, problem } = glance(directory);
  assert.equal(state, 'crashed');
  assert.match(problem?.en ?? '', /exit code 1[^]*told to crash/);
});

test('a trainer that cannot be started is told, and its attempt is none', async (context) => {
  const directory = newRun(temporaryFolder(context));
  const own = process.execPath;
  context.after(() => (process.execPath = own));
  process.execPath = path.join(directory, 'no-node');
  await assert.rejects(
    start(directory, false),
    (error) => error instanceof RunError && error.code === 'spawn' && /\(ENOENT\)/.test(error.message),
  );
  assert.deepEqual(readAttempt(directory, 1)?.ended, {
    status: 'refused',
    message: 'it could not be started',
    zh: '无法启动',
  });
});

test('the frozen spec keeps the text, the order and its hash', (context) => {
  const root = temporaryFolder(context);
  const directory = newRun(root);
  assert.ok(isRunId(path.basename(directory)));
  assert.equal(fs.readFileSync(path.join(root, 'a', '.mtl', '.gitignore'), 'utf8'), '*\n');
  const frozen = readFrozen(directory);
  assert.equal(frozen.text, '// spec\n{}');
  assert.equal(resolvedText(frozen), '{"weights":{"10":0.5,"2":0.25}}');
  assert.equal(readRunRecord(directory).spec, 'a/digits.mtl.json');
  assert.deepEqual(new RunReader(directory).identity().weights, [['10', 0.5], ['2', 0.25]]); // prettier-ignore
  assert.deepEqual(findRuns(root), [directory]);
  const everything = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  for (const entry of everything) {
    assert.ok(
      !fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8').includes(root),
      `${entry.name} holds a path`,
    );
  }
  const spec = path.join(directory, 'spec.json');
  fs.writeFileSync(spec, fs.readFileSync(spec, 'utf8').replace('// spec', '// changed'));
  assert.throws(() => readFrozen(directory), { code: 'damaged' });
});

test('directories that are taken or cannot be written are refused with a reason', (context) => {
  const root = temporaryFolder(context);
  const directory = newRun(root);
  const base = { text: '', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' };
  assert.throws(() => createRun({ ...base, directory }), { code: 'exists', exitCode: 2 });
  fs.writeFileSync(path.join(root, 'file'), '');
  assert.throws(() => createRun({ ...base, directory: path.join(root, 'file') }), { code: 'unwritable' });
  assert.throws(() => createRun({ ...base, folder: path.join(root, 'file', 'runs') }), {
    code: 'unwritable',
    exitCode: 2,
  });
});

test('run ids are safe whatever the name', () => {
  for (const name of ['', '分类-回归', '../..', 'CON', 'a'.repeat(500), 'Ünïcödé Ünd:more', '%{}$()']) {
    assert.ok(isRunId(newRunId(name)), newRunId(name));
  }
  assert.equal(slug('Ünïcödé Ünd:more'), 'unicode-und-more');
  assert.equal(isRunId('../x'), false);
});

test('the environment of a trainer ties it to nothing', () => {
  const env = { PATH: 'p', NODE_OPTIONS: 'x', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '0', HOME: 'h' };
  assert.deepEqual(cleanEnvironment(env, false), { PATH: 'p', HOME: 'h' });
  const ties = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID', 'VSCODE_IPC_HOOK', 'ELECTRON_NO_ATTACH_CONSOLE', 'node_options']; // prettier-ignore
  const free = { NODE_ENV: 'x', MY_VSCODE_PID: 'x', NODE_OPTIONS_2: 'x', ELECTRON: 'x' };
  assert.deepEqual(cleanEnvironment({ ...Object.fromEntries(ties.map((name) => [name, '1'])), ...free }, false), free);
  assert.deepEqual(cleanEnvironment(env, true), { PATH: 'p', HOME: 'h', ELECTRON_RUN_AS_NODE: '1' });
});
