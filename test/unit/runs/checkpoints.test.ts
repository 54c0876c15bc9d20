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
  for (const name of ['../x', 'a/b', '', 'manifest.json']) {
    assert.throws(() => writeCheckpoint(directory, 1, new Map([[name, Buffer.from('x')]])));
  }
  assert.equal(readLatestCheckpoint(directory), null);
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
