/** A saved model at work in this process: whatever comes of it, no tensor and no open file is left. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isBackendRegistered } from '../../../../src/engine/registry.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { train } from '../../../../src/trainer/train.ts';
import { evaluateRun } from '../../../../src/trainer/trained/evaluate.ts';
import { withTrained } from '../../../../src/trainer/trained/open.ts';
import { predictRun } from '../../../../src/trainer/trained/predict.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { watchOpenFiles, type OpenFiles } from '../../open-files.ts';
import { makeWorkplace, type Workplace } from '../run-helpers.ts';
import { startedRun } from '../started-run.ts';

const specText = JSON.stringify({
  data: {
    source: 'rows.csv',
    inputs: { x: { type: 'number', from: ['a', 'b'], missing: 'drop' } },
    split: { column: 'part' },
  },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 3 }] } },
  tasks: { sum: { type: 'regression', target: 'sum', input: 'trunk' } },
  training: { engine: 'wasm', epochs: 1, batchSize: 8 },
});
/** Twelve rows to train with, four for validation, none for the test. */
const table = (first: number): string =>
  `a,b,sum,part\n${Array.from({ length: 16 }, (_, row) => [row === 0 ? first : row, row % 3, row + (row % 3), row % 4 === 3 ? 'validation' : 'train'].join(',')).join('\n')}\n`;

let place: Workplace;
let directory: string;
let source: string;
const [, program = ''] = process.argv;

before(async () => {
  place = makeWorkplace(1);
  source = path.join(place.folder, 'rows.csv');
  fs.writeFileSync(source, table(0));
  const run = await startedRun(place, 'run', specText);
  ({ directory } = run);
  assert.equal((await train(run.start, assetsDirectory)).status, 'completed');
  run.release();
  // The engine's binaries lie beside the program.
  process.argv[1] = path.join(assetsDirectory, 'program.js');
});
after(() => {
  process.argv[1] = program;
  place.remove();
});

let files: OpenFiles;
let names: readonly string[];
let tensors: number;
beforeEach(() => {
  files = watchOpenFiles();
  names = fs.readdirSync(directory);
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  files.stop();
  assert.deepEqual(files.names(), [], 'open files');
  assert.deepEqual(fs.readdirSync(directory), names);
  assert.equal(tf.memory().numTensors, tensors, 'tensors');
  assert.equal(isBackendRegistered('wasm'), false, 'the engine');
});

/** On disk, since no data fit into one byte. */
const options = (): { root: string; allowOutside: boolean; memory: number } => ({
  root: place.folder,
  allowOutside: false,
  memory: 1,
});

test('the model is there until the work has ended, and gone then', async () => {
  const answer = await withTrained(directory, options(), async ({ model, run, warnings }) => {
    const held = tf.memory().numTensors;
    assert.ok(held > tensors, 'the model has variables');
    await sleep(2);
    assert.equal(tf.memory().numTensors, held);
    assert.ok(model.kept.every(({ variable }) => !variable.isDisposed));
    assert.deepEqual(warnings, []);
    return run.spec.tasks.size;
  });
  assert.equal(answer, 1);
});

test('work that fails at once, or later, fails as it did', async () => {
  const failure = new Error('no such thing');
  const failing = [
    () => Promise.reject(failure),
    async () => {
      await sleep(2);
      throw failure;
    },
  ];
  for (const work of failing) {
    await assert.rejects(withTrained(directory, options(), work), (error) => error === failure);
    assert.equal(tf.memory().numTensors, tensors);
  }
});

test('an evaluation and a prediction from disk', async () => {
  const { summary, warnings } = await evaluateRun(directory, { ...options(), split: 'train' });
  assert.equal(summary.n, 12);
  assert.deepEqual(warnings, []);
  assert.equal((await evaluateRun(directory, { ...options(), data: source })).summary.n, 16);
  const { columns, rows } = await predictRun(directory, { ...options(), data: source, proba: false });
  assert.deepEqual(columns, ['row', 'sum']);
  assert.equal(rows.length, 16);
});

test('nothing to evaluate is said, of a split and of a file', async () => {
  const noRow = (en: RegExp, zh: RegExp) => (error: unknown) => {
    const { code, text } = error as { code: string; text: { en: string; zh: string } };
    assert.equal(code, 'no-data');
    assert.match(text.en, en);
    assert.match(text.zh, zh);
    return true;
  };
  await assert.rejects(
    evaluateRun(directory, options()),
    noRow(/no row to evaluate in the test split\.$/, /^划分 test 中没有可评估的行。$/),
  );
  const empty = path.join(place.folder, 'empty.csv');
  fs.writeFileSync(empty, 'a,b,sum\n,1,2\n,2,3\n');
  await assert.rejects(
    evaluateRun(directory, { ...options(), data: empty }),
    noRow(/no row to evaluate in .*empty\.csv\.$/, /empty\.csv 中没有可评估的行。$/),
  );
  await assert.rejects(
    evaluateRun(directory, { ...options(), split: 'tset' }),
    noRow(/no split "tset"; there are train, validation and test\.$/, /^没有名为“tset”的划分；/),
  );
});

test('without fingerprints, other training rows are noticed by what was prepared of them', async () => {
  const file = path.join(directory, 'fingerprints.json');
  const known = fs.readFileSync(file);
  fs.rmSync(file);
  fs.writeFileSync(source, table(50));
  try {
    await assert.rejects(evaluateRun(directory, { ...options(), split: 'train' }), {
      code: 'changed',
      message: /its training rows are others/,
    });
    assert.deepEqual(files.names(), []);
    fs.writeFileSync(source, table(0));
    const { warnings } = await evaluateRun(directory, { ...options(), split: 'validation' });
    assert.match(warnings.map(({ en }) => en).join('\n'), /cannot be known\.$/);
    assert.equal(warnings.length, 1);
  } finally {
    fs.writeFileSync(file, known);
    fs.writeFileSync(source, table(0));
  }
});
