import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { complain, run } from '../../../src/cli/run.ts';
import { createAttempt, endAttempt, readAttempt } from '../../../src/runs/attempts.ts';
import { beginAttempt } from '../../../src/runs/begin.ts';
import { cleanUp, writeCheckpoint, writeModel } from '../../../src/runs/checkpoints.ts';
import { RunError } from '../../../src/runs/error.ts';
import { createRun, launch } from '../../../src/runs/launch.ts';
import { openLease } from '../../../src/runs/leases.ts';
import { deleteRun, findRuns, runsIn } from '../../../src/runs/list.ts';
import { acquireLock, readLock } from '../../../src/runs/lock.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { mtl } from '../cli/run-cli.ts';
import { temporaryFolder } from './helpers.ts';

const asked = { engine: 'auto', root: '.', allowOutside: false, keepAliveMinutes: 0 };
const files = new Map([['weights.bin', Buffer.from('new')]]);

interface Scene {
  readonly root: string;
  readonly directory: string;
  readonly foreign: string;
  /** Whether the foreign folder is as it was. */
  readonly unharmed: () => void;
}

/** A run, and beside the project a folder of somebody else's that looks as tempting as can be. */
function scene(context: TestContext): Scene {
  const [root, foreign] = [temporaryFolder(context), temporaryFolder(context)];
  const directory = createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });
  for (const name of ['1', '2', '9', '2.old', '.2.abc.tmp', 'deep']) {
    fs.mkdirSync(path.join(foreign, name));
    fs.writeFileSync(path.join(foreign, name, 'thesis.txt'), name);
  }
  for (const name of ['latest.json', '1.json', 'driver-1', 'model.json'])
    fs.writeFileSync(path.join(foreign, name), name);
  const look = (): unknown =>
    fs
      .readdirSync(foreign, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map((name) => [name, fs.statSync(path.join(foreign, name)).mtimeMs]);
  const before = look();
  return { root, directory, foreign, unharmed: () => assert.deepEqual(look(), before) };
}

function linkTo(target: string, ...names: string[]): string {
  const place = path.join(...names);
  fs.rmSync(place, { recursive: true, force: true });
  fs.symlinkSync(target, place);
  return place;
}

const isLinkError = (name: string) => (error: unknown) => {
  assert.ok(error instanceof RunError, String(error));
  assert.equal(error.code, 'link');
  assert.equal(error.exitCode, 2);
  assert.ok(error.text.en.includes(`"${name}"`) && /link/.test(error.text.en), error.text.en);
  assert.ok(error.text.zh.includes(`“${name}”`) && error.text.zh.includes('链接'), error.text.zh);
  return true;
};

const launchOptions = (root: string): Parameters<typeof launch>[1] => ({
  ...{ ...asked, root, resume: true },
  trainerFile: fileURLToPath(new URL('fake-trainer.ts', import.meta.url)),
});

test('a process that would write to a run refuses one with a link in place of a part, before anything else', async (context) => {
  const { root, directory, foreign, unharmed } = scene(context);
  const attempt = createAttempt(directory, asked, {});
  const folders = ['attempts', 'leases', 'checkpoints', 'model', 'model.next', 'model.old'];
  for (const name of [...folders, 'events.ndjson', 'log.txt']) {
    const place = path.join(directory, name);
    const aside = `${place}-aside`;
    if (fs.existsSync(place)) fs.renameSync(place, aside);
    linkTo(folders.includes(name) ? foreign : path.join(foreign, 'latest.json'), place);
    const before = fs.readdirSync(directory);
    await assert.rejects(launch(directory, launchOptions(root)), isLinkError(name));
    await assert.rejects(beginAttempt(directory, attempt.attempt, asked), isLinkError(name));
    assert.deepEqual(fs.readdirSync(directory), before, 'no lock, no attempt, no log');
    fs.rmSync(place);
    if (fs.existsSync(aside)) fs.renameSync(aside, place);
  }
  unharmed();
});

test('a link that appears while the run goes on is not followed either', async (context) => {
  const { directory, foreign, unharmed } = scene(context);
  const attempt = createAttempt(directory, asked, {});
  const lock = await acquireLock(directory, { attempt: 1 });
  linkTo(foreign, directory, 'checkpoints');
  assert.throws(() => writeCheckpoint(directory, 2, files, { keep: 1 }), isLinkError('checkpoints'));
  assert.throws(() => cleanUp(directory), isLinkError('checkpoints'));
  for (const name of ['model', 'model.next', 'model.old']) {
    const place = linkTo(foreign, directory, name);
    assert.throws(() => writeModel(directory, files), isLinkError(name));
    fs.rmSync(place);
  }
  fs.rmSync(path.join(directory, 'checkpoints'));
  linkTo(path.join(directory, 'nowhere'), directory, 'model');
  assert.throws(() => writeModel(directory, files), isLinkError('model'), 'a link to nowhere is one, too');
  linkTo(path.join(foreign, 'latest.json'), directory, 'events.ndjson');
  assert.throws(() => openWriter(directory, { token: lock.token }), isLinkError('events.ndjson'));
  assert.equal(readAttempt(directory, 1)?.token, attempt.token);
  fs.cpSync(path.join(directory, 'attempts'), path.join(foreign, 'attempts'), { recursive: true });
  linkTo(path.join(foreign, 'attempts'), directory, 'attempts');
  assert.throws(() => endAttempt(directory, 1, { status: 'died' }), isLinkError('attempts'));
  assert.throws(() => createAttempt(directory, asked, {}), isLinkError('attempts'));
  assert.deepEqual(fs.readdirSync(path.join(foreign, 'attempts')), ['1.json']);
  fs.rmSync(path.join(foreign, 'attempts'), { recursive: true });
  fs.rmSync(path.join(directory, 'attempts'));
  linkTo(foreign, directory, 'leases');
  openLease(directory, 'terminal').release();
  unharmed();
});

test('a planted link with the name of a lease or a lock is replaced, never followed', async (context) => {
  const { directory, foreign, unharmed } = scene(context);
  const lease = openLease(directory, 'window');
  const file = linkTo(path.join(foreign, '1.json'), directory, 'leases', lease.id);
  lease.touch();
  assert.ok(fs.lstatSync(file).isFile());
  lease.release();
  for (const target of [path.join(foreign, '1.json'), path.join(foreign, 'nothing')]) {
    linkTo(target, directory, 'lock');
    assert.equal(readLock(directory), 'damaged');
    const lock = await acquireLock(directory, { attempt: 1, watch: 1 });
    assert.ok(lock.held());
    lock.release();
  }
  unharmed();
});

test('events are not written into a pipe', { skip: process.platform === 'win32' }, async (context) => {
  const { directory } = scene(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  execFileSync('mkfifo', [path.join(directory, 'events.ndjson')]);
  assert.throws(() => openWriter(directory, { token: lock.token }), { code: 'unwritable' });
});

test('a run directory that is a link is neither made, nor resumed, nor deleted', async (context) => {
  const { root, directory } = scene(context);
  const link = linkTo(directory, root, 'linked');
  const before = fs.readdirSync(directory);
  await assert.rejects(launch(link, launchOptions(root)), isLinkError('linked'));
  const empty = path.join(root, 'empty');
  fs.mkdirSync(empty);
  for (const target of [empty, path.join(root, 'nowhere')]) {
    const given = linkTo(target, root, 'given');
    const wanted = { text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' };
    assert.throws(() => createRun({ ...wanted, directory: given }), isLinkError('given'));
  }
  assert.equal(deleteRun(link), false);
  assert.deepEqual(fs.readdirSync(directory), before);
  assert.deepEqual(fs.readdirSync(empty), []);
  assert.deepEqual(runsIn(root), []);
});

test('runs are neither found nor pruned through a link out of the folder', async (context) => {
  const [project, other] = [scene(context), scene(context)];
  const runsOfOther = path.dirname(other.directory);
  const sub = path.join(project.root, 'sub');
  fs.mkdirSync(sub);
  fs.mkdirSync(path.join(project.root, 'deeper', '.mtl'), { recursive: true });
  linkTo(path.dirname(runsOfOther), sub, '.mtl');
  linkTo(runsOfOther, project.root, 'deeper', '.mtl', 'runs');
  linkTo(other.directory, path.dirname(project.directory), 'a-run-elsewhere');
  const passedOver: string[] = [];
  assert.deepEqual(
    findRuns(project.root, (folder) => passedOver.push(folder)),
    [project.directory],
  );
  assert.deepEqual(
    passedOver.toSorted(),
    [
      path.join(path.dirname(project.directory), 'a-run-elsewhere'),
      path.join(project.root, 'deeper', '.mtl', 'runs'),
      path.join(sub, '.mtl', 'runs'),
    ].toSorted(),
  );
  const prune = (cwd: string, ...more: string[]): ReturnType<typeof mtl> =>
    mtl(['runs', 'prune', '--keep', '0', ...more], { cwd });
  const [whole, below] = await Promise.all([prune(project.root), prune(sub)]);
  assert.deepEqual([whole.code, below.code, below.stdout], [0, 0, '']);
  assert.equal(whole.stdout, `${path.relative(project.root, project.directory)}\n`);
  assert.ok(fs.existsSync(path.join(other.directory, 'run.json')));
  assert.ok(!fs.existsSync(project.directory));
  assert.match(whole.stderr, /sub[\\/]\.mtl[\\/]runs is a link and is not followed.*--root/);
  assert.match(whole.stderr, /a-run-elsewhere is a link and is not followed/);
  assert.match(below.stderr, /^\.mtl[\\/]runs is a link/);
  // The person names the place itself: that is no link of a stranger's.
  const named = await prune(project.root, '--root', runsOfOther);
  assert.equal(named.code, 0);
  assert.ok(!fs.existsSync(other.directory));
});

test('runs behind a link that stays inside the folder are found', (context) => {
  const root = temporaryFolder(context);
  fs.mkdirSync(path.join(root, 'big disk'));
  linkTo(path.join(root, 'big disk'), root, '.mtl');
  const directory = createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });
  assert.deepEqual(findRuns(root), [directory]);
});

test('predictions are written through no link, and that is said before the work', async (context) => {
  const { root, directory, foreign, unharmed } = scene(context);
  writeModel(directory, new Map([['model.json', Buffer.from('{}')]]));
  const folder = path.join(root, 'folder.npz');
  fs.mkdirSync(folder);
  const taken = [
    linkTo(path.join(foreign, '1.json'), root, 'a.csv'),
    linkTo(path.join(foreign, 'new'), root, 'b.jsonl'),
    folder,
  ];
  const outcomes = await Promise.all(
    taken.map((out) => mtl(['predict', directory, '--data', 'x.csv', '--out', out], { cwd: root })),
  );
  for (const { code, stderr } of outcomes) {
    assert.equal(code, 2);
    assert.match(stderr, /nothing is written through it/);
  }
  unharmed();
});

test('mtl train --resume says which link is in the way and what to do', async (context) => {
  const { directory, foreign, unharmed } = scene(context);
  linkTo(foreign, directory, 'checkpoints');
  const told = context.mock.method(process.stderr, 'write', () => true);
  const code = await run(['train', '--resume', directory]).catch((error: unknown) => complain(error));
  const said = told.mock.calls.map((call) => String(call.arguments[0])).join('');
  assert.equal(code, 2);
  assert.match(said, /"checkpoints" in the run ".*" is a link.*in its place, or remove the link/);
  unharmed();
});
