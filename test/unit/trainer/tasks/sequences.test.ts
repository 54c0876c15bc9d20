/**
 * A label for each step of sequences of different lengths: labels and outputs of two axes, beside a class of the whole. What
 * stands after the end of a sequence has no effect on anything.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipSync } from 'fflate';
import { product } from '../../../../src/data/table.ts';
import type { Cells } from '../../../../src/samples/contract.ts';
import { inputTypes } from '../../../../src/samples/inputs/table.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';
import { nativeSuite } from '../../engine/native/support.ts';
import { npy } from '../../samples/helpers.ts';
import { assertLearns, placeSuites, train, withEngine, type Files, type PlaceCase, type Trained } from './place-suites.ts'; // prettier-ignore

const [rows, steps, features] = [24, 8, 2];

/** Every length from nothing at all to the whole. */
const lengthOf = (row: number): number => (row * 5) % (steps + 1);

/** What stands after the end of a sequence. */
interface Padding {
  number(place: number): number;
  label(place: number): number;
}

const zeros: Padding = { number: () => 0, label: () => 0 };

/** A step is of class 1 where its first number is more than its second; a sequence by whether it is long. */
function filesWith(padding: Padding): Files {
  const numbers = new Float32Array(rows * steps * features);
  const labels = new Float32Array(rows * steps);
  const opposites = new Float32Array(rows * steps);
  for (let place = 0; place < rows * steps; place++) {
    const there = place % steps < lengthOf(Math.floor(place / steps));
    for (let at = place * features; at < (place + 1) * features; at++)
      numbers[at] = there ? ((at * 7919 + 31 * place) % 251) / 125 - 1 : padding.number(at);
    const isFirst = Number((numbers[place * features] ?? 0) > (numbers[place * features + 1] ?? 0));
    labels[place] = there ? isFirst : padding.label(place);
    opposites[place] = there ? 1 - isFirst : padding.label(place + 1);
  }
  const lengths = Float32Array.from({ length: rows }, (_, row) => lengthOf(row));
  const part = Array.from({ length: rows }, (_, row) => `${String(row)},${row % 4 === 3 ? 'val' : 'train'}`);
  return {
    'a.npz': zipSync({
      'numbers.npy': npy([rows, steps, features], numbers),
      'labels.npy': npy([rows, steps], labels),
      'opposites.npy': npy([rows, steps], opposites),
      'lengths.npy': npy([rows], lengths),
      'kinds.npy': npy([rows], lengths.map((length) => Number(length > 3))), // prettier-ignore
    }),
    's.csv': ['row,part', ...part, ''].join('\n'),
  };
}

interface FittedSequence {
  readonly type: string;
  readonly name: string;
  readonly column: string;
  readonly shape: readonly number[];
}

/** The input is in no release either: numbers over time as they are. */
const sequenceInput = {
  reads: 'numbers',
  settings: (name: string, _spec: unknown, columns: readonly string[]) => ({ type: 'sequence', name, columns }),
  begin: ({ name, columns: [column = ''] }: { name: string; columns: readonly string[] }, cells: Cells) => ({
    drop: new Uint8Array(cells.table.rows),
    finish: (): FittedSequence => ({ type: 'sequence', name, column, shape: cells.numbers(column).shape }),
  }),
  unusable: (_fitted: FittedSequence, cells: Cells) => new Uint8Array(cells.table.rows),
  prepare: ({ column, shape }: FittedSequence, cells: Cells, wanted: Int32Array) => {
    const { values, width } = cells.numbers(column);
    const data = new Float32Array(wanted.length * width);
    for (const [position, row] of wanted.entries())
      data.set(values.subarray(row * width, (row + 1) * width), position * width);
    return readyStore(data, shape);
  },
  columns: ({ column }: FittedSequence) => [column],
  counts: () => [],
  bytes: ({ columns: [column = ''] }: { columns: readonly string[] }, shapeOf: (name: string) => readonly number[]) =>
    12 * product(shapeOf(column)),
  width: ({ shape }: FittedSequence) => product(shape),
};

const perStep = { type: 'tagging', input: 'trunk', classes: 2, metrics: ['tokenAccuracy'] };

const specWith = (more: object = {}) => ({
  data: { source: 'a.npz', inputs: { x: { type: 'sequence', from: 'numbers' } }, split: { file: 's.csv' } },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 8, activation: 'tanh' }] } },
  tasks: {
    places: { ...perStep, target: ['labels', 'lengths'] },
    kind: { type: 'classification', input: 'trunk', layers: ['flatten'], target: 'kinds', metrics: ['accuracy'] },
  },
  training: { epochs: 12, batchSize: 6, learningRate: 0.05, seed: 3 },
  ...more,
});

/** Two tasks of steps alone: of the whole sequence, padding too, nobody reads anything. */
const specOfSteps = (strategy: string) =>
  specWith({
    strategy,
    tasks: {
      places: { ...perStep, target: ['labels', 'lengths'] },
      opposites: { ...perStep, target: ['opposites', 'lengths'] },
    },
  });

const sequences: PlaceCase = {
  title: 'a class for each step of a sequence',
  ...{ type: 'tagging', metric: 'tokenAccuracy', labelShape: [steps], files: filesWith(zeros), specWith },
  known: (cells, [, lengths = ''], row) => {
    const length = cells.numbers(lengths).values[row] ?? 0;
    return (_label, step) => step < length;
  },
  add: () => Object.assign(inputTypes, { sequence: sequenceInput }),
  remove: () => Reflect.deleteProperty(inputTypes, 'sequence'),
};

placeSuites(sequences);

/** Other numbers and other labels, so large that a thousandth of them would be seen. */
const others: Padding = { number: (place) => 1e3 * ((place % 7) - 3), label: (place) => place % 2 };

function assertSame(found: Trained, other: Trained): void {
  assert.deepEqual(other.losses, found.losses);
  assert.equal(other.accuracy, found.accuracy);
  // By value, since a gradient of nothing may be −0.
  const values = (trained: Trained): number[] => trained.weights.flat().map((weight) => weight + 0);
  assert.deepEqual(values(other), values(found));
}

function paddingTests(name: 'wasm' | 'native', captured: boolean): void {
  withEngine(sequences, name, (engine) => {
    for (const strategy of ['static', 'pcgrad']) {
      test(`${strategy}: losses, metrics and weights are the same, bit for bit`, async () => {
        const spec = specOfSteps(strategy);
        const found = await train(engine(), sequences, spec, { captured });
        assertLearns(found);
        assertSame(found, await train(engine(), sequences, spec, { captured, files: filesWith(others) }));
        const known: Padding = { ...zeros, label: (place) => (place + 1) % 2 };
        assertSame(found, await train(engine(), sequences, spec, { captured, memory: 1024, files: filesWith(known) }));
      });
    }
  });
}

describe('what stands after the end of a sequence', () => {
  paddingTests('wasm', false);
});

nativeSuite('what stands after the end of a sequence, as graphs', () => {
  paddingTests('native', true);
});
