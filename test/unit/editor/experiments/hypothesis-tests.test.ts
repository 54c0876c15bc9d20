// Hypotheses in the Testing view of an editor that is played: what stands there, what asking does, and what never starts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import type { TestController, TestItem } from '../fake-classes.ts';
import { Token, Uri } from '../fake-classes.ts';
import { answers, executed, happens, shown, windowState } from '../fake-vscode.ts';
import { makeExtension, openDocument, type FakeDocument, type FakeExtension } from '../fake-documents.ts';
import { makePlace, quickFolder, specText, type Place } from '../../experiment/workplace.ts';

const { SpecDocuments } = await import('../../../../src/editor/documents/spec-documents.ts');
const { ExperimentFindings } = await import('../../../../src/editor/experiments/experiment-findings.ts');
const { HypothesisTests } = await import('../../../../src/editor/experiments/hypothesis-tests.ts');

const claims = [
  { id: 'H1', claim: 'superior', measure: 'kind', arms: ['joint', 'wide'] },
  { id: 'H2', claim: 'superior', measure: 'y', arms: ['wide', 'joint'] },
  { id: 'H3', claim: 'superior', measure: 'kind', arms: ['wide', 'joint'] },
] as const;
const text = specText({
  replicates: 2,
  arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } }],
  baseline: 'joint',
  hypotheses: claims,
});
const reason = { en: 'because of that.', zh: '原因如此。' };
const verdicts = (...results: readonly string[]): string =>
  JSON.stringify({ v: 1, looks: null, hypotheses: claims.map((one, at) => ({ ...one, reason, result: results[at] })) });

interface Played {
  readonly place: Place;
  readonly document: FakeDocument;
  readonly extension: FakeExtension;
  readonly controller: TestController;
  readonly items: readonly TestItem[];
  readonly tests: InstanceType<typeof HypothesisTests>;
  readonly run: (profile: string, request?: object, token?: Token) => Promise<void>;
}

beforeEach(() => {
  shown.length = executed.length = windowState.documents.length = windowState.folders.length = 0;
  windowState.controllers.length = windowState.found.length = 0;
  answers.button = undefined;
});

/** @param begun whether the experiment was begun */
function play(context: TestContext, { begun = true, written = text } = {}): Played {
  const folder = quickFolder(context);
  const place = makePlace(folder, written);
  if (!begun) fs.rmSync(place.directory, { recursive: true });
  windowState.folders.push({ uri: Uri.file(folder) });
  const extension = makeExtension(quickFolder(context));
  const document = openDocument(place.specFile);
  const documents = new SpecDocuments({ onDidLearn: () => ({ dispose: () => undefined }), of: () => ({ sizes: undefined, origin: { from: 'spec' } }), forget: () => undefined } as never); // prettier-ignore
  const experiments = new ExperimentFindings(documents);
  const tests = new HypothesisTests(extension.uri as never, { documents, experiments });
  context.after(() => [tests, experiments, documents].forEach((one) => one.dispose()));
  documents.start();
  const [controller] = windowState.controllers;
  assert.ok(controller);
  const [entry] = [...controller.items].map(([, item]) => item);
  assert.ok(entry);
  const run: Played['run'] = async (profile, request = {}, token = new Token()) =>
    controller.profiles.get(profile)?.run(request, token);
  return { place, document, extension, controller, run, tests, items: [...entry.children].map(([, item]) => item) };
}

test('each hypothesis stands under its spec, called by its claim; verifying is the usual profile', (context) => {
  const { controller, items } = play(context);
  assert.deepEqual([...controller.items].map(([, { label }]) => label), ['tried.mtl.json']); // prettier-ignore
  assert.deepEqual(items.map(({ label }) => label), [
    'H1: "joint" is better than "wide" on kind',
    'H2: "wide" is better than "joint" on y',
    'H3: "wide" is better than "joint" on kind',
  ]); // prettier-ignore
  assert.deepEqual(items[0]?.range?.numbers, [0, text.indexOf('{"id":"H1"'), 0, text.indexOf(',{"id":"H2"')]);
  assert.deepEqual([...controller.profiles].map(([name, { usual }]) => [name, usual]), [
    ['Verify', true],
    ['Run experiment, then verify', false],
  ]); // prettier-ignore
});

test('supported is passed, refuted failed with its reason, undecided skipped with its reason beside the name', async (context) => {
  const { controller, extension, items, place, run } = play(context);
  extension.answers({ stdout: verdicts('supported', 'refuted', 'undecided'), code: 1 });
  await run('Verify');
  assert.deepEqual(extension.asked(), [['verify', place.directory, '--json', '--lang', 'en']]);
  assert.deepEqual(controller.told, [
    ...['started:0:H1', 'started:0:H2', 'started:0:H3'],
    ...['passed:0:H1', 'failed:0:H2', 'skipped:0:H3', 'end'],
  ]);
  assert.ok(controller.output.includes('because of that.'), 'the message of the failed one');
  assert.deepEqual(items.map(({ description }) => description), ['because of that.', 'because of that.', 'Undecided: because of that.']); // prettier-ignore
});

test('"Run all" trains nothing, where there is no experiment either: nothing is asked, all is undecided', async (context) => {
  const { controller, extension, items, run } = play(context, { begun: false });
  await run('Verify');
  assert.deepEqual(extension.asked(), []);
  assert.deepEqual(shown, []);
  assert.deepEqual(controller.told.slice(3), ['skipped:0:H1', 'skipped:0:H2', 'skipped:0:H3', 'end']);
  assert.equal(items[0]?.description, 'Undecided: the experiment has not been run yet.');
});

test('only what was asked for is told; one that is left out is', async (context) => {
  const { controller, extension, items, run } = play(context);
  extension.answers({ stdout: verdicts('supported', 'supported', 'supported') });
  await run('Verify', { include: [items[1]] });
  assert.deepEqual(controller.told.splice(0), ['started:0:H2', 'passed:0:H2', 'end']);
  await run('Verify', { exclude: [items[1], items[2]] });
  assert.deepEqual(controller.told.splice(0), ['started:0:H1', 'passed:0:H1', 'end']);
  const [[, entry] = []] = [...controller.items];
  await run('Verify', { include: [entry], exclude: [items[0]] });
  assert.deepEqual(controller.told.splice(0).slice(2), ['passed:0:H2', 'passed:0:H3', 'end']);
  await run('Verify', { exclude: [entry] });
  assert.deepEqual(controller.told, ['end']);
});

test('a command that cannot answer is an error with its last words; a canceled one says nothing', async (context) => {
  const { controller, extension, items, run } = play(context);
  extension.answers({ stderr: 'The plan is damaged.\n', code: 2 });
  await run('Verify', { include: [items[0]] });
  assert.deepEqual(controller.told.splice(0), ['started:0:H1', 'errored:0:H1', 'end']);
  assert.equal(controller.output.at(-1), 'The plan is damaged.');
  extension.answers({ code: 3 });
  await run('Verify', { include: [items[0]] });
  assert.equal(controller.output.at(-1), 'The command ended with code 3.');
  controller.told.length = 0;
  const token = new Token();
  token.cancel();
  await run('Verify', {}, token);
  assert.deepEqual(controller.told, ['end']);
});

test('looks beyond the declared ones stand in the output', async (context) => {
  const { controller, extension, run } = play(context);
  const looks = { count: 3, declared: 1, problem: null };
  extension.answers({ stdout: JSON.stringify({ v: 1, looks, hypotheses: [] }) });
  await run('Verify');
  assert.match(controller.output[0] ?? '', /^⚠ .*looked at 3 times/);
  assert.match(controller.output.join(''), /Not among the hypotheses that were declared/);
});

test('training asks first, with runs and time; who declines has started nothing', async (context) => {
  const { controller, extension, run } = play(context, { begun: false });
  await run('Run experiment, then verify');
  assert.equal(shown.length, 1);
  assert.match(shown[0]?.text ?? '', /^Run the experiment of tried\.mtl\.json\? 4 runs · time not measured yet/);
  assert.deepEqual(shown[0]?.rest, [{ modal: true }, 'Run']);
  assert.deepEqual(extension.asked(), []);
  assert.deepEqual(controller.told, ['skipped:0:H1', 'skipped:0:H2', 'skipped:0:H3', 'end']);
});

test('after a yes the experiment is run, and verified once no driver works on it', async (context) => {
  const { controller, extension, place, run } = play(context);
  answers.button = 'Run';
  extension.answers({ stdout: `${place.directory}\n` });
  await run('Run experiment, then verify');
  const verbs = extension.asked().map(([verb, of]) => [verb, of]);
  assert.deepEqual(verbs, [['experiment', place.specFile], ['verify', place.directory]]); // prettier-ignore
  assert.deepEqual(executed, ['mtl.compareRuns']);
  assert.deepEqual(controller.told.slice(0, 6), [
    ...['enqueued:0:H1', 'enqueued:0:H2', 'enqueued:0:H3'],
    ...['started:0:H1', 'started:0:H2', 'started:0:H3'],
  ]);
});

test('results are outdated by new records of the experiment and by another claim, not by looking again', async (context) => {
  const { controller, document, extension, place, run, tests } = play(context);
  extension.answers({ stdout: verdicts('supported', 'supported', 'supported') });
  await run('Verify');
  controller.told.length = 0;
  tests.look();
  assert.deepEqual(controller.told, []);
  document.text = text.replace('"arms":["joint","wide"]}', '"arms":["wide","joint"]}');
  assert.notEqual(document.text, text);
  document.version = 2;
  happens.saved.fire(document);
  assert.deepEqual(controller.told.splice(0), ['outdated:0:H1']);
  fs.appendFileSync(path.join(place.directory, 'ledger.ndjson'), '\n');
  tests.look();
  assert.deepEqual(controller.told.splice(0), ['outdated:0:H2', 'outdated:0:H3']);
  tests.look();
  assert.deepEqual(controller.told, [], 'said once');
});

test('a closed spec with an experiment stays, one without goes; without hypotheses nothing stands there', (context) => {
  const { controller, document, place } = play(context);
  const close = (): void => {
    windowState.documents.length = 0;
    happens.closed.fire(document);
  };
  close();
  assert.equal(controller.items.size, 1);
  happens.opened.fire(document);
  fs.rmSync(place.directory, { recursive: true });
  close();
  assert.equal(controller.items.size, 0);
  happens.opened.fire(document);
  assert.equal(controller.items.size, 1);
  document.text = specText({ replicates: 2 });
  document.version = 3;
  happens.saved.fire(document);
  assert.equal(controller.items.size, 0);
});

test('an experiment of another spec in the same place is not taken for its own', async (context) => {
  const { controller, extension, place, run } = play(context);
  const plan = path.join(place.directory, 'plan.json');
  fs.writeFileSync(plan, fs.readFileSync(plan, 'utf8').replace('"spec":"tried.mtl.json"', '"spec":"other.mtl.json"'));
  await run('Verify');
  assert.deepEqual(extension.asked(), []);
  assert.deepEqual(controller.told.slice(3), ['errored:0:H1', 'errored:0:H2', 'errored:0:H3', 'end']);
  assert.match(controller.output[0] ?? '', /holds the experiment of another spec with the same name/);
});

test('in Restricted Mode there is nothing of it until the workspace is trusted', (context) => {
  answers.trusted = false;
  context.after(() => (answers.trusted = true));
  assert.throws(() => play(context));
  assert.equal(windowState.controllers.length, 0);
  answers.trusted = true;
  happens.trusted.fire();
  assert.equal(windowState.controllers.length, 1);
});
