/** Checkpoints in memory: what comes back, and what is refused. */
import { CheckpointError } from '../../../../src/trainer/errors.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import {
  encodeCheckpoint,
  restoreCheckpoint,
  type RestoredState,
  type TrainingState,
} from '../../../../src/trainer/state/checkpoint.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { freshProgress, progressJson, readProgress, type Progress } from '../../../../src/trainer/state/progress.ts';
import {
  csvOf,
  embeddedEngine,
  parameters,
  sampleRows,
  slots,
  trainThrough,
  trial,
  type Trial,
} from '../training-helpers.ts';

const files = {
  'data.csv': csvOf(sampleRows(40).map((row, index) => ({ ...row, part: index < 32 ? 'train' : 'validation' }))),
};
const spec = (training: object): object => ({
  data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 4 }, { type: 'batchNormalization' }] } },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    value: { type: 'regression', target: 'value', input: 'trunk' },
  },
  training: { optimizer: 'adam', batchSize: 8, epochs: 2, seed: 5, ...training },
});
const identity = { version: '0.0.0', spec: 'abc' };

let engine: Engine;
let made: Trial;
let fresh: Trial;
let written: TrainingState;
let encoded: ReadonlyMap<string, Uint8Array>;
before(async () => {
  engine = await embeddedEngine();
  made = await trial(spec({}), files);
  trainThrough(made.training);
  fresh = await trial(spec({}), files);
  written = made.training.state();
  encoded = encodeCheckpoint(made.prepared.model, made.training.optimizer, written, identity);
});
after(() => {
  made.dispose();
  fresh.dispose();
  engine.dispose();
});

const restore = (from: ReadonlyMap<string, Uint8Array>, into = fresh, who = identity): unknown =>
  restoreCheckpoint(from, into.prepared.model, into.training.optimizer, who);

/** The same checkpoint with another state.json. */
function changed(change: (state: Record<string, unknown>) => unknown): Map<string, Uint8Array> {
  const state = JSON.parse(new TextDecoder().decode(encoded.get('state.json'))) as Record<string, unknown>;
  return new Map([...encoded, ['state.json', new TextEncoder().encode(JSON.stringify(change(state)))]]);
}

const refused = (from: ReadonlyMap<string, Uint8Array>, message: RegExp, into?: Trial, who?: typeof identity): void => {
  assert.throws(
    () => restore(from, into, who),
    (error) => {
      assert.ok(error instanceof CheckpointError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
};

test('weights, slots, counts, progress and best weights come back to the bit', () => {
  const state = restore(encoded) as RestoredState;
  assert.equal(state.writtenBy, identity.version);
  assert.deepEqual(parameters(fresh.prepared), parameters(made.prepared));
  assert.deepEqual(slots(fresh.training), slots(made.training));
  assert.deepEqual(fresh.training.optimizer.counts(), made.training.optimizer.counts());
  assert.deepEqual(state.progress, written.progress);
  assert.deepEqual(state.best, written.best);
});

describe('refused with a sentence', () => {
  test('another format, version named', () => {
    refused(
      changed((state) => ({ ...state, format: 99, version: '9.9.9', entries: 'laid out otherwise' })),
      /format 99, written by version 9\.9\.9/,
    );
  });
  test('another spec', () => refused(encoded, /another spec/, fresh, { ...identity, spec: 'other' }));
  test('another model or optimizer', async () => {
    const sgd = await trial(spec({ optimizer: 'sgd' }), files);
    refused(encoded, /another model or optimizer/, sgd);
    sgd.dispose();
  });
  test('a state that is no state', () => {
    for (const state of [null, 1, 'text', [], {}, { format: 1 }])
      refused(
        changed(() => state),
        /damaged|missing/,
      );
    refused(new Map([['tensors.bin', new Uint8Array()]]), /damaged/);
    refused(new Map([...encoded, ['state.json', new Uint8Array([0x7b])]]), /damaged/);
  });
  test('parts of another kind', () => {
    for (const key of ['progress', 'counts', 'hasBest', 'entries'])
      for (const value of [null, 7, 'x', [null], { length: 3 }])
        refused(
          changed((state) => ({ ...state, [key]: value })),
          /damaged|fit|lack/,
        );
  });
  test('a progress with a wrong value in any place', () => {
    const { progress } = made.training;
    for (const key of Object.keys(progress).filter((name) => name !== 'strategy'))
      refused(
        changed((state) => ({ ...state, progress: { ...progress, [key]: 'x' } })),
        /damaged/,
      );
    refused(
      changed((state) => ({ ...state, progress: { ...progress, step: -1 } })),
      /damaged/,
    );
    refused(
      changed((state) => ({ ...state, progress: { ...progress, warned: ['no json'] } })),
      /damaged/,
    );
  });
  test('tensors that are short, long or listed elsewhere', () => {
    const bytes = encoded.get('tensors.bin') ?? new Uint8Array();
    refused(new Map([...encoded, ['tensors.bin', bytes.subarray(0, 40)]]), /damaged/);
    refused(new Map([...encoded, ['tensors.bin', bytes.subarray(0, 41)]]), /damaged/);
    const moved = (change: object) => (state: Record<string, unknown>) => ({
      ...state,
      entries: (state['entries'] as object[]).map((entry, index) => (index === 0 ? { ...entry, ...change } : entry)),
    });
    refused(changed(moved({ offset: 1e9 })), /damaged/);
    refused(changed(moved({ shape: [1e9, 1e9] })), /damaged/);
    refused(changed(moved({ shape: [1] })), /fit/);
    refused(changed(moved({ name: 'weight:else' })), /fit/);
  });
});

test('sums that met NaN or infinities stay what they were', () => {
  const progress: Progress = {
    ...{ ...freshProgress(null), watched: null, seconds: 0, warned: [] },
    sums: {
      losses: [
        [NaN, 3],
        [Infinity, 1],
        [-Infinity, 2],
        [0.1, 2],
      ],
      metrics: [{ a: NaN, b: [Infinity] }] as never,
    },
  };
  const back = readProgress(JSON.parse(JSON.stringify(progressJson(progress))));
  assert.deepEqual(back?.sums?.losses, progress.sums?.losses);
  assert.deepEqual(back?.sums?.metrics, [{ a: 'NaN', b: ['Infinity'] }]);
});

test('sums of other metrics are refused when they are taken up', () => {
  const progress = { ...made.training.state().progress, sums: { losses: [], metrics: [null, null] } };
  assert.throws(() => fresh.training.continueFrom({ progress, best: null, memory: {} }), CheckpointError);
});

test('a run that told warnings is taken up again, and does not tell them twice', async () => {
  const { training, prepared, records, dispose } = await trial(spec({}), files);
  training.warnings.warn('some-code', text('In words.', '文字。'), { task: 'kind' });
  training.warnings.warn('some-code', text('In words.', '文字。'));
  const state = { ...training.state(), best: null, memory: {} };
  const saved = encodeCheckpoint(prepared.model, training.optimizer, state, identity);
  const back = restoreCheckpoint(saved, prepared.model, training.optimizer, identity);
  assert.deepEqual(back.progress.warned, state.progress.warned);
  assert.equal(back.progress.warned.length, 2);
  const told = records.length;
  training.continueFrom(back);
  training.warnings.warn('some-code', text('In words.', '文字。'), { task: 'kind' });
  assert.equal(records.length, told);
  dispose();
});
