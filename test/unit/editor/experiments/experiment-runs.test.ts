// Experiments in the list of runs: what is listed, what is read for it, and what an open arm says of its runs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import '../fake-vscode.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { encodeLedger, type LedgerBody } from '../../../../src/experiment/driver/ledger.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import type { PlannedRun } from '../../../../src/experiment/contract.ts';
import { experimentPaths } from '../../../../src/experiment/layout.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { acquireLock } from '../../../../src/runs/lock.ts';
import { live, makePlace, quickFolder, specText, type Place } from '../../experiment/workplace.ts';
import type { TreeItem } from '../fake-classes.ts';

const { ExperimentRuns } = await import('../../../../src/editor/experiments/experiment-runs.ts');
const { ExperimentTree } = await import('../../../../src/editor/experiments/experiment-tree.ts');

const wide = { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } };
const two = { replicates: 3, arms: [{ id: 'joint' }, wide, { id: 'single', auto: 'single-task' }], baseline: 'joint' };

function begun(context: TestContext, experiment: object = two): { place: Place; runs: readonly PlannedRun[] } {
  const place = makePlace(quickFolder(context), specText(experiment));
  return { place, runs: planningOf(place.plan).expand(new Map()).runs };
}

function write({ directory }: Place, ...bodies: readonly LedgerBody[]): void {
  const { ledger } = experimentPaths(directory);
  const from = fs.existsSync(ledger) ? fs.readFileSync(ledger, 'utf8').split('\n').length - 1 : 0;
  fs.appendFileSync(ledger, bodies.map((body, at) => `${encodeLedger(from + at, 1000 + from + at, body)}\n`).join(''));
}
const submit = ({ id, stage, arm, task, seed }: Pick<PlannedRun, 'id' | 'stage' | 'arm' | 'task' | 'seed'>): LedgerBody => ({ kind: 'submit', run: id, stage, arm, task, seed, spec: 'x', resume: false }); // prettier-ignore
const end = ({ id }: Pick<PlannedRun, 'id'>, state: 'done' | 'failed' | 'pruned' = 'done'): LedgerBody => ({
  ...{ kind: 'end', run: id, state, failure: state === 'failed' ? 'nan' : null, seconds: 2 },
  reason: state === 'done' ? null : { en: 'It diverged.', zh: '发散。' },
});
async function finish({ folder, specFile, directory, plan }: Place, run: PlannedRun, value: number): Promise<void> {
  const target = path.join(directory, 'runs', run.id);
  makeRun({ plan, root: folder, specFile }, run, target, new Forms().of(run));
  await live(target, 'done', { seed: run.seed, value });
}

test('arms with their runs, in the order of the plan; states as the ledger tells them', async (context) => {
  const { place, runs } = begun(context);
  const list = new ExperimentRuns(place.directory);
  const first = list.listing();
  assert.deepEqual(first.arms.map(({ arm, runs: own, done, failed, running }) => [arm, own.length, done, failed, running]), [
    ['joint', 3, 0, 0, 0], ['wide', 3, 0, 0, 0], ['single', 6, 0, 0, 0],
  ]); // prettier-ignore
  assert.deepEqual(first.arms[2]?.runs.map(({ seed, task, state }) => [seed, task, state]).slice(0, 3), [
    [1, 'kind', 'waiting'], [1, 'y', 'waiting'], [2, 'kind', 'waiting'],
  ]); // prettier-ignore
  assert.deepEqual([first.later, first.problem], [0, null]);
  assert.equal(list.listing(), first, 'nothing has changed');
  const joint = runs.filter(({ arm }) => arm === 'joint');
  const [a, b, c] = joint;
  assert.ok(a && b && c);
  write(place, submit(a), submit(b), submit(c), end(a), end(b, 'failed'));
  const states = (): unknown => list.listing().arms[0]?.runs.map(({ state }) => state);
  assert.deepEqual(states(), ['done', 'failed', 'interrupted']);
  const [arm] = list.listing().arms;
  assert.deepEqual([arm?.done, arm?.failed, arm?.running], [1, 1, 0]);
  assert.deepEqual(arm?.runs.map(({ reason }) => reason?.en), [undefined, 'It diverged.', undefined]); // prettier-ignore
  const lock = await acquireLock(place.directory, { attempt: 1 });
  assert.deepEqual(states(), ['done', 'failed', 'running'], 'a driver is at work');
  assert.equal(list.listing().arms[0]?.running, 1);
  lock.release();
  assert.deepEqual(states(), ['done', 'failed', 'interrupted']);
});

test('an open arm reads the numbers of its runs on the validation split, once for those that have ended', async (context) => {
  const { place, runs } = begun(context);
  const [a, b, c] = runs.filter(({ arm }) => arm === 'joint');
  assert.ok(a && b && c);
  await finish(place, a, 0.25);
  write(place, submit(a), end(a), submit(b), end(b, 'failed'));
  const list = new ExperimentRuns(place.directory);
  const [arm] = list.listing().arms;
  const [first, second, third] = arm?.runs ?? [];
  assert.ok(first && second && third);
  // Ten times the value on the validation split, a hundred times on the test split, which is not shown here.
  const expected = { state: 'done', lines: [{ task: 'kind', metric: 'accuracy', value: 2.5 }, { task: 'y', metric: 'mae', value: 7.5 }] }; // prettier-ignore
  const facts = list.facts(first);
  assert.equal(facts.lines[0]?.value, 2.5);
  assert.deepEqual([facts.state, facts.lines.map(({ task }) => task)], [expected.state, ['kind', 'y']]);
  fs.rmSync(path.join(first.directory, 'result.json'));
  assert.equal(list.facts(first), facts);
  assert.deepEqual(list.facts(second), { state: 'failed', lines: [] });
  assert.deepEqual(list.facts(third), { state: 'waiting', lines: [] });
  // Its driver was killed before it could tell.
  await finish(place, c, 0.5);
  write(place, submit(c));
  const open = list.listing().arms[0]?.runs[2];
  assert.ok(open);
  assert.equal(open.state, 'interrupted');
  assert.deepEqual([list.facts(open).state, list.facts(open).lines[0]?.value], ['done', 5]);
});

test('another experiment in the place of one: nothing of the former is believed', async (context) => {
  const { place, runs } = begun(context);
  const [a] = runs.filter(({ arm }) => arm === 'joint');
  assert.ok(a);
  await finish(place, a, 0.25);
  write(place, submit(a), end(a));
  const list = new ExperimentRuns(place.directory);
  const seen = (): readonly (number | null | undefined)[] => {
    const first = list.listing().arms[0]?.runs[0];
    assert.ok(first);
    return list.facts(first).lines.map(({ value }) => value);
  };
  assert.equal(seen()[0], 2.5);
  const { ledger } = experimentPaths(place.directory);
  // Begun anew: a ledger of its own, with as many lines.
  fs.rmSync(ledger);
  fs.rmSync(path.join(place.directory, 'runs', a.id), { recursive: true });
  await finish(place, a, 0.5);
  fs.writeFileSync(`${ledger}.new`, '');
  fs.renameSync(`${ledger}.new`, ledger);
  write(place, submit(a), end(a));
  assert.equal(seen()[0], 5);
});

test('runs that earlier ones choose are counted until they are asked for, then listed', (context) => {
  const { place } = begun(context, {
    factors: [{ name: 'rate', path: '/training/learningRate', levels: [0.1, 0.2] }],
    stages: [
      { id: 'explore', method: 'grid' },
      { id: 'confirm', take: { from: 'explore', pareto: true, max: 2 }, replicates: 2 },
    ],
  });
  const list = new ExperimentRuns(place.directory);
  const { later, arms } = list.listing();
  assert.ok(later > 0);
  write(place, submit({ id: 'f'.repeat(20), stage: 'confirm', arm: 'chosen', task: null, seed: 7 }));
  const next = list.listing();
  assert.equal(next.later, later - 1);
  assert.deepEqual(next.arms.map(({ arm }) => arm), [...arms.map(({ arm }) => arm), 'chosen']); // prettier-ignore
  assert.equal(next.arms.at(-1)?.runs[0]?.former, false);
  const mark = { sha256: 'a', analysisHash: 'b', engine: 'c', files: 'd' };
  const changes = { en: 'x', zh: 'x' };
  write(place, { kind: 'deviation', before: mark, after: mark, changes, counted: 0, of: 1 });
  assert.equal(list.listing().arms.at(-1)?.runs[0]?.former, true);
  assert.equal(list.listing().later, later, 'it is none of those of the plan as it is now');
});

test('a plan that cannot be read is told', (context) => {
  const { place } = begun(context);
  fs.writeFileSync(experimentPaths(place.directory).plan, '{');
  const { arms, problem } = new ExperimentRuns(place.directory).listing();
  assert.deepEqual(arms, []);
  assert.match(problem?.en ?? '', /plan\.json is damaged/);
  const tree = new ExperimentTree();
  const [note, ...rest] = tree.children({ kind: 'experiment', directory: place.directory });
  assert.ok(note);
  assert.deepEqual(rest, []);
  assert.match(tree.item(note).label as string, /plan\.json is damaged/);
});

/** Paths below `runs/` that were asked for while `work` ran. */
function touched<T>(context: TestContext, work: () => T): { readonly found: T; readonly paths: readonly string[] } {
  const paths: string[] = [];
  const names = [
    'statSync',
    'lstatSync',
    'readFileSync',
    'openSync',
    'readdirSync',
    'existsSync',
    'accessSync',
  ] as const;
  const spies = names.map((name) => {
    const original = fs[name] as (...args: unknown[]) => unknown;
    return context.mock.method(
      fs as Record<string, unknown>,
      name as never,
      ((...args: unknown[]) => {
        if (String(args[0]).includes(`${path.sep}runs${path.sep}`)) paths.push(String(args[0]));
        return original.apply(fs, args);
      }) as never,
    );
  });
  syncBuiltinESMExports();
  try {
    return { found: work(), paths };
  } finally {
    for (const spy of spies as { mock: { restore: () => void } }[]) spy.mock.restore();
    syncBuiltinESMExports();
  }
}

test('of five thousand runs none is read until its arm is open, and then a hundred at most', (context) => {
  const arms = Array.from({ length: 10 }, (_, at) => ({ id: `w${String(at)}`, set: { '/network/trunk/layers/0/units': at + 2 } })); // prettier-ignore
  const { place, runs } = begun(context, { replicates: 500, arms, baseline: 'w0' });
  assert.equal(runs.length, 5000);
  write(place, ...runs.slice(0, 2500).flatMap((run) => [submit(run), end(run)]));
  fs.mkdirSync(path.join(place.directory, 'runs', runs[0]?.id ?? ''), { recursive: true });
  const tree = new ExperimentTree();
  const listed = touched(context, () => {
    const nodes = tree.children({ kind: 'experiment', directory: place.directory });
    return { nodes, items: nodes.map((node) => tree.item(node)) };
  });
  assert.deepEqual(listed.paths, []);
  assert.equal(listed.found.nodes.length, 10);
  const descriptions = listed.found.items.map(({ description }) => String(description));
  assert.equal(descriptions.filter((one) => /^\d+ of 500 done$/.test(one)).length, 10, descriptions.join(' | '));
  assert.equal(descriptions.reduce((sum, one) => sum + Number.parseInt(one, 10), 0), 2500); // prettier-ignore
  const [first] = listed.found.nodes;
  assert.ok(first);
  const opened = touched(context, () => tree.children(first).map((node) => [node, tree.item(node)] as const));
  assert.deepEqual(opened.paths, []);
  assert.deepEqual(opened.found.map(([, { label }]) => label), [1, 101, 201, 301, 401].map((from) => `runs ${String(from)} to ${String(from + 99)}`)); // prettier-ignore
  const part = opened.found[1]?.[0];
  assert.ok(part);
  const read = touched(context, () => tree.children(part).map((node) => tree.item(node)));
  assert.equal(read.found.length, 100);
  assert.equal((read.found[0] as unknown as TreeItem).label, 'seed 101');
  const directories = new Set(read.paths.map((file) => /runs[/\\]([0-9a-f]{20})/.exec(file)?.[1]));
  assert.ok(directories.size > 0 && directories.size <= 100, String(directories.size));
});

test('a run says its state and numbers, and that they are of the validation split', async (context) => {
  const { place, runs } = begun(context);
  const singles = runs.filter(({ arm }) => arm === 'single');
  const [a, b] = singles;
  assert.ok(a && b);
  await finish(place, a, 0.25);
  write(place, submit(a), end(a), submit(b), end(b, 'pruned'));
  const tree = new ExperimentTree();
  const nodes = tree.children({ kind: 'experiment', directory: place.directory });
  const arm = nodes[2];
  assert.ok(arm);
  const items = tree.children(arm).map((node) => tree.item(node) as unknown as Record<string, unknown>);
  assert.deepEqual(items.slice(0, 3).map(({ label, description, contextValue }) => [label, description, contextValue]), [
    ['seed 1 · kind', 'completed · kind accuracy 2.500 · y mae 7.500', 'mtl.planned.done'],
    ['seed 1 · y', 'cut early', 'mtl.planned.pruned'],
    ['seed 2 · kind', 'waiting', 'mtl.planned.waiting'],
  ]); // prettier-ignore
  assert.match(String(items[0]?.['tooltip']), /validation split; the comparison shows the test split/);
  assert.match(String(items[1]?.['tooltip']), /It diverged\./);
  assert.equal((items[0]?.['accessibilityInformation'] as { label: string }).label, 'seed 1 · kind, completed · kind accuracy 2.500 · y mae 7.500'); // prettier-ignore
  assert.equal(tree.changed(), false);
  write(place, submit(b));
  assert.equal(tree.changed(), true);
  tree.children({ kind: 'experiment', directory: place.directory });
  assert.equal(tree.changed(), false);
});
