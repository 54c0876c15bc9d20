// What an assistant may do, through an editor that is played: most tools read, two ask before they do anything.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { Token, Uri } from '../fake-classes.ts';
import { answers, speak, windowState } from '../fake-vscode.ts';
import { makeExtension, openDocument, type FakeDocument, type FakeExtension } from '../fake-documents.ts';
import { writeStatus, type DriverStatus } from '../../../../src/experiment/driver/status.ts';
import { acquireLock } from '../../../../src/runs/lock.ts';
import { makePlace, quickFolder, specText, type Place } from '../../experiment/workplace.ts';

const { SpecDocuments } = await import('../../../../src/editor/documents/spec-documents.ts');
const { ExperimentFindings } = await import('../../../../src/editor/experiments/experiment-findings.ts');
const { registerTools } = await import('../../../../src/editor/assistant/tools.ts');

interface Tool {
  readonly invoke: (options: { readonly input: object }, token: Token) => Promise<{ readonly content: readonly { readonly value: string }[] }>; // prettier-ignore
  readonly prepareInvocation?: (options: { readonly input: object }) => Promise<{
    readonly confirmationMessages: { readonly title: string; readonly message: string };
  }>;
}

const text = specText({ replicates: 2, arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } }] }); // prettier-ignore

beforeEach(() => {
  windowState.documents.length = windowState.folders.length = 0;
  answers.trusted = true;
  answers.settings = {};
});

interface Played {
  readonly place: Place;
  readonly document: FakeDocument;
  readonly extension: FakeExtension;
  /** What the tool answers. */
  readonly use: (name: string, input: object) => Promise<string>;
  /** What the person is asked; undefined where nothing is. */
  readonly ask: (
    name: string,
    input: object,
  ) => Promise<{ readonly title: string; readonly message: string } | undefined>;
  readonly dispose: () => void;
}

function play(context: TestContext, written = text): Played {
  const folder = quickFolder(context);
  const place = makePlace(folder, written);
  windowState.folders.push({ uri: Uri.file(folder) });
  const extension = makeExtension(quickFolder(context));
  const document = openDocument(place.specFile);
  const documents = new SpecDocuments({ onDidLearn: () => ({ dispose: () => undefined }), of: () => ({ sizes: undefined, origin: { from: 'spec' } }), forget: () => undefined } as never); // prettier-ignore
  const experiments = new ExperimentFindings(documents);
  const specs = { load: () => Promise.resolve({ documents, experiments }) };
  const registered = registerTools(extension.uri as never, specs as never);
  const dispose = (): void => void registered.dispose();
  context.after(() => [experiments, documents].forEach((one) => one.dispose()));
  const tool = (name: string): Tool => windowState.tools.get(name) as Tool;
  return {
    ...{ place, document, extension, dispose },
    use: async (name, input) =>
      (await tool(name).invoke({ input }, new Token())).content.map(({ value }) => value).join(''),
    ask: async (name, input) => (await tool(name).prepareInvocation?.({ input }))?.confirmationMessages,
  };
}

test('the tools are those of package.json, and go when the extension goes', (context) => {
  const manifest = JSON.parse(
    fs.readFileSync(path.resolve(import.meta.dirname, '../../../../package.json'), 'utf8'),
  ) as {
    contributes: { languageModelTools: { name: string; inputSchema: { required: string[] } }[] };
  };
  const { dispose } = play(context);
  const named = manifest.contributes.languageModelTools.map(({ name }) => name);
  assert.deepEqual([...windowState.tools.keys()].sort(), named.sort());
  dispose();
  assert.equal(windowState.tools.size, 0);
});

test('check, explain, plan and compare only read: nobody is asked, and the command is one that starts nothing', async (context) => {
  const { ask, extension, place, use } = play(context);
  extension.answers({ stdout: '{"v":1}\n', code: 1 });
  const { folder, specFile, directory } = place;
  const spec = { spec: 'tried.mtl.json' };
  const experiment = { experiment: '.mtl/experiments/tried' };
  for (const [name, input] of [
    ['mtl_validate', spec],
    ['mtl_explain', spec],
    ['mtl_plan', spec],
    ['mtl_compare', experiment],
  ] as const) {
    // prettier-ignore
    assert.equal(await ask(name, input), undefined, name);
    assert.equal(await use(name, input), '{"v":1}\n', name);
  }
  const where = ['--root', folder, '--lang', 'en'];
  assert.deepEqual(extension.asked(), [
    ['check', specFile, '--json', ...where],
    ['check', specFile, '--explain', ...where],
    ['plan', specFile, '--json', ...where],
    ['compare', directory, '--json', '--lang', 'en'],
  ]);
});

test('settings of the window and the language of the person go along', async (context) => {
  const { extension, place, use } = play(context);
  answers.settings = { 'mtl.paths.allowOutsideWorkspace': true };
  speak('zh-cn');
  context.after(() => speak('en'));
  await use('mtl_validate', { spec: place.specFile });
  assert.deepEqual(extension.asked()[0]?.slice(-5), ['--root', place.folder, '--allow-outside', '--lang', 'zh']);
});

test('a command without an answer is told by its last words, or its code', async (context) => {
  const { extension, use } = play(context);
  const spec = { spec: 'tried.mtl.json' };
  extension.answers({ stderr: 'There is no experiment in this spec.\n', code: 2 });
  assert.equal(await use('mtl_plan', spec), 'There is no experiment in this spec.');
  extension.answers({ code: 3 });
  assert.equal(await use('mtl_plan', spec), 'The command ended with code 3.');
});

test('running asks with the number of runs and the time; who declines has started nothing', async (context) => {
  const { ask, extension, place } = play(context);
  const before = fs.readdirSync(place.folder, { recursive: true }).length;
  const question = await ask('mtl_run_experiment', { spec: 'tried.mtl.json' });
  assert.equal(question?.title, 'Run the experiment?');
  assert.match(question.message, /^tried\.mtl\.json: 4 runs · time not measured yet · 2 seeds, 2 tasks/);
  assert.deepEqual(extension.asked(), []);
  assert.equal(fs.readdirSync(place.folder, { recursive: true }).length, before);
});

test('after a yes it is run as the command of the editor runs it, on the engine of the settings', async (context) => {
  const { extension, place, use } = play(context);
  extension.answers({ stdout: '/somewhere\n' });
  assert.equal(await use('mtl_run_experiment', { spec: 'tried.mtl.json' }), '/somewhere\n');
  answers.settings = { 'mtl.training.engine': 'wasm' };
  await use('mtl_run_experiment', { spec: 'tried.mtl.json' });
  const where = ['--root', place.folder, '--lang', 'en'];
  assert.deepEqual(extension.asked(), [
    ['experiment', place.specFile, '--detach', ...where],
    ['experiment', place.specFile, '--detach', '--engine', 'wasm', ...where],
  ]);
});

test('what was asked about is what is run: the text is saved first, and not run where it cannot be', async (context) => {
  const { document, extension, use } = play(context);
  document.isDirty = true;
  const saved: string[] = [];
  document.save = () => {
    saved.push('saved');
    assert.deepEqual(extension.asked(), []);
    return Promise.resolve(true);
  };
  await use('mtl_run_experiment', { spec: 'tried.mtl.json' });
  assert.deepEqual([saved.length, extension.asked().length], [1, 1]);
  document.save = () => Promise.resolve(false);
  await assert.rejects(use('mtl_run_experiment', { spec: 'tried.mtl.json' }), /could not be saved/);
  assert.equal(extension.asked().length, 1);
});

test('an experiment that cannot be planned is said before anybody says yes', async (context) => {
  const { ask } = play(context, specText({ arms: [{ id: 'a' }, { id: 'a' }] }));
  const question = await ask('mtl_run_experiment', { spec: 'tried.mtl.json' });
  assert.match(question?.message ?? '', /it cannot be planned; the check says why/);
});

const status = (token: string, remaining: number | null): DriverStatus => ({
  ...{ v: 1, token, t: 1, mode: 'running', pending: 3, arms: [], remaining, atMost: false, slots: 2 },
  counts: { done: 5, failed: 1, pruned: 0, running: 2, waiting: 4 },
  ...{ running: [], why: null, last: null },
});

test('stopping asks with runs and time, and does nothing before a yes', async (context) => {
  const { ask, extension, place, use } = play(context);
  const input = { experiment: '.mtl/experiments/tried' };
  const control = path.join(place.directory, 'control.json');
  assert.equal((await ask('mtl_stop_experiment', input))?.message, 'tried: nobody works on it.');
  await assert.rejects(use('mtl_stop_experiment', input), /nothing to stop/);
  const lock = await acquireLock(place.directory, { attempt: 1 });
  context.after(() => lock.release());
  const asked = async (): Promise<string> => (await ask('mtl_stop_experiment', input))?.message ?? '';
  const stops = 'tried stops after its checkpoints and can be gone on with.';
  assert.equal(await asked(), stops, 'a driver that has told nothing yet');
  writeStatus(place.directory, status(lock.token, 11_400));
  assert.equal(await asked(), `${stops} 2 runs under way, 7 to come · ≈ 3 h 10 min`);
  writeStatus(place.directory, status(lock.token, null));
  assert.equal(await asked(), `${stops} 2 runs under way, 7 to come · time not measured yet`);
  assert.equal(fs.existsSync(control), false);
  assert.equal(await use('mtl_stop_experiment', input), stops);
  const wish = JSON.parse(fs.readFileSync(control, 'utf8')) as object;
  assert.deepEqual(wish, { request: 'stop', token: lock.token, by: 'assistant' });
  assert.deepEqual(extension.asked(), []);
});

test('only files of the workspace, and only of a trusted one', async (context) => {
  const { ask, extension, place, use } = play(context);
  const wrong = [
    '',
    3,
    null,
    undefined,
    '..',
    '../x.mtl.json',
    '/etc/passwd',
    '.',
    place.folder,
    `${place.folder}-2/x`,
  ];
  for (const spec of wrong) {
    await assert.rejects(use('mtl_validate', { spec }), /Name a file of the workspace/, String(spec));
    await assert.rejects(ask('mtl_run_experiment', { spec }), /Name a file of the workspace/, String(spec));
  }
  await assert.rejects(use('mtl_compare', { spec: 'tried.mtl.json' }), /Name a file of the workspace/);
  answers.trusted = false;
  await assert.rejects(use('mtl_validate', { spec: 'tried.mtl.json' }), /trusted workspace/);
  await assert.rejects(use('mtl_stop_experiment', { experiment: 'x' }), /trusted workspace/);
  answers.trusted = true;
  windowState.folders.length = 0;
  await assert.rejects(use('mtl_validate', { spec: place.specFile }), /Name a file of the workspace/);
  assert.deepEqual(extension.asked(), []);
});
