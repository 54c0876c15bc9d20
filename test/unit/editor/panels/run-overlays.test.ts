// What the editor offers to lay under the losses of a run, and the curves that it reads for it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import '../fake-vscode.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { epochBody, startBody } from '../../experiment/bodies.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';

const { RunOverlays } = await import('../../../../src/editor/panels/run-overlays.ts');
const { TrackedRun } = await import('../../../../src/editor/runs/tracked-run.ts');

const step = (at: number): EventInput => ({
  ...{ kind: 'step', step: at, steps: 1, epoch: 1, losses: new Map([['kind', 1], ['y', 2]]), weights: null }, // prettier-ignore
  ...{ total: 3, objective: 3, penalty: 0, learningRate: 0.1, stepsPerSecond: 1 },
});

function records(directory: string, ...bodies: readonly EventInput[]): void {
  fs.mkdirSync(directory, { recursive: true });
  const text = bodies.map((body, at) => `${encodeRecord(at, 1000 * at, body).trimEnd()}\n`).join('');
  fs.writeFileSync(runPaths(directory).events, text);
}
const epochs = (...values: readonly number[]): EventInput[] => [startBody(1, 1), ...values.flatMap((value, at) => [step(7 * (at + 1)), epochBody(at + 1, value)])]; // prettier-ignore

interface Entry { readonly directory: string; readonly id: string; readonly name: string; readonly specFile: string; readonly created: number; readonly state: string; readonly notes: { readonly pinned: boolean } } // prettier-ignore
const overlaysOf = (...entries: readonly Entry[]) => new RunOverlays({ entries } as never);

function arms(context: TestContext) {
  const wide = { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } };
  const place = makePlace(quickFolder(context), specText({ replicates: 3, arms: [{ id: 'joint' }, wide], baseline: 'joint' })); // prettier-ignore
  const { runs } = planningOf(place.plan).expand(new Map());
  const made = runs.map((run) => {
    const target = path.join(place.directory, 'runs', run.id);
    makeRun({ plan: place.plan, root: place.folder, specFile: place.specFile }, run, target, new Forms().of(run));
    return { run, target };
  });
  const joint = made.filter(({ run }) => run.arm === 'joint');
  return { place, made, joint };
}

test('all seeds of the arm of a run, with the shown one; those that were not started are not counted', async (context) => {
  const { joint } = arms(context);
  const [first, second, third] = joint;
  assert.ok(first && second && third);
  records(first.target, ...epochs(0.5, 0.25));
  records(second.target, ...epochs(1.5));
  const overlays = overlaysOf();
  const shown = new TrackedRun(first.target, undefined);
  assert.deepEqual(await overlays.choices(shown), [{ id: 'arm:joint', kind: 'arm', name: 'joint', runs: 3 }]);
  const { curves, missing, left } = await overlays.curves(shown, 'validation', ['arm:joint']);
  assert.deepEqual([missing, left], [['joint 3'], 0]);
  assert.deepEqual(curves[0], {
    ...{ choice: 'arm:joint', run: path.basename(first.target), seed: 1, task: 'kind' },
    // Records are a second apart: start, step, epoch, step, epoch.
    ...{ epoch: [1, 2], step: [7, 14], seconds: [2, 4], y: [0.5, 0.25] },
  });
  assert.deepEqual(curves.map(({ seed, task, y }) => [seed, task, y]), [[1, 'kind', [0.5, 0.25]], [1, 'y', [1, 0.5]], [2, 'kind', [1.5]], [2, 'y', [3]]]); // prettier-ignore
  fs.rmSync(third.target, { recursive: true });
  fs.rmSync(second.target, { recursive: true });
  assert.deepEqual(await overlaysOf().choices(shown), [], 'alone, there is nothing to be overlaid');
});

test('other runs of the spec, the newest first, none that was never begun and not the shown one', async (context) => {
  const folder = quickFolder(context);
  const entry = (id: string, created: number, state = 'completed', specFile = '/a.mtl.json'): Entry => ({ directory: path.join(folder, id), id, name: `name of ${id}`, specFile, created, state, notes: { pinned: false } }); // prettier-ignore
  const entries = [entry('old', 1), entry('new', 3), entry('shown', 2), entry('idle', 4, 'idle'), entry('foreign', 5, 'completed', '/b.mtl.json')]; // prettier-ignore
  records(path.join(folder, 'shown'), ...epochs(1));
  records(path.join(folder, 'old'), ...epochs(0.5));
  const overlays = overlaysOf(...entries);
  const shown = new TrackedRun(path.join(folder, 'shown'), '/a.mtl.json');
  const choices = await overlays.choices(shown);
  assert.deepEqual(choices.map(({ id, kind, runs }) => [id, kind, runs]), [['new', 'run', 1], ['old', 'run', 1]]); // prettier-ignore
  assert.match(choices[0]?.name ?? '', /^name of new · /);
  const answer = await overlays.curves(shown, 'train', ['old', 'new', 'foreign']);
  assert.deepEqual(answer.curves.map(({ run, seed, task, y }) => [run, seed, task, y]), [['old', null, 'kind', [0.5]], ['old', null, 'y', [1]]]); // prettier-ignore
  assert.deepEqual(answer.missing.map((name) => name.split(' · ')[0]), ['name of new']); // prettier-ignore
  assert.deepEqual((await overlays.curves(shown, 'train', [])).curves, []);
  assert.deepEqual(await overlays.choices(new TrackedRun(path.join(folder, 'old'), undefined)), []);
});

test('what is no finite number is a gap', async (context) => {
  const folder = quickFolder(context);
  const directory = path.join(folder, 'old');
  records(directory, startBody(1, 1), step(1), epochBody(1, NaN));
  const entry = {
    directory,
    id: 'old',
    name: 'old',
    specFile: '/a.mtl.json',
    created: 1,
    state: 'failed',
    notes: { pinned: false },
  };
  const shown = new TrackedRun(path.join(folder, 'shown'), '/a.mtl.json');
  const { curves } = await overlaysOf(entry).curves(shown, 'validation', ['old']);
  assert.deepEqual(curves.map(({ y }) => y), [[null], [null]]); // prettier-ignore
});

test('the pinned run comes first and is told as the reference, however many are newer; of several the newest', async (context) => {
  const folder = quickFolder(context);
  const entry = (at: number, pinned = false): Entry => ({ directory: path.join(folder, String(at)), id: `r${String(at)}`, name: 'cars', specFile: '/a.mtl.json', created: at, state: 'completed', notes: { pinned } }); // prettier-ignore
  const newer = Array.from({ length: 40 }, (_, at) => entry(at + 10));
  records(path.join(folder, 'shown'), ...epochs(1));
  const shown = new TrackedRun(path.join(folder, 'shown'), '/a.mtl.json');
  const [first, ...others] = await overlaysOf(entry(1, true), entry(2, true), ...newer).choices(shown);
  assert.deepEqual([first?.id, first?.reference], ['r2', true]);
  assert.equal(others.length, 29);
  assert.ok(others.every(({ reference }) => reference === undefined));
  // The pinned run itself has nothing under it of itself.
  const own = { ...entry(3, true), directory: path.join(folder, 'shown') };
  assert.deepEqual((await overlaysOf(own, entry(1)).choices(shown)).map(({ id, reference }) => [id, reference]), [['r1', undefined]]); // prettier-ignore
});
