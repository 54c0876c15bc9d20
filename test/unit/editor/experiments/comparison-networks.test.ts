// Networks from run directories: the first run that is there tells, and where none is, that is said.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { networksOf } from '../../../../src/editor/experiments/comparison-networks.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import { assertBilingual } from '../../bilingual.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';

test('of two arms', (context) => {
  const experiment = { replicates: 2, arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } }] }; // prettier-ignore
  const place = makePlace(quickFolder(context), specText(experiment));
  const { folder, specFile, directory, plan } = place;
  const { runs } = planningOf(plan).expand(new Map());
  const directories = (arm: string): readonly string[] =>
    runs.filter((run) => run.arm === arm).map(({ id }) => path.join(directory, 'runs', id));
  const none = networksOf(directories('joint'), directories('wide'), 'en');
  assert.ok('problem' in none);
  assertBilingual(none.problem);
  // The second seed of each alone has begun.
  for (const arm of ['joint', 'wide']) {
    const run = runs.filter((one) => one.arm === arm)[1];
    assert.ok(run);
    makeRun({ plan, root: folder, specFile }, run, path.join(directory, 'runs', run.id), new Forms().of(run));
  }
  const found = networksOf(directories('joint'), directories('wide'), 'en');
  assert.ok('network' in found);
  const trunk = found.network.nodes.find(({ key }) => key === 'block:trunk');
  assert.equal(trunk?.side, 'changed');
  assert.ok(trunk.first.join().includes('4') && trunk.second.join().includes('8'));
  const half = networksOf(directories('joint'), [], 'en');
  assert.match('problem' in half ? half.problem.en : '', /^No run of one of the two has begun/);
  // A spec that is damaged is told as such.
  fs.writeFileSync(runPaths(directories('wide')[1] ?? '').spec, '{');
  const damaged = networksOf(directories('joint'), directories('wide'), 'en');
  assert.match('problem' in damaged ? damaged.problem.en : '', /spec\.json/);
});
