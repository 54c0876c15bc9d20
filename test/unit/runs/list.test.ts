/** The runs of a workspace: which are found, what is said of each, which prune takes. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { createAttempt, endAttempt } from '../../../src/runs/attempts.ts';
import type { EventInput } from '../../../src/runs/events.ts';
import { writeRunRecord } from '../../../src/runs/frozen.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { deleteRun, findRuns, glance, prunable, runsIn } from '../../../src/runs/list.ts';
import { newToken } from '../../../src/files/lock.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { writeResult } from '../../../src/runs/result.ts';
import { startBody, stepBody, temporaryFolder } from './helpers.ts';

const asked = { engine: 'auto', root: '.', allowOutside: false, keepAliveMinutes: 0 };

function runIn(folder: string, name: string, more: { spec?: string; created?: number } = {}): string {
  const directory = path.join(folder, name);
  fs.mkdirSync(directory, { recursive: true });
  const { spec = 'x.mtl.json', created = 1 } = more;
  writeRunRecord(directory, { v: 1, id: name, name: `run ${name}`, created, format: 1, root: '.', spec, parent: null });
  return directory;
}

function write(directory: string, bodies: readonly EventInput[], t = 1000): void {
  const lines = bodies.map((body, seq) => `${encodeRecord(seq, t, body)}\n`);
  fs.writeFileSync(path.join(directory, 'events.ndjson'), lines.join(''));
}

/** A lock of a living process of another host. */
function hold(directory: string, attempt: number): void {
  const lock = { attempt, token: newToken(), pid: 5, boot: 'elsewhere', ticks: 1, since: Date.now() };
  fs.writeFileSync(path.join(directory, 'lock'), JSON.stringify(lock));
}

const end = (status: 'completed' | 'failed' | 'stopped' | 'early-stopped', message?: string): EventInput => ({
  kind: 'end',
  status,
  seconds: 1,
  ...(message === undefined ? {} : { error: { code: 'c', message } }),
});
const state = (word: 'paused' | 'resumed' | 'stopping'): EventInput => ({ kind: 'state', state: word, by: 'window' });
const progress: EventInput = { kind: 'progress', phase: 'reading', done: 1, total: 2 };

test('runs of a folder are in the order of their names; what is no run is none, and links are told', (context) => {
  const folder = temporaryFolder(context);
  const runs = ['b', 'a', 'c'].map((name) => runIn(folder, name)).toSorted();
  fs.mkdirSync(path.join(folder, 'no-run'));
  fs.writeFileSync(path.join(folder, 'file'), '');
  fs.symlinkSync(runs[0] ?? '', path.join(folder, 'link'));
  const told: string[] = [];
  assert.deepEqual(runsIn(folder, (link) => told.push(link)), runs); // prettier-ignore
  assert.deepEqual(told, [path.join(folder, 'link')]);
  assert.deepEqual(runsIn(folder), runs);
  assert.deepEqual(runsIn(path.join(folder, 'none')), []);
});

test('runs are looked for as deep as is said, and not in what others have made', (context) => {
  const root = temporaryFolder(context);
  const at = (...names: string[]): string => runIn(path.join(root, ...names, '.mtl', 'runs'), 'r');
  const found = [at(), at('1'), at('1', '2'), at('1', '2', '3', '4', '5', '6')].toSorted();
  const seventh = at('1', '2', '3', '4', '5', '6', '7');
  for (const name of ['node_modules', '.git', '.hg', '.svn', '__pycache__', 'dist']) at(name);
  at('.mtl');
  const depth = (levels?: number): string[] => findRuns(root, undefined, levels).toSorted();
  assert.deepEqual(depth(), found);
  assert.deepEqual(depth(7), [...found, seventh].toSorted());
  assert.deepEqual(depth(1), found.slice(0, 2).toSorted());
  assert.deepEqual(depth(0), [path.join(root, '.mtl', 'runs', 'r')]);
});

test('runs of experiments are found after the others, and prune leaves them', (context) => {
  const root = temporaryFolder(context);
  const make = (folder: string, parent: object | null): string => {
    const directory = runIn(folder, 'r', { spec: 's.json' });
    const file = path.join(directory, 'run.json');
    const record = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
    fs.writeFileSync(file, JSON.stringify({ ...record, parent }));
    return directory;
  };
  const parent = { experiment: 'e', arm: 'a', trial: 't' };
  const inside = (name: string): string => make(path.join(root, '.mtl', 'experiments', name, 'runs'), parent);
  const [second, first] = [inside('two'), inside('one')];
  const own = make(path.join(root, '.mtl', 'runs'), null);
  make(path.join(root, '.mtl', 'other', 'one', 'runs'), parent);
  assert.deepEqual(findRuns(root), [own, first, second]);
  assert.deepEqual(glance(first).parent, parent);
  assert.equal(glance(own).parent, null);
  assert.deepEqual(prunable(findRuns(root), 0).map(({ directory }) => directory), [own]); // prettier-ignore
});

test('an experiment that is a link is passed over and told', (context) => {
  const [root, elsewhere] = [temporaryFolder(context), temporaryFolder(context)];
  runIn(path.join(elsewhere, 'runs'), 'r');
  fs.mkdirSync(path.join(root, '.mtl', 'experiments'), { recursive: true });
  const told: string[] = [];
  fs.symlinkSync(elsewhere, path.join(root, '.mtl', 'experiments', 'link'), 'junction');
  assert.deepEqual(findRuns(root, (link) => told.push(link)), []); // prettier-ignore
  assert.deepEqual(told.splice(0), [path.join(root, '.mtl', 'experiments', 'link')]);
  fs.rmSync(path.join(root, '.mtl', 'experiments', 'link'));
  fs.mkdirSync(path.join(root, '.mtl', 'experiments', 'own'));
  fs.symlinkSync(path.join(elsewhere, 'runs'), path.join(root, '.mtl', 'experiments', 'own', 'runs'), 'junction');
  assert.deepEqual(findRuns(root, (link) => told.push(link)), []); // prettier-ignore
  assert.deepEqual(told, [path.join(root, '.mtl', 'experiments', 'own', 'runs')]);
});

test('what a run is called, where its spec is and what came out, at a glance', (context) => {
  const root = temporaryFolder(context);
  const directory = runIn(root, 'r', { spec: 'a/x.mtl.json', created: 77 });
  fs.writeFileSync(path.join(directory, 'spec.json'), JSON.stringify({ v: 1 }));
  const damaged = glance(directory);
  assert.match(damaged.problem?.en ?? '', /spec\.json is damaged/);
  assert.deepEqual([damaged.name, damaged.created, damaged.spec], ['run r', 77, 'a/x.mtl.json'], 'run.json is sound');
  fs.writeFileSync(path.join(directory, 'run.json'), '{');
  const lost = glance(directory);
  assert.match(lost.problem?.en ?? '', /run\.json is damaged/);
  assert.deepEqual([lost.name, lost.created, lost.spec], ['r', 0, '']);
  const made = createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'y.mtl.json'), root, name: 'n' });
  const entry = glance(made);
  assert.deepEqual([entry.directory, entry.id, entry.name, entry.spec], [made, path.basename(made), 'n', 'y.mtl.json']);
  assert.ok(Math.abs(entry.created - Date.now()) < 60_000);
  assert.deepEqual([entry.state, entry.problem, entry.result], ['idle', null, null]);
  writeResult(made, { v: 1, status: 'completed', seed: 3 } as never);
  assert.equal(glance(made).result?.get('seed'), 3);
});

test('the state at a glance is that of the newest records that decide', (context) => {
  const directory = runIn(temporaryFolder(context), 'r');
  const { created } = createAttempt(directory, asked, {});
  const late = created + 3_600_000;
  const cases: readonly (readonly [string, readonly EventInput[]])[] = [
    ['crashed', []],
    ['crashed', [startBody(1)]],
    ['crashed', [startBody(1), stepBody(1), state('paused')]],
    ['completed', [startBody(1), stepBody(1), end('completed')]],
    ['completed', [startBody(1), end('early-stopped')]],
    ['stopped', [startBody(1), state('stopping'), end('stopped')]],
    ['failed', [startBody(1), end('failed')]],
    // A start that was refused leaves its progress alone.
    ['completed', [startBody(1), end('completed'), progress, progress]],
    // What goes on after an end is not ended.
    ['crashed', [startBody(1), end('completed'), stepBody(2)]],
    ['crashed', [startBody(1), end('completed'), startBody(1, { step: 1, epoch: 1, seq: 0 })]],
  ];
  for (const [wanted, bodies] of cases) {
    write(directory, bodies);
    assert.equal(glance(directory, late).state, wanted, JSON.stringify(bodies.map(({ kind }) => kind)));
  }
  write(directory, []);
  assert.equal(glance(directory, created + 14_999).state, 'preparing');
  assert.equal(glance(directory, created + 15_000).state, 'crashed');
});

test('of a live run: preparing until its start, then what it was told last', (context) => {
  const directory = runIn(temporaryFolder(context), 'r');
  createAttempt(directory, asked, {});
  createAttempt(directory, asked, {});
  hold(directory, 2);
  const resumed = startBody(2, { step: 1, epoch: 1, seq: 0 });
  const cases: readonly (readonly [string, readonly EventInput[]])[] = [
    ['preparing', []],
    ['preparing', [startBody(1), stepBody(1)].slice(0, 1)],
    ['running', [startBody(1), resumed]],
    ['paused', [startBody(1), resumed, state('paused')]],
    ['running', [startBody(1), resumed, state('paused'), state('resumed')]],
    ['stopping', [startBody(1), resumed, state('paused'), state('stopping'), stepBody(3)]],
    // Told to the attempt before.
    ['running', [startBody(1), state('paused'), resumed]],
  ];
  for (const [wanted, bodies] of cases) {
    write(directory, bodies);
    assert.equal(glance(directory).state, wanted, JSON.stringify(bodies.map(({ kind }) => kind)));
  }
  assert.equal(deleteRun(directory), false);
  assert.ok(fs.existsSync(directory));
});

test('a start that lies too far back to look for is taken for the newest attempt’s', (context) => {
  const directory = runIn(temporaryFolder(context), 'r');
  createAttempt(directory, asked, {});
  const many = Array.from({ length: 3600 }, (_, index) => stepBody(index + 1));
  hold(directory, 1);
  write(directory, [startBody(1), ...many]);
  assert.equal(glance(directory).state, 'running');
  // A shorter history is read to its start: it is that of another attempt.
  write(directory, [startBody(9), ...many.slice(0, 3000)]);
  assert.equal(glance(directory).state, 'preparing');
  write(directory, [startBody(9), ...many]);
  assert.equal(glance(directory).state, 'running');
});

test('prune keeps the newest of every spec in every folder, and whatever is live', (context) => {
  const root = temporaryFolder(context);
  const [a, b] = [path.join(root, 'a'), path.join(root, 'b')];
  const made = [
    runIn(a, '1', { created: 30 }),
    runIn(a, '2', { created: 20 }),
    runIn(a, '3', { created: 10 }),
    runIn(a, '4', { spec: 'y.mtl.json', created: 1 }),
    runIn(b, '1', { created: 5 }),
    // Made in the same millisecond: the later name is the newer.
    runIn(b, '2', { created: 5 }),
  ];
  const taken = (keep: number): string[] => prunable(made, keep).map(({ directory }) => path.relative(root, directory));
  assert.deepEqual(taken(1).toSorted(), ['a/2', 'a/3', 'b/1']);
  assert.deepEqual(taken(2), ['a/3']);
  assert.deepEqual(taken(3), []);
  assert.deepEqual(taken(0).toSorted(), ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2']);
  createAttempt(path.join(a, '3'), asked, {});
  hold(path.join(a, '3'), 1);
  assert.deepEqual(taken(1).toSorted(), ['a/2', 'b/1']);
});

test('a run is deleted with all that is in it; a folder that is none is not', (context) => {
  const folder = temporaryFolder(context);
  const run = runIn(folder, 'r');
  fs.mkdirSync(path.join(run, 'model'));
  assert.equal(deleteRun(run), true);
  assert.ok(!fs.existsSync(run));
  const other = path.join(folder, 'thesis');
  fs.mkdirSync(other);
  assert.equal(deleteRun(other), false);
  assert.ok(fs.existsSync(other));
});

test('a crash is told with how it ended and what was logged last', (context) => {
  const directory = runIn(temporaryFolder(context), 'r');
  fs.writeFileSync(
    path.join(directory, 'spec.json'),
    fs.readFileSync(path.join(createRun({ text: '{}', resolved: {}, specFile: path.join(directory, 'x'), root: directory, name: 'n' }), 'spec.json')), // prettier-ignore
  );
  const attempt = (number: number): void => {
    assert.equal(createAttempt(directory, asked, {}).attempt, number);
  };
  fs.writeFileSync(path.join(directory, 'log.txt'), 'one\ntwo\n\n  \nthree\nfour\nfive\nsix\n');
  attempt(1);
  endAttempt(directory, 1, { status: 'died', code: 3, signal: null });
  const { problem } = glance(directory);
  assert.equal(problem?.en, 'The training process ended with exit code 3 without finishing. Resume goes on from its last checkpoint.\ntwo\nthree\nfour\nfive\nsix'); // prettier-ignore
  assert.equal(problem.zh, '训练进程未完成就已结束，退出码 3。可从最近的检查点继续。\ntwo\nthree\nfour\nfive\nsix');
  attempt(2);
  endAttempt(directory, 2, { status: 'died', code: null, signal: 'SIGKILL' });
  assert.match(glance(directory).problem?.en ?? '', /ended by signal SIGKILL without/);
  assert.match(glance(directory).problem?.zh ?? '', /结束，信号 SIGKILL。/);
  fs.rmSync(path.join(directory, 'log.txt'));
  attempt(3);
  const long = Date.now() + 60_000;
  assert.equal(glance(directory, long).problem?.en, 'The training process ended without finishing. Resume goes on from its last checkpoint.'); // prettier-ignore
  write(directory, [startBody(3), end('failed', 'The loss is not a number.')]);
  assert.equal(glance(directory).problem?.en, 'The loss is not a number.');
  write(directory, [startBody(3), end('failed')]);
  assert.match(glance(directory).problem?.en ?? '', /^The training failed; log\.txt/);
  assert.match(glance(directory).problem?.zh ?? '', /^训练失败，详见/);
  write(directory, [startBody(3), end('completed')]);
  assert.equal(glance(directory).problem, null);
});
