import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { beginExperiment, type BeginOptions } from '../../../src/experiment/begin.ts';
import { planChange } from '../../../src/experiment/changes.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { LedgerReader } from '../../../src/experiment/driver/ledger.ts';
import { ExperimentError, type ExperimentErrorCode } from '../../../src/experiment/error.ts';
import { defaultDirectory, folderName, isExperiment, isPlannedId } from '../../../src/experiment/layout.ts';
import { lockExperiment } from '../../../src/experiment/lock.ts';
import { readPlan, type PlanRecord } from '../../../src/experiment/plan-file.ts';
import { planningOf } from '../../../src/experiment/planning.ts';
import { readExperiment } from '../../../src/experiment/read.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { sha256 } from '../../../src/runs/frozen.ts';
import { makeRun } from '../../../src/experiment/driver/make-run.ts';
import { Forms } from '../../../src/experiment/driver/forms.ts';
import { live, makePlace, quickFolder, specText, type Place } from './workplace.ts';

const experiment = {
  replicates: 2,
  arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } }],
};
const text = specText(experiment);

const withText = (plan: PlanRecord, changed: string): PlanRecord => ({
  ...{ ...plan, text: changed, sha256: sha256(changed) },
  analysisHash: readDesign(changed).design?.analysisHash ?? '',
});

const begin = ({ directory }: Place, plan: PlanRecord, options: Partial<BeginOptions> = {}) =>
  beginExperiment(directory, { plan, acceptChanges: false, inside: null, ...options });

const refused =
  (code: ExperimentErrorCode, message: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof ExperimentError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal(error.exitCode, 2);
    return true;
  };

/** All runs of the plan, ended. */
async function finish({ directory, plan, folder, specFile }: Place): Promise<void> {
  const forms = new Forms();
  for (const run of planningOf(plan).expand(new Map()).runs) {
    const place = path.join(directory, 'runs', run.id);
    makeRun({ plan, root: folder, specFile }, run, place, forms.of(run));
    await live(place, 'done', { seed: run.seed });
  }
}

test('names of directories: readable, and different for names that read the same', () => {
  assert.equal(folderName('penguins'), 'penguins');
  assert.equal(folderName('Penguins'), 'penguins');
  assert.match(folderName('my penguins'), /^my-penguins-[0-9a-f]{6}$/);
  assert.match(folderName('企鹅'), /^experiment-[0-9a-f]{6}$/);
  assert.notEqual(folderName('企鹅'), folderName('数字'));
  assert.equal(defaultDirectory('/a/b.mtl.json', 'x'), path.resolve('/a/.mtl/experiments/x'));
  assert.deepEqual(['0123456789abcdef0123', '0123456789ABCDEF0123', '0123456789abcdef012'].map(isPlannedId), [true, false, false]); // prettier-ignore
});

test('a new directory is begun, with what git must not see; the same again goes on', async (context) => {
  const root = quickFolder(context);
  const { plan } = makePlace(path.join(root, 'elsewhere'), text);
  const directory = path.join(root, '.mtl', 'experiments', 'tried');
  assert.equal(isExperiment(directory), false);
  const options = { plan, acceptChanges: false, inside: [root] };
  assert.deepEqual(await beginExperiment(directory, options), { isNew: true, accepted: null, kept: null });
  assert.equal(fs.readFileSync(path.join(root, '.mtl', '.gitignore'), 'utf8'), '*\n');
  assert.deepEqual(readPlan(directory), plan);
  assert.equal(fs.existsSync(path.join(directory, 'lock')), false);
  const again = { ...plan, id: 'other', created: 9, jobs: 7 };
  assert.deepEqual(await beginExperiment(directory, { ...options, plan: again }), {
    isNew: false,
    accepted: null,
    kept: null,
  });
  assert.deepEqual(
    readPlan(directory),
    { ...plan, jobs: 7 },
    'it stays the same experiment; how many at once is asked anew',
  );
});

test('a folder with something else in it, or another spec’s, is refused', async (context) => {
  const place = makePlace(quickFolder(context), text);
  const full = { ...place, directory: path.join(place.folder, 'full') };
  fs.mkdirSync(full.directory);
  fs.writeFileSync(path.join(full.directory, 'thesis.tex'), '');
  await assert.rejects(() => begin(full, place.plan), refused('other-spec', /is not empty and holds no experiment/));
  assert.deepEqual(fs.readdirSync(full.directory), ['thesis.tex']);
  // Only what begins as a lock is ours.
  fs.renameSync(path.join(full.directory, 'thesis.tex'), path.join(full.directory, 'my.lock.txt'));
  await assert.rejects(() => begin(full, place.plan), refused('other-spec', /is not empty and holds no experiment/));
  await assert.rejects(
    () => begin(place, { ...place.plan, spec: 'second.mtl.json' }),
    refused('other-spec', /belongs to the experiment "tried" of tried\.mtl\.json, not to second\.mtl\.json/),
  );
  const lock = await lockExperiment(place.directory, 1);
  await assert.rejects(() => begin(place, place.plan), refused('alive', /alive in process/));
  lock.release();
});

test('what has changed is named, with how many runs would still count; nothing is written', async (context) => {
  const place = makePlace(quickFolder(context), text);
  await finish(place);
  const { plan } = place;
  const more = specText({ ...experiment, replicates: 3 });
  await assert.rejects(
    () => begin(place, withText(plan, more)),
    refused(
      'changed',
      /what is run \(arms, stages, replicates, budget\)\. Of 4 runs that have ended, 4 would still count\. Nothing was started\./,
    ),
  );
  const other = specText(experiment, { epochs: 3 });
  await assert.rejects(
    () => begin(place, withText(plan, other)),
    refused('changed', /what is trained\. Of 4 runs that have ended, 0 would still count/),
  );
  const margin = specText({ ...experiment, measures: { y: { metric: 'mae', margin: 1 } } });
  await assert.rejects(
    () => begin(place, withText(plan, margin)),
    refused(
      'changed',
      /measures, margins, hypotheses or analysis\. Of 4 .* 4 would still count.*confirm nothing by themselves/,
    ),
  );
  const { engine, files } = plan.surroundings;
  const data = { ...plan, surroundings: { engine, files: new Map([['table.csv', 'x'], ['new.csv', 'y']]) } }; // prettier-ignore
  await assert.rejects(
    () => begin(place, data),
    refused('changed', /table\.csv has changed; new\.csv is new\. Of 4 .* 0 would/),
  );
  const native = { ...plan, surroundings: { files, engine: { name: 'native', version: '2' } } };
  await assert.rejects(
    () => begin(place, native),
    refused('changed', /the engine: wasm \(1\) before, native \(2\) now/),
  );
  assert.deepEqual(readPlan(place.directory), plan);
  assert.deepEqual(new LedgerReader(place.directory).read().records, []);
});

test('comments and spacing change nothing', async (context) => {
  const place = makePlace(quickFolder(context), text);
  const commented = `// the same\n${JSON.stringify(JSON.parse(text), null, 4)}`;
  assert.equal(planChange(place.plan, withText(place.plan, commented)), null);
  assert.deepEqual(await begin(place, withText(place.plan, commented)), { isNew: false, accepted: null, kept: null });
  assert.equal(readPlan(place.directory).text, text, 'what was frozen stays');
});

test('accepted, the change stands in the ledger, the new plan is in force, and runs that count on count', async (context) => {
  const place = makePlace(quickFolder(context), text);
  await finish(place);
  const more = withText(place.plan, specText({ ...experiment, replicates: 3 }));
  const { accepted } = await begin(place, { ...more, id: 'another' }, { acceptChanges: true });
  assert.match(accepted?.en ?? '', /4 would still count$/);
  const [record] = new LedgerReader(place.directory).read().records;
  assert.ok(record?.kind === 'deviation');
  assert.deepEqual([record.counted, record.of], [4, 4]);
  assert.deepEqual([record.before.sha256, record.after.sha256], [place.plan.sha256, more.sha256]);
  assert.equal(record.before.files, record.after.files);
  const view = readExperiment(place.directory);
  assert.equal(view.plan.id, place.plan.id, 'its runs are still its own');
  assert.deepEqual([view.outcomes.size, view.expansion.runs.length, view.deviations.length], [4, 6, 1]);
  const less = withText(place.plan, specText({ ...experiment, replicates: 1 }));
  await begin(place, less, { acceptChanges: true });
  const fewer = readExperiment(place.directory);
  assert.equal(fewer.outcomes.size, 2);
  assert.deepEqual(fewer.deviations.length, 2);
});

test('another description or question changes nothing that is run or judged; that the old one stays is said', async (context) => {
  const asked = specText({ ...experiment, question: 'Is wide better?' }).replace('{', '{ "description": "old",');
  const place = makePlace(quickFolder(context), asked);
  for (const [from, to] of [
    ['Is wide better?', 'Is wider better?'],
    ['"old"', '"new"'],
  ] as const) {
    const other = withText(place.plan, asked.replace(from, to));
    assert.notEqual(other.text, asked);
    assert.equal(planChange(place.plan, other), null);
    const { accepted, kept } = await begin(place, other);
    assert.equal(accepted, null);
    assert.match(kept?.en ?? '', /^The description or the question has changed\. The experiment keeps/);
    assert.equal(readPlan(place.directory).text, asked);
  }
});

test('changes outlive the ledger, and that it is gone is said', async (context) => {
  const place = makePlace(quickFolder(context), text);
  await finish(place);
  const more = withText(place.plan, specText({ ...experiment, replicates: 3 }));
  await begin(place, more, { acceptChanges: true });
  const [told] = readExperiment(place.directory).deviations;
  assert.deepEqual([told?.counted, told?.of], [4, 4]);
  assert.match(told?.changes.en ?? '', /^what is run \(arms/);
  const ledger = path.join(place.directory, 'ledger.ndjson');
  const lines = fs.readFileSync(ledger, 'utf8');
  const start = { v: 1, seq: 0, t: 1, kind: 'start', driver: 1, executor: 'local', jobs: null, slots: 1, says: { en: '', zh: '' }, version: '1' }; // prettier-ignore
  for (const [content, says] of [
    ['', /missing or empty, though 4 runs have begun/],
    [null, /missing or empty, though 4 runs have begun/],
    [`${JSON.stringify(start)}\n`, /has lost 1 accepted change that plan\.json tells/],
  ] as const) {
    if (content === null) fs.rmSync(ledger);
    else fs.writeFileSync(ledger, content);
    const view = readExperiment(place.directory);
    assert.deepEqual(view.deviations, [told]);
    assert.ok(view.remarks.some(({ en }) => says.test(en)), JSON.stringify(view.remarks)); // prettier-ignore
  }
  const whole = lines.replace('"seq":0', '"seq":1');
  fs.writeFileSync(ledger, `${JSON.stringify(start)}\n${whole}`);
  assert.deepEqual(readExperiment(place.directory).remarks, []);
  // Further ones are added to those that only the plan has kept.
  fs.rmSync(ledger);
  await begin(place, withText(place.plan, specText({ ...experiment, replicates: 4 })), { acceptChanges: true });
  assert.equal(readExperiment(place.directory).deviations.length, 2);
});

test('a plan of an earlier version has no deviations; damaged ones are told', (context) => {
  const { directory } = makePlace(quickFolder(context), text);
  const file = path.join(directory, 'plan.json');
  const content = fs.readFileSync(file, 'utf8');
  assert.match(content, /,"deviations":\[\]/);
  fs.writeFileSync(file, content.replace(',"deviations":[]', ''));
  assert.deepEqual(readPlan(directory).deviations, []);
  fs.writeFileSync(file, content.replace('"deviations":[]', '"deviations":[{"counted":1}]'));
  assert.throws(() => readPlan(directory), /damaged/);
});

test('a plan that is damaged, newer or none is told as such', (context) => {
  const { directory, plan } = makePlace(quickFolder(context), text);
  const file = path.join(directory, 'plan.json');
  const content = fs.readFileSync(file, 'utf8');
  const code = (changed: string | null): string => {
    if (changed === null) fs.rmSync(file);
    else fs.writeFileSync(file, changed);
    try {
      readPlan(directory);
      return '';
    } catch (error) {
      return error instanceof ExperimentError ? error.code : 'other';
    }
  };
  assert.equal(code(content), '');
  assert.equal(code(content.replace('"v":1', '"v":2')), 'version');
  assert.equal(code('{'), 'damaged');
  assert.equal(code('[]'), 'damaged');
  assert.equal(code(content.replace(plan.sha256, sha256('other'))), 'damaged');
  assert.equal(code(content.replace('"table.csv":', '"table.csv":1,"x":')), 'damaged');
  assert.equal(code(content.replace('"jobs":2', '"jobs":"2"')), 'damaged');
  assert.equal(code(content.replace('"jobs":2', '"jobs":null')), '');
  assert.equal(code(content.replace('"device":"cpu"', '"device":1')), 'damaged');
  assert.equal(code(null), 'not-an-experiment');
});

test('a text without an experiment cannot be run; the reason says what it needs', () => {
  const surroundings = { engine: { name: 'wasm', version: '1' }, files: new Map<string, string>() };
  assert.throws(
    () => planningOf({ text: '{}', surroundings, facts: null }),
    refused('nothing', /needs a section "experiment"/),
  );
  const bad = specText({ arms: [{ id: 'a', set: { '/nowhere': 1 } }], replicates: 1 });
  assert.throws(() => planningOf({ text: bad, surroundings, facts: null }), refused('nothing', /leads to nothing/));
});

test('what does not count among the runs is named', async (context) => {
  const place = makePlace(quickFolder(context), text);
  await finish(place);
  const runs = path.join(place.directory, 'runs');
  const [first = '', second = ''] = fs.readdirSync(runs).toSorted();
  createRun({ text: '{}', resolved: {}, specFile: place.specFile, root: place.folder, name: 'x', directory: path.join(runs, 'extra') }); // prettier-ignore
  // Another text frozen under a planned name.
  const frozen = path.join(runs, first, 'spec.json');
  fs.writeFileSync(frozen, fs.readFileSync(frozen, 'utf8').replace('"epochs":2,', '"epochs":3,'));
  fs.writeFileSync(path.join(runs, second, 'spec.json'), '{');
  const { remarks, outcomes, states } = readExperiment(place.directory);
  const told = remarks.map(({ en }) => en).join('\n');
  assert.match(told, new RegExp(`The spec frozen in runs/${first} is not the planned one`));
  assert.match(told, new RegExp(`runs/${second} is not counted: The run's spec.json is damaged`));
  assert.match(told, /runs\/extra is not a run of this experiment/);
  assert.equal(outcomes.size, 2);
  assert.deepEqual([states.get(first), states.get(second)], ['foreign', 'foreign']);
});
