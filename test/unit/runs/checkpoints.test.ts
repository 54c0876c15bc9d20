import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import {
  cleanUp,
  modelFolder,
  readLatestCheckpoint,
  writeCheckpoint,
  writeModel,
} from '../../../src/runs/checkpoints.ts';
import { RunError } from '../../../src/runs/error.ts';
import { temporaryFolder } from './helpers.ts';

const files = (content: string): Map<string, Uint8Array> =>
  new Map([
    ['weights.bin', Buffer.from(content)],
    ['state.json', Buffer.from('{}')],
  ]);
const weights = (directory: string): string =>
  Buffer.from(readLatestCheckpoint(directory)?.files.get('weights.bin') ?? []).toString();

test('the latest checkpoint is read back; older ones go', (context) => {
  const directory = temporaryFolder(context);
  assert.equal(readLatestCheckpoint(directory), null);
  for (const step of [1, 2, 3, 4]) {
    const info = writeCheckpoint(directory, step, files(`weights ${step}`), { keep: 2 });
    assert.deepEqual(info, { step, path: `checkpoints/${step}`, bytes: 11 });
    assert.equal(weights(directory), `weights ${step}`);
  }
  assert.deepEqual(fs.readdirSync(path.join(directory, 'checkpoints')).sort(), ['3', '4', 'latest.json']);
});

test('a step can be written again, and a resume from an older one removes newer ones', (context) => {
  const directory = temporaryFolder(context);
  for (const step of [10, 20, 30]) writeCheckpoint(directory, step, files(`first ${step}`));
  writeCheckpoint(directory, 20, files('second 20'), { keep: 5 });
  assert.equal(weights(directory), 'second 20');
  assert.deepEqual(fs.readdirSync(path.join(directory, 'checkpoints')).sort(), ['10', '20', 'latest.json']);
});

test('damage of any kind falls back to the one before, and is told', (context) => {
  const directory = temporaryFolder(context);
  const latest = path.join(directory, 'checkpoints', '2');
  const damages: ((file: string) => void)[] = [
    (file) => fs.rmSync(file),
    (file) => fs.truncateSync(file, 3),
    (file) => fs.writeFileSync(file, 'weightz 2'),
    (file) => {
      fs.rmSync(file);
      fs.symlinkSync('/etc/passwd', file);
    },
    () => fs.rmSync(path.join(latest, 'manifest.json')),
    () =>
      fs.writeFileSync(path.join(latest, 'manifest.json'), '{"v":1,"step":2,"files":[{"name":"../../x","bytes":1}]}'),
    () => fs.rmSync(latest, { recursive: true }),
  ];
  for (const damage of damages) {
    for (const step of [1, 2]) writeCheckpoint(directory, step, files(`weights ${step}`));
    damage(path.join(latest, 'weights.bin'));
    const found = readLatestCheckpoint(directory);
    assert.equal(found?.step, 1);
    assert.equal(found.damaged.length, fs.existsSync(latest) ? 1 : 0);
  }
  fs.rmSync(path.join(directory, 'checkpoints', '1', 'weights.bin'));
  fs.mkdirSync(latest);
  // The newest first.
  assert.throws(() => readLatestCheckpoint(directory), {
    code: 'damaged',
    message: /^No checkpoint of this run is whole \(checkpoints\/2: [^;]+; checkpoints\/1: [^;]+\)\. Start a new run/,
  });
});

test('a latest.json that lies is no harm', (context) => {
  const directory = temporaryFolder(context);
  writeCheckpoint(directory, 5, files('five'));
  for (const lie of ['', '{"step":7}', '{"step":"../../"}', '[]']) {
    fs.writeFileSync(path.join(directory, 'checkpoints', 'latest.json'), lie);
    assert.equal(weights(directory), 'five');
  }
});

test('names that are paths are not written', (context) => {
  const directory = temporaryFolder(context);
  for (const name of ['../x', 'a/b', '', 'manifest.json', 'a b', 'x ', '.x', '-x', 'é', 'x'.repeat(101)]) {
    assert.throws(() => writeCheckpoint(directory, 1, new Map([[name, Buffer.from('x')]])));
  }
  assert.equal(readLatestCheckpoint(directory), null);
  const longest = 'X9._-'.repeat(20);
  writeCheckpoint(directory, 1, new Map([[longest, Buffer.from('x')]]));
  assert.deepEqual([...(readLatestCheckpoint(directory)?.files.keys() ?? [])], [longest]);
});

test('only what is named like a checkpoint is one: others are neither read nor removed', (context) => {
  const directory = temporaryFolder(context);
  const at = (...names: string[]): string => path.join(directory, 'checkpoints', ...names);
  writeCheckpoint(directory, 5, files('five'));
  const others = ['x9', '9x', '-3', '3.5', '9.old.1'];
  for (const name of others) fs.cpSync(at('5'), at(name), { recursive: true });
  fs.writeFileSync(at('5', 'weights.bin'), 'changed');
  assert.throws(
    () => readLatestCheckpoint(directory),
    (error) =>
      error instanceof RunError &&
      error.code === 'damaged' &&
      error.message.startsWith(
        'No checkpoint of this run is whole (checkpoints/5: weights.bin has 7 bytes instead of 4).',
      ),
  );
  writeCheckpoint(directory, 10, files('ten'), { keep: 1 });
  assert.deepEqual(fs.readdirSync(at()).sort(), [...others, '10', 'latest.json'].sort());
});

test('half-written files go: those of a checkpoint and of the model at once, others after an hour', (context) => {
  const directory = temporaryFolder(context);
  fs.mkdirSync(path.join(directory, 'checkpoints'));
  const all = (folder: string): string[] => fs.readdirSync(path.join(directory, folder)).sort();
  const make = (name: string, minutes = 0): void => {
    const file = path.join(directory, name);
    const time = Date.now() / 1000 - 60 * minutes;
    fs.writeFileSync(file, '');
    fs.utimesSync(file, time, time);
  };
  for (const name of ['.7.0123.tmp', '7.0123.tmp', 'a.7.tmp', '.7.tmpx', '.tmp']) make(`checkpoints/${name}`);
  for (const name of ['.model.0123.tmp', '.lock.fresh.tmp', '.tmp']) make(name);
  make('.lock.recent.tmp', 59);
  for (const name of ['.lock.old.tmp', 'lock.old.tmp', '.lock.old.tmpx']) make(name, 61);
  cleanUp(directory);
  assert.deepEqual(all('checkpoints'), ['.7.tmpx', '.tmp', '7.0123.tmp', 'a.7.tmp']);
  assert.deepEqual(all('.'), ['.lock.fresh.tmp', '.lock.old.tmpx', '.lock.recent.tmp', '.tmp', 'checkpoints', 'lock.old.tmp']); // prettier-ignore
});

test('the model is readable between every two steps of its replacement', (context) => {
  const directory = temporaryFolder(context);
  const model = (text: string): Map<string, Uint8Array> => new Map([['model.json', Buffer.from(text)]]);
  const read = (): string => fs.readFileSync(path.join(modelFolder(directory) ?? '', 'model.json'), 'utf8');
  assert.equal(modelFolder(directory), null);
  writeModel(directory, model('first'));
  assert.equal(read(), 'first');
  const at = (name: string): string => path.join(directory, name);
  // As if killed after `model.next` was complete.
  fs.cpSync(at('model'), at('model.next'), { recursive: true });
  fs.writeFileSync(path.join(at('model.next'), 'model.json'), 'second');
  assert.equal(read(), 'first');
  // As if killed between the two renames.
  fs.renameSync(at('model'), at('model.old'));
  assert.equal(read(), 'second');
  cleanUp(directory);
  assert.equal(read(), 'second');
  writeModel(directory, model('third'));
  assert.equal(read(), 'third');
  assert.deepEqual(fs.readdirSync(directory), ['model']);
});
