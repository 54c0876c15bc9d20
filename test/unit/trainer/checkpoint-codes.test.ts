// What a run says of checkpoints that are damaged or of another version, and of a program with a part missing.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../../../src/runs/control.ts';
import { bundles, ended, events, makeWorkplace, newRun, specText, start, until, type Fields, type Workplace } from './run-helpers.ts'; // prettier-ignore

let place: Workplace;
before(() => {
  place = makeWorkplace(60);
});
after(() => place.remove());

const endless = specText({ batchSize: 16, epochs: 1_000_000, checkpoint: { every: 2, unit: 'step', keep: 3 } });

/** A run that was stopped with checkpoints; gives the folders of those, the oldest first. */
async function stopped(name: string): Promise<{ directory: string; checkpoints: string[] }> {
  const directory = newRun(place, name, endless);
  const launched = await start(directory, place);
  await until(directory, 'checkpoint', 3);
  request(directory, 'stop', { token: launched.token });
  assert.equal((await ended(launched)).code, 0);
  const written = events(directory).filter(({ kind }) => kind === 'checkpoint');
  // A stop right after a checkpoint writes that one again.
  const paths = new Set(written.map((record) => path.join(directory, String(record['path']))));
  const checkpoints = [...paths].filter((each) => fs.existsSync(each));
  assert.ok(checkpoints.length >= 2);
  return { directory, checkpoints };
}

/** Resumes until a step was taken, and stops; gives the records of the new attempt. */
async function resumed(directory: string): Promise<Fields[]> {
  const before = events(directory).length;
  const launched = await start(directory, place, true);
  const steps = events(directory).filter(({ kind }) => kind === 'checkpoint').length;
  await until(directory, 'checkpoint', steps + 1);
  request(directory, 'stop', { token: launched.token });
  await ended(launched);
  return events(directory).slice(before);
}

const warning = (records: readonly Fields[], code: string): Fields | undefined =>
  records.find((record) => record['kind'] === 'warning' && record['code'] === code);

test('checkpoint-damaged: the one before it is taken, and that is said', async () => {
  const { directory, checkpoints } = await stopped('damaged');
  const newest = checkpoints.at(-1) ?? '';
  const file = path.join(newest, 'tensors.bin');
  fs.truncateSync(file, fs.statSync(file).size - 4);
  const records = await resumed(directory);
  const told = warning(records, 'checkpoint-damaged');
  assert.match(String(told?.['message']), /^Passed over: /);
  assert.ok(String(told?.['message']).includes(path.basename(newest)));
  assert.match(String(told?.['zh']), /^已跳过：/);
  const from = records.find(({ kind }) => kind === 'start')?.['resumedFrom'] as { step: number };
  const written = events(directory).filter(({ kind }) => kind === 'checkpoint');
  const before = written.find(
    (record) => path.basename(String(record['path'])) === path.basename(checkpoints.at(-2) ?? ''),
  );
  assert.equal(from.step, before?.['step']);
});

/** Changes the state of every checkpoint; the manifest then lists what stands there now. */
function changeStates(checkpoints: readonly string[], change: (state: Fields) => void): void {
  for (const checkpoint of checkpoints) {
    const [file, list] = ['state.json', 'manifest.json'].map((name) => path.join(checkpoint, name)) as [string, string];
    const state = JSON.parse(fs.readFileSync(file, 'utf8')) as Fields;
    change(state);
    const content = JSON.stringify(state);
    fs.writeFileSync(file, content);
    const manifest = JSON.parse(fs.readFileSync(list, 'utf8')) as { files: Fields[] };
    const entry = manifest.files.find(({ name }) => name === 'state.json') ?? {};
    entry['bytes'] = Buffer.byteLength(content);
    entry['sha256'] = createHash('sha256').update(content).digest('hex');
    fs.writeFileSync(list, JSON.stringify(manifest));
  }
}

test('other-version: a checkpoint of another version is taken, and that is said', async () => {
  const { directory, checkpoints } = await stopped('older');
  changeStates(checkpoints, (state) => (state['version'] = '0.0.1'));
  const told = warning(await resumed(directory), 'other-version');
  assert.match(String(told?.['message']), /written by version 0\.0\.1, this is/);
  assert.match(String(told?.['zh']), /由版本 0\.0\.1 写入/);
});

test('checkpoint-unusable: one of another format ends the attempt with what to do', async () => {
  const { directory, checkpoints } = await stopped('newer');
  changeStates(checkpoints, (state) => (state['format'] = 99));
  const { code } = await ended(await start(directory, place, true));
  assert.equal(code, 1);
  const error = events(directory).at(-1)?.['error'] as { code: string; message: string };
  assert.equal(error.code, 'checkpoint-unusable');
  assert.match(error.message, /has format 99.*start a new run/);
});

test('incomplete: a program without its thread says so', async () => {
  const folder = path.join(place.folder, 'half a program');
  fs.mkdirSync(folder);
  fs.copyFileSync(path.join(bundles, 'trainer.cjs'), path.join(folder, 'trainer.cjs'));
  const directory = newRun(place, 'incomplete', endless);
  const launched = await start(directory, place, false, { trainerFile: path.join(folder, 'trainer.cjs') });
  assert.equal((await ended(launched)).code, 1);
  const error = events(directory).at(-1)?.['error'] as { code: string; message: string };
  assert.equal(error.code, 'incomplete');
  assert.match(error.message, /worker\.cjs or a part of it is missing/);
});
