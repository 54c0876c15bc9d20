// A comparison from an experiment's directory while its runs come in: the test split is looked at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ExperimentSource } from '../../../../src/editor/experiments/experiment-source.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import type { PlannedRun } from '../../../../src/experiment/contract.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { live, makePlace, quickFolder, specText, valueOf, type Place } from '../../experiment/workplace.ts';

const experiment = { replicates: 3, arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } }], baseline: 'joint' }; // prettier-ignore

function begun(context: TestContext): { place: Place; runs: readonly PlannedRun[] } {
  const place = makePlace(quickFolder(context), specText(experiment));
  return { place, runs: planningOf(place.plan).expand(new Map()).runs };
}

async function finish(place: Place, run: PlannedRun, fate: 'done' | 'nan' = 'done'): Promise<void> {
  const { folder, specFile, directory, plan } = place;
  const target = path.join(directory, 'runs', run.id);
  makeRun({ plan, root: folder, specFile }, run, target, new Forms().of(run));
  await live(target, fate, { seed: run.seed, value: valueOf(run) });
}

const looks = ({ directory }: Place): number => {
  const file = path.join(directory, 'looks.ndjson');
  if (!fs.existsSync(file)) return 0;
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').length;
};
const values = ({ comparison }: ReturnType<ExperimentSource['look']>): number =>
  comparison?.arms.reduce((sum, { measures }) => sum + (measures[0]?.n ?? 0), 0) ?? -1;

test('what has ended before the others is shown without its test results, until somebody asks or all have ended', async (context) => {
  const { place, runs } = begun(context);
  const source = new ExperimentSource(place.directory);
  const told: unknown[] = [];
  const empty = source.look(null, (progress) => told.push(progress));
  assert.deepEqual(told, [empty.progress]);
  assert.deepEqual(empty.comparison?.arms.map(({ id }) => id), ['joint', 'wide']); // prettier-ignore
  assert.deepEqual([empty.progress?.mode, empty.progress?.waiting, empty.progress?.held], ['idle', 6, 0]);

  for (const run of runs.slice(0, 3)) await finish(place, run);
  const some = source.look(null);
  assert.deepEqual([some.progress?.done, some.progress?.waiting, some.progress?.held], [3, 3, 3]);
  assert.equal(values(some), 0);
  assert.equal(looks(place), 0);

  source.reveal();
  const looked = source.look(null);
  assert.deepEqual([values(looked), looked.progress?.held, looks(place)], [3, 0, 1]);
  // What has been seen stays, what comes then is held back again.
  const [, , , fourth, fifth, sixth] = runs;
  assert.ok(fourth && fifth && sixth);
  await finish(place, fourth);
  const more = source.look(null);
  assert.deepEqual([values(more), more.progress?.held, looks(place)], [3, 1, 1]);

  await finish(place, fifth);
  await finish(place, sixth, 'nan');
  const all = source.look(null);
  assert.deepEqual([all.progress?.mode, all.progress?.failed, all.progress?.held], ['done', 1, 0]);
  assert.deepEqual([values(all), looks(place)], [5, 2]);
  assert.equal(all.comparison?.looks?.count, 2);
});

test('the same comparison as long as nothing has changed, another one for another baseline', async (context) => {
  const { place, runs } = begun(context);
  for (const run of runs) await finish(place, run);
  const source = new ExperimentSource(place.directory);
  const first = source.look(null);
  assert.equal(first.comparison?.baseline, 'joint');
  assert.equal(source.look(null).comparison, first.comparison);
  assert.equal(source.look(null).surface, first.surface);
  assert.deepEqual([first.surface?.tasks, first.surface?.points.length, first.surface?.arm], [['kind', 'y'], 1, 'weights']); // prettier-ignore
  const other = source.look('wide');
  assert.equal(other.comparison?.baseline, 'wide');
  assert.equal(looks(place), 1, 'the same results are no further look');
  const wrong = source.look('nobody');
  assert.deepEqual([wrong.comparison, wrong.surface], [null, null]);
  assert.match(wrong.problem?.en ?? '', /nobody/);
  assert.equal(wrong.progress?.mode, 'done');
  const [parameters] = first.comparison.arms.map((arm) => arm.parameters);
  assert.equal(parameters, 5);
});

test('a plan that cannot be read is told', (context) => {
  const { place } = begun(context);
  fs.writeFileSync(path.join(place.directory, 'plan.json'), '{');
  const { comparison, problem, progress } = new ExperimentSource(place.directory).look(null);
  assert.deepEqual([comparison, progress], [null, null]);
  assert.match(problem?.en ?? '', /plan\.json is damaged/);
});
