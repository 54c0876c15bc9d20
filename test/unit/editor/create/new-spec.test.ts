// The wizard: Enter on nothing loses nothing, a step back keeps the answers, and what is left out is said with the reason.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { speak, windowState } from '../fake-vscode.ts';
import { Uri } from '../fake-classes.ts';
import { asked, type FakeInput, type FakePick } from '../fake-inputs.ts';
import { root } from '../../../../scripts/lib/process.mjs';
import { temporaryFolder } from '../../runs/helpers.ts';

const { newSpec } = await import('../../../../src/editor/create/new-spec.ts');

const table = [
  'id,species,mass,grade,notes,nothing',
  ...Array.from({ length: 30 }, (_, at) => `${String(at)},${at % 2 === 0 ? 'a' : 'b'},${String(3.5 + at)},${String(at % 3)},note number ${String(at)} of the day,`),
].join('\n'); // prettier-ignore

function dataFile(context: TestContext): string {
  const file = path.join(temporaryFolder(context), 'birds.csv');
  fs.writeFileSync(file, table);
  return file;
}

const start = (file: string): Promise<void> => newSpec(Uri.file('/extension') as never, Uri.file(file) as never);
const labels = (pick: FakePick): readonly string[] => pick.items.map(({ label }) => label);
const marked = (pick: FakePick): readonly string[] => pick.selectedItems.map(({ label }) => label);

/** The next question that the wizard asks, once it is asked. */
async function next<Input extends FakeInput>(): Promise<Input> {
  return (await asked.next()) as Input;
}

beforeEach(() => {
  asked.forget();
  windowState.folders = [];
  speak('en');
});

test('Enter with nothing marked keeps the question and says what to do', async (context) => {
  const done = start(dataFile(context));
  const targets = await next<FakePick>();
  assert.equal(targets.title, 'New multi-task experiment (2/5)');
  await targets.enter();
  assert.equal(targets.shown, true);
  assert.equal(targets.title, 'New multi-task experiment (2/5) · Mark at least one with Space, then press Enter');
  targets.mark('species', 'mass');
  await targets.enter();
  assert.equal(targets.shown, false);
  const inputs = await next<FakePick>();
  inputs.mark();
  await inputs.enter();
  assert.equal(inputs.shown, true);
  inputs.escape();
  await done;
});

test('what cannot be predicted or read is named with the reason, in the list and in the new file', async (context) => {
  const file = dataFile(context);
  const done = start(file);
  const targets = await next<FakePick>();
  assert.deepEqual(labels(targets), [
    ...['id', 'species', 'mass', 'grade'],
    ...['not offered', '$(circle-slash) notes', '$(circle-slash) nothing'],
  ]);
  // Such a row cannot be marked.
  targets.mark('$(circle-slash) notes');
  assert.deepEqual(marked(targets), []);
  targets.mark('species', '$(circle-slash) notes');
  assert.deepEqual(marked(targets), ['species']);
  targets.mark('species');
  await targets.enter();
  const inputs = await next<FakePick>();
  assert.deepEqual(
    inputs.items.map(({ label, description = '' }) => `${label}: ${description}`),
    [
      'id: Numbers · only numbers the rows',
      'mass: Numbers',
      'grade: Numbers',
      'not offered: ',
      '$(circle-slash) notes: free text',
      '$(circle-slash) nothing: holds no value',
    ],
  );
  assert.deepEqual(marked(inputs), ['mass', 'grade']);
  await inputs.enter();
  const place = await next<FakeInput>();
  assert.equal(place.value, 'birds.mtl.json');
  await place.enter();
  await done;
  const text = fs.readFileSync(path.join(path.dirname(file), 'birds.mtl.json'), 'utf8');
  assert.match(
    text,
    /\/\/ Columns that are left out: "id" \(only numbers the rows\), "notes" \(free text\), "nothing" \(holds no value\)\.\n/,
  );
});

test('a step back keeps every answer, also over a question that was not asked', async (context) => {
  const done = start(dataFile(context));
  const targets = await next<FakePick>();
  targets.mark('species', 'mass');
  await targets.enter();
  const inputs = await next<FakePick>();
  inputs.mark('id');
  await inputs.enter();
  const place = await next<FakeInput>();
  place.back();
  const again = await next<FakePick>();
  assert.deepEqual(marked(again), ['id'], 'what was chosen, not what is proposed');
  again.back();
  const first = await next<FakePick>();
  assert.deepEqual(marked(first), ['species', 'mass']);
  assert.equal(first.buttons.length, 0, 'the file was named by a click: there is nothing before');
  await first.enter();
  const last = await next<FakePick>();
  assert.deepEqual(marked(last), ['id']);
  last.escape();
  await done;
});

test('a type that was chosen stays chosen, and can be gone back over', async (context) => {
  const file = dataFile(context);
  const done = start(file);
  const targets = await next<FakePick>();
  targets.mark('grade', 'mass');
  await targets.enter();
  const types = await next<FakePick>();
  assert.deepEqual([types.title, labels(types)], ['New multi-task experiment (3/5)', ['classification', 'regression']]);
  types.activeItems = types.items.slice(1);
  await types.enter();
  (await next<FakePick>()).back();
  const again = await next<FakePick>();
  assert.deepEqual(
    again.activeItems.map(({ label }) => label),
    ['regression'],
  );
  await again.enter();
  const inputs = await next<FakePick>();
  inputs.mark('species');
  await inputs.enter();
  const place = await next<FakeInput>();
  await place.enter();
  await done;
  const text = fs.readFileSync(path.join(path.dirname(file), 'birds.mtl.json'), 'utf8');
  assert.match(text, /"grade": \{ "type": "regression", "target": "grade"/);
  assert.match(text, /"id" \(only numbers the rows\), "notes"/);
});

test('the sample is copied to where the person works, without a question', async (context) => {
  const folder = temporaryFolder(context);
  windowState.folders = [{ uri: Uri.file(folder) }];
  await newSpec(Uri.file(root) as never, 'sample');
  const copied = fs.readdirSync(path.join(folder, 'penguins'));
  for (const file of ['penguins.mtl.json', 'penguins.csv']) assert.ok(copied.includes(file), file);
});

test('a name that is taken or none is not accepted, and the question stays', async (context) => {
  const file = dataFile(context);
  fs.writeFileSync(path.join(path.dirname(file), 'birds.mtl.json'), '{}');
  const done = start(file);
  const targets = await next<FakePick>();
  targets.mark('mass');
  await targets.enter();
  const inputs = await next<FakePick>();
  inputs.mark('species');
  await inputs.enter();
  const place = await next<FakeInput>();
  await place.enter();
  assert.equal(place.shown, true);
  assert.equal(place.validationMessage, 'birds.mtl.json exists already.');
  place.value = ' ';
  await place.enter();
  assert.equal(place.validationMessage, 'Give a plain file name.');
  place.value = 'other';
  await place.enter();
  await done;
  assert.ok(fs.existsSync(path.join(path.dirname(file), 'other.mtl.json')));
});

test('the reasons are in Chinese where the window is', async (context) => {
  speak('zh-cn');
  const done = start(dataFile(context));
  const targets = await next<FakePick>();
  assert.deepEqual(
    targets.items.slice(-2).map(({ description }) => description),
    ['自由文本', '没有值'],
  );
  targets.escape();
  await done;
});
