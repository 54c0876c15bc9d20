/** What a row of each kind of input and target takes, before anything is read, and what is known of it once it is fitted. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { imageInput, type FittedImage, type ImageSettings } from '../../../src/samples/inputs/image.ts';
import { numberInput, type FittedNumber, type NumberSettings } from '../../../src/samples/inputs/number.ts';
import { classificationTarget } from '../../../src/samples/targets/classification.ts';
import { regressionTarget } from '../../../src/samples/targets/regression.ts';
import { cellsOfArrays, refusal } from './helpers.ts';

const shapes: Readonly<Record<string, readonly number[]>> = {
  one: [],
  wide: [3, 2],
  gray: [10, 20],
  color: [10, 20, 3],
};
const shapeOf = (column: string): readonly number[] => shapes[column] ?? [];

test('a double and a float for each number of an input; for a label there is also whether it is there', () => {
  const numbers = (...columns: readonly string[]): NumberSettings => ({
    ...{ type: 'number', name: 'n', missing: 'mean', indicator: false, normalize: 'none' },
    columns,
  });
  assert.equal(numberInput.bytes(numbers('one'), shapeOf), 12);
  assert.equal(numberInput.bytes(numbers('one', 'wide', 'one'), shapeOf), 8 * 12);
  const scaling = { method: 'none', shift: 0, divisor: 1 } as const;
  const features = ['one', 'wide'].map((column) => ({ column, index: 0, bounds: null, fill: 0, scaling }));
  const fitted: FittedNumber = { type: 'number', name: 'n', indicator: true, features };
  assert.deepEqual(numberInput.columns(fitted), ['one', 'wide']);
  assert.equal(numberInput.width(fitted, cellsOfArrays({}, 0)), 2);
  for (const target of [
    regressionTarget.bytes({ type: 'regression', name: 't', columns: ['one', 'wide'], normalize: 'none' }, shapeOf),
    classificationTarget.bytes({ type: 'classification', name: 't', columns: ['one', 'wide'] }, shapeOf),
  ])
    assert.equal(target, 7 * 16);
});

const picture = (column: string, more: Partial<ImageSettings> = {}): ImageSettings => ({
  ...{ type: 'image', name: 'i', columns: [column], resize: 'stretch', missing: 'drop', normalize: 'none' },
  ...more,
});

test('pictures take nothing more where they stay as they are, else the floats of what they become', () => {
  const bytes = (of: ImageSettings): number => imageInput.bytes(of, shapeOf);
  for (const same of [
    picture('gray'),
    picture('color'),
    picture('gray', { size: [10, 20], channels: 1 }),
    picture('color', { size: [10, 20], channels: 3 }),
  ])
    assert.equal(bytes(same), 0, JSON.stringify(same));
  assert.equal(bytes(picture('gray', { size: [10, 21] })), 10 * 21 * 4);
  assert.equal(bytes(picture('gray', { size: [11, 20] })), 11 * 20 * 4);
  assert.equal(bytes(picture('gray', { channels: 3 })), 10 * 20 * 3 * 4);
  assert.equal(bytes(picture('color', { channels: 1 })), 10 * 20 * 4);
  assert.equal(bytes(picture('color', { size: [5, 7] })), 5 * 7 * 3 * 4);
});

test('the largest picture is known where its size is', () => {
  const largest = (more: Partial<ImageSettings>) => imageInput.largest?.(picture('color', more));
  assert.equal(largest({ channels: 3 }), undefined);
  assert.equal(largest({ size: [5, 7] })?.numbers, 35);
  assert.deepEqual(largest({ size: [5, 7], channels: 3 }), {
    numbers: 105,
    advice: { en: 'Give a smaller “size”.', zh: '请设置更小的 “size”。' },
  });
});

const fitted: FittedImage = {
  type: 'image',
  name: 'i',
  column: 'p',
  source: [10, 20],
  shape: [5, 10, 3],
  resize: 'fit',
  fill: null,
  scalings: [],
};

test('what is in a picture keeps its place where it is stretched or keeps its proportions', () => {
  const frame = (more: Partial<FittedImage>) => imageInput.frame?.({ ...fitted, ...more });
  assert.deepEqual(frame({}), { name: 'i', source: [10, 20], target: [5, 10], keepsPlaces: true, resize: 'fit' });
  const keeps = (resize: FittedImage['resize'], height: number, width: number): unknown =>
    frame({ resize, shape: [height, width, 3] })?.keepsPlaces;
  assert.deepEqual(
    [keeps('stretch', 5, 5), keeps('fit', 5, 5), keeps('crop', 10, 5), keeps('crop', 20, 40)],
    [true, false, false, true],
  );
});

test('a picture of a row is read in its size and written in that of its sample', () => {
  const cells = cellsOfArrays({ p: [[4, 2], new Float32Array(8)] }, 1);
  assert.equal(imageInput.width(fitted, cells), 4 * 2 + 5 * 10 * 3);
  assert.equal(imageInput.width({ ...fitted, column: 'p', shape: [1, 1, 1] }, cells), 4 * 2 + 1);
  assert.deepEqual(imageInput.columns(fitted), ['p']);
  assert.deepEqual(imageInput.counts(fitted, cells, new Int32Array(0)), []);
});

test('an image comes from one column, and what this version does not do is refused', () => {
  const input = {
    missing: { fill: 'drop', indicator: false },
    normalize: 'scale',
    resize: 'crop',
    size: [5, 7],
    channels: 3,
  };
  const settings = (more: object, columns: readonly string[] = ['p']) =>
    imageInput.settings('i', { ...input, ...more } as unknown as Parameters<typeof imageInput.settings>[1], columns);
  assert.deepEqual(settings({}), picture('p', { resize: 'crop', size: [5, 7], channels: 3, normalize: 'scale' }));
  for (const columns of [[], ['p', 'q']]) {
    const { code, message } = refusal(() => settings({}, columns));
    assert.deepEqual(
      [code, message],
      ['shape', `Input “i”: an image comes from one column, not ${String(columns.length)}.`],
    );
  }
  for (const [more, word] of [
    [{ denoise: {} }, /“denoise”/],
    [{ augment: {} }, /“augment”/],
    [{ missing: { fill: 'drop', indicator: true } }, /an indicator of missing images/],
  ] as const) {
    const { code, message } = refusal(() => settings(more));
    assert.equal(code, 'not-available');
    assert.match(message, word);
  }
  const numbers = { missing: { fill: 'mean', indicator: true }, normalize: 'log', outliers: undefined };
  const number = (more: object) =>
    numberInput.settings('n', { ...numbers, ...more } as unknown as Parameters<typeof numberInput.settings>[1], ['a']);
  assert.deepEqual(number({}), {
    ...{ type: 'number', name: 'n', columns: ['a'], missing: 'mean', indicator: true, outliers: undefined },
    normalize: 'log',
  });
  for (const more of [{ denoise: {} }, { augment: {} }]) {
    const { code, message } = refusal(() => number(more));
    assert.equal(code, 'not-available');
    assert.match(message, /^Input “n”/);
  }
});
