/** Resuming when what a run depends on has changed meanwhile: refused with what, and gone on with where somebody says so. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readAttempt } from '../../../src/runs/attempts.ts';
import { request } from '../../../src/runs/control.ts';
import { readFingerprints } from '../../../src/runs/fingerprints.ts';
import { glance } from '../../../src/runs/list.ts';
import { worker } from './whole-run-helpers.ts';
import {
  ended,
  endedWell,
  events,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Fields,
  type StartOptions,
  type Workplace,
} from './run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace(120);
});
after(() => place.remove());

const training = { optimizer: 'adam', batchSize: 16, epochs: 12, seed: 7, checkpoint: { every: 3, unit: 'step' } };

/** The usual spec with another source, split or strategy. */
function specWith(data: object, strategy?: object): string {
  const spec = JSON.parse(specText(training)) as { data: object };
  return JSON.stringify({ ...spec, data: { ...spec.data, ...data }, ...(strategy ? { strategy } : {}) });
}

const at = (name: string): string => path.join(place.folder, name);
const read = (name: string): string => fs.readFileSync(at(name), 'utf8');
const write = (name: string, text: string): void => fs.writeFileSync(at(name), text);

/** A run of that spec that was stopped after its second epoch. */
async function stopped(name: string, text: string, options: StartOptions = {}): Promise<string> {
  const directory = newRun(place, name, text);
  const launched = await start(directory, place, false, options);
  await until(directory, 'epoch', 2);
  request(directory, 'stop', { token: launched.token });
  await endedWell(launched);
  return directory;
}

/** Resumes, is refused with these words, and has lost nothing. */
async function refused(directory: string, words: RegExp, options: StartOptions = {}): Promise<void> {
  const history = fs.readFileSync(path.join(directory, 'events.ndjson'));
  const known = readFingerprints(directory);
  const checkpoints = fs.readdirSync(path.join(directory, 'checkpoints'));
  const launched = await start(directory, place, true, options);
  assert.deepEqual(await ended(launched), { code: 2, signal: null });
  const end = readAttempt(directory, launched.attempt)?.ended;
  assert.equal(end?.status, 'refused');
  assert.match(end.message ?? '', words);
  assert.match(end.message ?? '', /--accept-changes/);
  assert.match(end.zh ?? '', /未继续此运行/);
  assert.ok(end.changes);
  assert.deepEqual(fs.readFileSync(path.join(directory, 'events.ndjson')), history);
  assert.deepEqual(readFingerprints(directory), known);
  assert.deepEqual(fs.readdirSync(path.join(directory, 'checkpoints')), checkpoints);
  assert.equal(glance(directory).state, 'stopped');
  assert.ok(!fs.existsSync(path.join(directory, 'lock')));
}

async function finish(directory: string, options: StartOptions = {}): Promise<Fields> {
  await endedWell(await start(directory, place, true, options));
  return JSON.parse(fs.readFileSync(path.join(directory, 'result.json'), 'utf8')) as Fields;
}

test('rows appended, a cell changed, the file gone: refused with how; put back, it ends like the uninterrupted run', async () => {
  const text = specText(training);
  const whole = newRun(place, 'whole', text);
  await ended(await start(whole, place));
  const directory = await stopped('rows', text);
  const data = read('data.csv');
  const bytes = Buffer.byteLength(data);
  write('data.csv', `${data}1,2,3,up,4\n`);
  await refused(directory, new RegExp(`"data\\.csv" grew from ${bytes} to ${bytes + 11} bytes`));
  const status = fs.statSync(at('data.csv'));
  // One digit, with size and time as they were.
  const cell = data.replace(/\d(?=,)/, (digit) => (digit === '1' ? '2' : '1'));
  write('data.csv', cell);
  fs.utimesSync(at('data.csv'), status.atime, status.mtime);
  await refused(directory, new RegExp(`"data\\.csv" has changed \\(${bytes} bytes as before\\)`));
  fs.rmSync(at('data.csv'));
  await refused(directory, /"data\.csv" is missing/);
  write('data.csv', data);
  const result = await finish(directory);
  assert.equal(result['acceptedChanges'], undefined);
  const last = (outcome: object): object => ({ ...outcome, end: (outcome as { end: unknown[] }).end.slice(-1) });
  assert.deepEqual(last(outcomeOf(directory)), last(outcomeOf(whole)));
});

test('accepted, it goes on, and says so in its start, in a warning, in result.json, and again after the next stop', async () => {
  const directory = await stopped('accepted', specText(training));
  const data = read('data.csv');
  try {
    write('data.csv', `${data}1,2,3,up,4\n`);
    const launched = await start(directory, place, true, { acceptChanges: true });
    await until(directory, 'epoch', 5);
    request(directory, 'stop', { token: launched.token });
    await ended(launched);
    // What is there now is what the next start is compared with.
    const result = await finish(directory);
    const from = events(directory).find((record) => record['acceptedChanges'] !== undefined);
    assert.equal(from?.['kind'], 'start');
    const { step } = from['resumedFrom'] as { step: number };
    assert.ok(step > 0);
    const accepted = result['acceptedChanges'] as Fields[];
    assert.deepEqual(from['acceptedChanges'], accepted);
    assert.deepEqual(
      accepted.map(({ attempt, step: since, kind, path: file, change }) => [attempt, since, kind, file, change]),
      [[2, step, 'file', 'data.csv', 'grew']],
    );
    const warnings = events(directory).filter(({ code }) => code === 'accepted-change');
    assert.equal(warnings.length, 1, 'told once');
    assert.match(String(warnings[0]?.['message']), new RegExp(`From step ${step} on.*"data\\.csv" grew`));
    assert.match(String(warnings[0]?.['zh']), /“data\.csv”由.*增至/);
    assert.ok((result['warnings'] as Fields[]).some(({ code }) => code === 'accepted-change'));
    const samples = result['samples'] as { train: number; validation: number; test: number };
    assert.equal(samples.train + samples.validation + samples.test, 121, 'it was trained on what is there now');
  } finally {
    write('data.csv', data);
  }
});

test('two files of a list that changed places, and a split file that was swapped', async () => {
  const [head = '', ...rows] = read('data.csv').trimEnd().split('\n');
  write('one.csv', `${[head, ...rows.slice(0, 60)].join('\n')}\n`);
  write('two.csv', `${[head, ...rows.slice(60)].join('\n')}\n`);
  const split = (shift: number): string =>
    `row,part\n${rows.map((_, row) => `${row},${['train', 'train', 'val', 'test'][(row + shift) % 4] ?? ''}`).join('\n')}\n`;
  write('split.csv', split(0));
  const directory = await stopped('files', specWith({ source: ['one.csv', 'two.csv'], split: { file: 'split.csv' } }));
  const [one, two] = [read('one.csv'), read('two.csv')];
  write('one.csv', two);
  write('two.csv', one);
  await refused(directory, /"one\.csv" has changed.*"two\.csv" has changed/);
  write('one.csv', one);
  write('two.csv', two);
  write('split.csv', split(1));
  await refused(directory, /"split\.csv" has changed/);
  write('split.csv', split(0));
  assert.equal((await finish(directory))['acceptedChanges'], undefined);
  // Another split has other test rows, which statistics of the training rows alone need not show.
  write('split.csv', split(0).replace(/^(\d+),test$/m, '$1,'));
  const options = { split: 'test', root: place.folder, allowOutside: false };
  await assert.rejects(worker().evaluateRun(directory, options), {
    code: 'changed',
    message: /"split\.csv" has changed/,
  });
  write('split.csv', split(0));
  const { summary, warnings } = await worker().evaluateRun(directory, options);
  assert.equal(summary.n, 30);
  assert.deepEqual(warnings, []);
});

test('a helper that a strategy module imports', async () => {
  write(
    'mine.mjs',
    "import { half } from './half.mjs';\nexport const weigh = ({ losses }) => losses.map(() => half);\n",
  );
  write('half.mjs', 'export const half = 0.5;\n');
  const directory = await stopped('helper', specWith({}, { module: './mine.mjs' }));
  write('half.mjs', 'export const half = 0.7;\n');
  await refused(directory, /"half\.mjs" has changed/);
  const result = await finish(directory, { acceptChanges: true });
  assert.deepEqual(
    (result['acceptedChanges'] as Fields[]).map(({ path: file }) => file),
    ['half.mjs'],
  );
});

test('a strategy module that was changed runs once that is accepted', async () => {
  write('own.mjs', 'export const weigh = ({ losses }) => losses.map(() => 1);\n');
  const directory = await stopped('module', specWith({}, { module: './own.mjs' }));
  write('own.mjs', 'export const weigh = ({ losses }) => losses.map(() => 3);\n');
  await refused(directory, /"own\.mjs" has changed/);
  await finish(directory, { acceptChanges: true });
  const weights = events(directory).findLast(({ kind }) => kind === 'step')?.['weights'];
  assert.deepEqual(weights, { kind: 3, 值: 3 });
});

test('another version of the engine', async () => {
  const directory = await stopped('version', specText(training));
  const file = path.join(directory, 'fingerprints.json');
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text.replace(/TensorFlow\.js [\d.]+/, 'TensorFlow.js 3.9.0'));
  await refused(directory, /version of the engine was TensorFlow\.js 3\.9\.0, SIMD and is TensorFlow\.js 4/);
  assert.equal((await finish(directory, { acceptChanges: true, engine: 'auto' }))['status'], 'completed');
});

test('under "auto" the engine of the last start is asked for, and its absence is said', async () => {
  const directory = await stopped('engine', specText(training), { engine: 'auto' });
  const file = path.join(directory, 'fingerprints.json');
  const known = JSON.parse(fs.readFileSync(file, 'utf8')) as { engine: Fields };
  fs.writeFileSync(file, JSON.stringify({ ...known, engine: { ...known.engine, name: 'native' } }));
  await refused(directory, /its engine \(native\) is not available now/, { engine: 'auto' });
  const result = await finish(directory, { engine: 'auto', acceptChanges: true });
  assert.deepEqual(
    (result['acceptedChanges'] as Fields[]).map(({ kind, before: was, after: is }) => [kind, was, is]),
    [['engine', 'native', 'wasm']],
  );
});

test('a run of a version that kept no fingerprints goes on, and says what nobody can know', async () => {
  const directory = await stopped('older', specText(training));
  fs.rmSync(path.join(directory, 'fingerprints.json'));
  const result = await finish(directory);
  const said = (result['warnings'] as Fields[]).filter(({ code }) => code === 'no-fingerprints');
  assert.equal(said.length, 1);
  assert.match(String(said[0]?.['message']), /cannot be known/);
  assert.match(String(said[0]?.['zh']), /无法得知/);
  fs.rmSync(path.join(directory, 'fingerprints.json'));
  const options = { split: 'test', root: place.folder, allowOutside: false };
  const { warnings } = await worker().evaluateRun(directory, options);
  assert.match(warnings.map(({ en }) => en).join(), /cannot be known/);
});

test('killed after its start, before its first checkpoint, it is compared all the same', async () => {
  const directory = newRun(
    place,
    'early',
    specText({ ...training, epochs: 400, checkpoint: { every: 1000, unit: 'epoch' } }),
  );
  const launched = await start(directory, place);
  await until(directory, 'epoch', 1);
  process.kill(-launched.pid, 'SIGKILL');
  await ended(launched);
  const data = read('data.csv');
  write('data.csv', `${data}1,2,3,up,4\n`);
  const again = await start(directory, place, true);
  assert.deepEqual(await ended(again), { code: 2, signal: null });
  write('data.csv', data);
  assert.match(readAttempt(directory, again.attempt)?.ended?.message ?? '', /"data\.csv" grew/);
  assert.equal(glance(directory).state, 'crashed');
});
