// Real runs: the penguins, on the embedded engine, by the bundles in dist/.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { readExperiment } from '../../../../src/experiment/read.ts';
import { eventually } from '../../eventually.ts';
import { quickFolder } from '../../experiment/workplace.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const cli = path.join(root, 'dist/cli.cjs');

before(() => {
  for (const name of ['cli', 'driver', 'trainer', 'worker']) {
    assert.ok(fs.existsSync(path.join(root, `dist/${name}.cjs`)), `dist/${name}.cjs is missing: run npm run build`);
  }
});

interface Command {
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  readonly code: Promise<number | null>;
}

function mtl(folder: string, ...args: readonly string[]): Command {
  const env = { ...process.env, LC_ALL: 'en_US.UTF-8', MTL_RUNTIME_DIR: path.join(os.tmpdir(), 'mtl-no-runtime') };
  const child = spawn(process.execPath, [cli, 'experiment', 'penguins.mtl.json', ...args], { cwd: folder, env });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { pid: child.pid ?? 0, out: () => said.out, err: () => said.err, code };
}

/** The sample with an experiment in it, and few epochs. */
function penguins(context: TestContext, epochs: number): string {
  const folder = quickFolder(context);
  const source = path.join(root, 'examples/penguins');
  for (const name of ['penguins.csv', 'split.csv']) fs.copyFileSync(path.join(source, name), path.join(folder, name));
  const text = fs.readFileSync(path.join(source, 'penguins.mtl.json'), 'utf8');
  const changed = text
    .replace(/"epochs": \d+/, `"epochs": ${String(epochs)}`)
    .replace(/"earlyStopping": \{[^}]*\},/, '')
    .replace(/\}\s*$/, ', "experiment": { "arms": [{ "id": "joint" }], "replicates": 2 } }\n');
  fs.writeFileSync(path.join(folder, 'penguins.mtl.json'), changed);
  return folder;
}

const directory = (folder: string): string => path.join(folder, '.mtl/experiments/penguins');

test('an experiment from its spec to its outcomes; again there is nothing to do; a change is refused', async (context) => {
  const folder = penguins(context, 2);
  const first = mtl(folder, '--jobs', '1');
  assert.equal(await first.code, 0, first.err());
  assert.match(first.err(), /^Experiment: \.mtl\/experiments\/penguins$/m);
  assert.match(first.err(), /^Up to 1 run at once \(local: /m);
  assert.match(first.out(), /^joint 1 {2}done, .*\njoint 2 {2}done, .*\n2 runs have ended: 2 done, 0 failed\.\n$/);
  const view = readExperiment(directory(folder));
  assert.deepEqual([...view.outcomes.values()].map(({ state, epochs }) => [state, epochs]), [['done', 2], ['done', 2]]); // prettier-ignore
  for (const { validation, test: held, scores, samples } of view.outcomes.values()) {
    assert.deepEqual([...validation.keys()], ['species', 'mass', 'sex']);
    assert.ok(typeof validation.get('species')?.get('accuracy') === 'number');
    assert.ok(typeof held.get('mass')?.get('mae') === 'number');
    assert.ok(typeof scores.get('validation/skill') === 'number' && typeof scores.get('validation/total') === 'number');
    assert.ok(samples !== null && samples.train > 100);
  }
  const run = JSON.parse(fs.readFileSync(path.join(view.directoryOf(view.expansion.runs[1]?.id ?? ''), 'run.json'), 'utf8')) as { name: string; parent: unknown }; // prettier-ignore
  assert.equal(run.name, 'joint 2');
  assert.deepEqual(run.parent, { experiment: view.plan.id, arm: 'joint', trial: view.expansion.runs[1]?.id });

  const again = mtl(folder, '--json');
  assert.equal(await again.code, 0, again.err());
  const kinds = again.out().trim().split('\n').map((line) => (JSON.parse(line) as { kind: string }).kind); // prettier-ignore
  assert.deepEqual(kinds, ['start', 'stop']);

  fs.appendFileSync(path.join(folder, 'penguins.csv'), '\n');
  const changed = mtl(folder);
  assert.equal(await changed.code, 2);
  assert.match(changed.err(), /penguins\.csv has changed\. Of 2 runs that have ended, 0 would still count/);
  assert.equal(changed.out(), '');
  const accepted = mtl(folder, '--accept-changes', '--jobs', '1');
  assert.equal(await accepted.code, 0, accepted.err());
  assert.match(
    accepted.out(),
    /^joint 1 {2}done, .*\njoint 2 {2}done, .*\n2 runs have ended: 2 done, 0 failed\.\n2 earlier runs are of a plan that was changed, and count no more\.\n$/,
  );
  // Every comparison from now on says so.
  assert.deepEqual(readExperiment(directory(folder)).deviations.length, 1);
  const elsewhere = mtl(folder, '--executor', 'moon');
  assert.equal(await elsewhere.code, 2);
  assert.match(elsewhere.err(), /There is no executor "moon" here\. Known are: local\./);
});

test('detached it goes on by itself; who comes later watches it; Ctrl-C stops it after checkpoints', async (context) => {
  const folder = penguins(context, 2000);
  const detached = mtl(folder, '--detach', '--jobs', '2');
  assert.equal(await detached.code, 0, detached.err());
  assert.equal(detached.out(), '.mtl/experiments/penguins\n');
  const watching = mtl(folder);
  await eventually(() => watching.err().includes('Up to'), 'the one who watches');
  assert.match(watching.err(), /^Watching: \.mtl\/experiments\/penguins$/m);
  await eventually(
    () => [...readExperiment(directory(folder)).states.values()].some((state) => state === 'running'),
    'a live run',
  );
  process.kill(watching.pid, 'SIGINT');
  assert.equal(await watching.code, 130, watching.err());
  assert.match(watching.err(), /Stopping all runs after a checkpoint/);
  assert.match(watching.err(), /Go on with: mtl experiment "penguins\.mtl\.json"/);
  const { driver, stop, states } = readExperiment(directory(folder));
  assert.equal(driver, null);
  assert.equal(stop?.reason, 'stopped');
  assert.ok([...states.values()].every((state) => state === 'interrupted' || state === 'waiting'));
});

test('a closed terminal leaves it at work; Ctrl-C twice kills it at once, and it can be gone on with', async (context) => {
  const folder = penguins(context, 2000);
  const first = mtl(folder, '--jobs', '1');
  const states = (): readonly string[] => [...readExperiment(directory(folder)).states.values()];
  await eventually(() => first.err().includes('Up to') && states().includes('running'), 'a live run');
  process.kill(first.pid, 'SIGHUP');
  assert.equal(await first.code, 129, first.err());
  const { driver } = readExperiment(directory(folder));
  assert.ok(driver !== null, 'the driver goes on');
  const watching = mtl(folder);
  await eventually(() => watching.err().includes('Up to'), 'the one who watches');
  // It cannot answer the wish to stop: whoever has waited long enough asks again.
  process.kill(driver.pid, 'SIGSTOP');
  process.kill(watching.pid, 'SIGINT');
  await eventually(() => watching.err().includes('Ctrl-C again kills'), 'the wish to stop');
  process.kill(watching.pid, 'SIGINT');
  assert.equal(await watching.code, 130, watching.err());
  assert.match(watching.err(), /Killed\. The last checkpoints are kept\./);
  await eventually(() => readExperiment(directory(folder)).driver === null && !states().includes('running'), 'the end');
  const again = mtl(folder, '--jobs', '1');
  await eventually(() => again.err().includes('Up to') && states().includes('running'), 'a run that goes on');
  process.kill(again.pid, 'SIGINT');
  assert.equal(await again.code, 130, again.err());
});
