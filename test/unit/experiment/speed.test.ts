// How fast runs have been here: by the newest of the spec that has ended.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Forms } from '../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../src/experiment/driver/make-run.ts';
import { planningOf } from '../../../src/experiment/planning.ts';
import { measuredSpeed } from '../../../src/experiment/speed.ts';
import { newRunId, runsFolder } from '../../../src/runs/layout.ts';
import { live, makePlace, quickFolder, specText, type Fate, type Place } from './workplace.ts';

function place(context: TestContext): Place {
  return makePlace(quickFolder(context), specText({ replicates: 1, arms: [{ id: 'joint' }] }));
}

/** Makes a run beside the spec, as if at this minute, and lets it end so; not at all where no end is given. */
async function ran(here: Place, minute: number, fate: Fate | null): Promise<void> {
  const [planned] = planningOf(here.plan).expand(new Map()).runs;
  assert.ok(planned);
  const id = newRunId('tried', new Date(Date.UTC(2026, 0, 1, 12, minute)));
  const directory = path.join(runsFolder(here.specFile), id);
  makeRun({ plan: here.plan, root: here.folder, specFile: here.specFile }, planned, directory, new Forms().of(planned));
  if (fate !== null) await live(directory, fate);
}

test('nothing is known where no run has ended', async (context) => {
  const here = place(context);
  assert.equal(measuredSpeed(here.specFile), null);
  await ran(here, 1, null);
  await ran(here, 2, 'fail');
  assert.equal(measuredSpeed(here.specFile), null);
});

test('seconds of an epoch and of a step, and how long it took to begin', async (context) => {
  const here = place(context);
  await ran(here, 1, 'done');
  // One that has failed since tells nothing.
  await ran(here, 2, 'nan');
  const speed = measuredSpeed(here.specFile);
  // Two epochs, of one step each, in 1.5 s.
  assert.deepEqual([speed?.secondsPerEpoch, speed?.secondsPerStep], [0.75, 0.75]);
  assert.ok((speed?.startup ?? -1) >= 0 && (speed?.startup ?? Infinity) < 3600);
  // Of another spec in the same folder they say nothing.
  assert.equal(measuredSpeed(path.join(here.folder, 'other.mtl.json')), null);
});

/** The runs of the experiment of this place, all ended. */
async function experimented(here: Place): Promise<void> {
  for (const run of planningOf(here.plan).expand(new Map()).runs) {
    const directory = path.join(here.directory, 'runs', run.id);
    makeRun({ plan: here.plan, root: here.folder, specFile: here.specFile }, run, directory, new Forms().of(run));
    await live(directory, 'done');
  }
}

test('runs of an experiment tell too: by their mean, where they are newer than what was run by hand', async (context) => {
  const here = makePlace(quickFolder(context), specText({ replicates: 2, arms: [{ id: 'joint' }] }));
  await ran(here, 1, 'done');
  const alone = measuredSpeed(here.specFile);
  await experimented(here);
  const [directory] = fs.readdirSync(path.join(here.directory, 'runs'));
  const result = path.join(here.directory, 'runs', directory ?? '', 'result.json');
  const content = JSON.parse(fs.readFileSync(result, 'utf8')) as { seconds: number };
  fs.writeFileSync(result, JSON.stringify({ ...content, seconds: 3 * content.seconds }));
  // One took three times as long as the other.
  const expected = 2 * (alone?.secondsPerEpoch ?? 0);
  assert.ok(Math.abs((measuredSpeed(here.specFile)?.secondsPerEpoch ?? 0) - expected) < 1e-12);
  assert.equal(measuredSpeed(path.join(here.folder, 'other.mtl.json')), null);
});
