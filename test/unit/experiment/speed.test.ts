// How fast runs have been here: by the newest of the spec that has ended.
import assert from 'node:assert/strict';
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
