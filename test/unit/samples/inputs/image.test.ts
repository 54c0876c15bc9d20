/** Pictures: their channels, gaps, statistics of the training pixels, and what is refused. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { NumericArray } from '../../../../src/data/table.ts';
import { imageInput, scaleOf, type FittedImage, type ImageSettings } from '../../../../src/samples/inputs/image.ts';
import type { InPlace } from '../../../../src/samples/inputs/contract.ts';
import { collectNotes, type Cells, type Notes } from '../../../../src/samples/contract.ts';
import { assertClose, cellsOfArrays, cellsOfCsv, refusal, rowsOf } from '../helpers.ts';

const settings = (more: Partial<ImageSettings> = {}): ImageSettings => ({
  type: 'image',
  name: 'i',
  columns: ['p'],
  resize: 'stretch',
  missing: 'drop',
  normalize: 'none',
  ...more,
});

function pictures(shape: readonly number[], values: NumericArray | readonly number[], rows = 2): Cells {
  const numbers = Array.isArray(values) ? Float32Array.from(values as readonly number[]) : (values as NumericArray);
  return cellsOfArrays({ p: [shape, numbers] }, rows);
}
const all = (cells: Cells): Int32Array => Int32Array.from({ length: cells.table.rows }, (_, row) => row);
function fit(of: ImageSettings, cells: Cells, rows = all(cells), notes: Notes = collectNotes()): FittedImage {
  return imageInput.begin(of, cells, rows, notes).finish(rows);
}
const inPlace = (fitted: FittedImage, cells: Cells): InPlace | undefined => imageInput.inPlace?.(fitted, cells);
function samples(fitted: FittedImage, cells: Cells, rows = all(cells)): number[][] {
  const store = imageInput.prepare(fitted, cells, rows, collectNotes());
  assert.deepEqual(store.shape, fitted.shape);
  return Array.from(rows, (_, position) => [...store.gather(rowsOf(position))]);
}

test('what was fitted: sizes before and after, channels, one scaling for each', () => {
  const cells = pictures([1, 2, 3], [1, 10, 5, 3, 30, 5, 100, 0, 0, 100, 0, 0]);
  const notes = collectNotes();
  const fitted = fit(settings({ normalize: 'standard', size: [2, 4], resize: 'fit' }), cells, rowsOf(0), notes);
  assert.deepEqual(fitted, {
    type: 'image',
    name: 'i',
    column: 'p',
    source: [1, 2],
    shape: [2, 4, 3],
    resize: 'fit',
    fill: null,
    scalings: [
      { method: 'standard', shift: 2, divisor: 1 },
      { method: 'standard', shift: 20, divisor: 10 },
      { method: 'standard', shift: 5, divisor: 1 },
    ],
  });
  assert.deepEqual(
    notes.warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]),
    [
      [
        'constant-column',
        'Input “i”: channel 2 has the same value in all training pixels; its spread is taken as 1.',
        '输入“i”：通道 2 在所有训练像素中取值相同，其标准差按 1 计。',
        '/data/inputs/i',
      ],
    ],
  );
  assert.deepEqual(fit(settings({ missing: { constant: 4 } }), cells).fill, 4);
  assert.deepEqual(fit(settings(), pictures([2, 3], new Uint8Array(12))).shape, [2, 3, 1]);
});

test('channels: as they are, gray for all three, luminance of colors, transparency left out', () => {
  const color = [10, 20, 30];
  const gray = 0.299 * 10 + 0.587 * 20 + 0.114 * 30;
  const one = (from: readonly number[], to: number): number[] => {
    const cells = pictures([1, 1, from.length], from, 1);
    const [sample] = samples(fit(settings({ channels: to }), cells), cells);
    return sample ?? [];
  };
  assert.deepEqual(one([7], 1), [7]);
  assert.deepEqual(one([7], 3), [7, 7, 7]);
  assert.deepEqual(one(color, 3), color);
  assertClose(one(color, 1), [gray]);
  assertClose(one([...color, 99], 1), [gray]);
  assert.deepEqual(one([...color, 99], 3), color);
  assert.deepEqual(one([...color, 99], 4), [...color, 99]);
  for (const [from, to] of [
    [[1, 2], 3],
    [[1, 2], 1],
    [color, 4],
    [color, 2],
    [[1], 2],
    [[1], 4],
  ] as const) {
    assert.deepEqual(
      refusal(() => one(from, to)),
      {
        code: 'shape',
        message: `Input “i”: images with ${String(from.length)} channel${from.length === 1 ? '' : 's'} cannot become images with ${String(to)}. Correct “channels”.`,
      },
    );
  }
});

test('every pixel of every row is converted by its own channel', () => {
  // Two rows of 1 × 2 pixels with two channels.
  const cells = pictures([1, 2, 2], [0, 10, 2, 30, 4, 50, 6, 70]);
  const fitted = fit(settings({ normalize: 'minmax' }), cells);
  const expected = [
    [0, 0, 1 / 3, 1 / 3],
    [2 / 3, 2 / 3, 1, 1],
  ];
  for (const [row, sample] of samples(fitted, cells).entries()) assertClose(sample, expected[row] ?? []);
  // Larger: the same through another way. Stretching rows doubles each.
  const larger = fit(settings({ normalize: 'minmax', size: [2, 2] }), cells);
  for (const [row, sample] of samples(larger, cells).entries())
    assertClose(sample, [...(expected[row] ?? []), ...(expected[row] ?? [])]);
  assert.deepEqual(samples(larger, cells, rowsOf(1)).length, 1);
});

test('rows with a pixel that is no finite number are dropped, or such pixels filled', () => {
  const values = [1, 2, NaN, 4, 5, Infinity, 7, 8];
  const cells = pictures([1, 2], values, 4);
  const begun = imageInput.begin(settings(), cells, all(cells), collectNotes());
  assert.deepEqual([...begun.drop], [0, 1, 1, 0]);
  const dropping = begun.finish(rowsOf(0, 3));
  assert.deepEqual([...imageInput.unusable(dropping, cells)], [0, 1, 1, 0]);
  // What is thrown away is computed with 0.
  assert.deepEqual(samples(dropping, cells), [[1, 2], [0, 4], [5, 0], [7, 8]]); // prettier-ignore
  const filling = settings({ missing: { constant: 3 }, normalize: 'minmax' });
  assert.deepEqual([...imageInput.begin(filling, cells, all(cells), collectNotes()).drop], [0, 0, 0, 0]);
  // The filled pixel counts for the statistics.
  const filled = fit(filling, cells, rowsOf(1));
  assert.deepEqual(filled.scalings[0], { method: 'minmax', shift: 3, divisor: 1 });
  assert.deepEqual([...imageInput.unusable(filled, cells)], [0, 0, 0, 0]);
  assert.deepEqual(samples(filled, cells, rowsOf(1)), [[0, 1]]);
  // The first row has gaps as well as the last.
  const ends = pictures([1, 2], [NaN, 1, 2, 3, 4, NaN], 3);
  assert.deepEqual([...imageInput.begin(settings(), ends, rowsOf(1), collectNotes()).drop], [1, 0, 1]);
  // Bytes have no gaps; nor has one picture through another size.
  assert.deepEqual([...imageInput.begin(settings(), pictures([1, 2], new Uint8Array(4)), rowsOf(0), collectNotes()).drop], [0, 0]); // prettier-ignore
  const taller = fit(settings({ missing: { constant: 3 }, size: [2, 2] }), cells, rowsOf(0));
  assert.deepEqual(samples(taller, cells, rowsOf(1, 2)), [[3, 4, 3, 4], [5, 3, 5, 3]]); // prettier-ignore
  assert.deepEqual(samples({ ...taller, fill: null }, cells, rowsOf(1)), [[0, 4, 0, 4]]);
});

test('a pixel is scaled by its channel; what is missing becomes the fill, what is no number 0', () => {
  const scalings = [
    { method: 'standard', shift: 1, divisor: 2 },
    { method: 'log', shift: 0, divisor: 1 },
  ] as const;
  const scale = scaleOf({ scalings, fill: 7 });
  assert.deepEqual([scale(5, 0), scale(NaN, 0), scale(0, 1), scale(-2, 1), scale(5, 2)], [2, 3, 0, 0, 0]);
  assert.equal(scaleOf({ scalings, fill: null })(NaN, 0), 0);
});

test('pictures stay in place where neither size nor channels change; others than those of training need a size', () => {
  const cells = pictures([2, 3, 1], new Uint8Array(12));
  const same = fit(settings(), cells);
  const { column, shape, scalings, fill } = same;
  assert.deepEqual(inPlace(same, cells), { column, shape, scalings, fill });
  assert.equal(scaleOf(same)(5, 0), 5);
  assert.equal(inPlace(fit(settings({ channels: 3 }), cells), cells), undefined);
  assert.equal(inPlace(fit(settings({ size: [3, 2] }), cells), cells), undefined);
  const other = pictures([3, 3], new Uint8Array(18));
  for (const work of [() => inPlace(same, other), () => samples(same, other)]) {
    assert.deepEqual(refusal(work), {
      code: 'shape',
      message:
        'Input “i”: the images of a.npz have 3 × 3 pixels, those of training 2 × 3. Give the input a “size”, or use images of that size.',
      file: 'a.npz',
      column: 'p',
    });
  }
  for (const size of [
    [2, 4],
    [3, 3],
  ] as const) {
    // Where a size is given, pictures of any size become it; those that have it already stay in place.
    const resized = fit(settings({ size }), cells);
    assert.equal(samples(resized, other)[0]?.length, size[0] * size[1]);
    assert.equal(inPlace(resized, other) !== undefined, size[0] === 3);
  }
});

test('what is no picture is refused with its shape', () => {
  const place = { file: 'a.npz', column: 'p' };
  const begin = (cells: Cells, of = settings()) => imageInput.begin(of, cells, rowsOf(0), collectNotes());
  assert.deepEqual(
    refusal(() => begin(cellsOfCsv('p\nx.png\n'))),
    {
      code: 'not-available',
      message:
        'Input “i”: images in files (column “p” of a.csv) are not available in this version. Put the pixels into an NPZ array [samples, height, width].',
      file: 'a.csv',
      column: 'p',
    },
  );
  for (const shape of [[], [4], [2, 2, 1, 1]]) {
    const cells = pictures(shape, new Uint8Array(8));
    assert.deepEqual(
      refusal(() => begin(cells)),
      {
        code: 'shape',
        message: `Input “i”: “p” of a.npz has the shape [${['samples', ...shape].join(', ')}]; an image needs [samples, height, width] or [samples, height, width, channels].`,
        ...place,
      },
    );
  }
  assert.deepEqual(
    refusal(() => begin(pictures([4, 5, 5], new Uint8Array(200)))),
    {
      code: 'shape',
      message:
        'Input “i”: “p” of a.npz has the shape [samples, 4, 5, 5], channels first. Move them to the end: numpy.moveaxis(array, 1, -1).',
      ...place,
    },
  );
  for (const shape of [
    [5, 5, 5],
    [4, 4, 4],
    [4, 5],
  ])
    assert.ok(begin(pictures(shape, new Uint8Array(250))));
});

test('training rows without a whole picture, and pixels below 0 under log, are refused', () => {
  const place = { file: 'a.npz', column: 'p' };
  const gaps = pictures([1, 1], [NaN, -1]);
  for (const rows of [rowsOf(0), rowsOf()])
    assert.deepEqual(
      refusal(() => fit(settings(), gaps, rows)),
      { code: 'not-fitted', message: 'Input “i”: “p” of a.npz has no whole image in the training rows.', ...place },
    );
  assert.deepEqual(
    refusal(() => fit(settings({ normalize: 'log' }), gaps, rowsOf(1))),
    {
      code: 'not-a-number',
      message: 'Input “i”: normalize "log" refuses pixels below 0. Use another normalize.',
      ...place,
    },
  );
  assert.ok(fit(settings({ normalize: 'log' }), pictures([1, 1], [0, 1])));
  assert.ok(fit(settings({ normalize: 'none' }), gaps, rowsOf(1)));
});

test('fractions that would be divided by 255 are told; bytes, larger numbers and other scalings are not', () => {
  const told = (values: NumericArray, normalize: ImageSettings['normalize'] = 'scale'): readonly unknown[] => {
    const notes = collectNotes();
    const cells = pictures([1, 1], values);
    fit(settings({ normalize }), cells, rowsOf(0), notes);
    return notes.warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]);
  };
  assert.deepEqual(told(Float32Array.of(0, 1.5)), [
    [
      'image-range',
      'Input “i”: the pixels of “p” already lie below 1, and normalize "scale" divides them by 255. Set normalize to "none".',
      '输入“i”：“p”的像素已小于 1，而 normalize "scale" 会再除以 255。请将 normalize 设为 "none"。',
      '/data/inputs/i',
    ],
  ]);
  assert.deepEqual(told(Float32Array.of(0, 1.6)), []);
  assert.deepEqual(told(Float32Array.of(1.6, 0)), []);
  assert.deepEqual(told(Uint8Array.of(0, 1)), []);
  assert.deepEqual(told(Float32Array.of(0, 1), 'none'), []);
});

test('of very many pixels the statistics take rows evenly spread', () => {
  // Rows of 2,000,000 pixels: two of them may be looked at, every second of four.
  const width = 2_000_000;
  const values = new Uint8Array(4 * width).map((_, at) => [10, 50, 30, 200][Math.floor(at / width)] ?? 0);
  const cells = pictures([1000, 2000], values, 4);
  const scaling = (...rows: readonly number[]): unknown => fit(settings({ normalize: 'minmax' }), cells, rowsOf(...rows)).scalings[0]; // prettier-ignore
  assert.deepEqual(scaling(0, 1, 2, 3), { method: 'minmax', shift: 10, divisor: 20 });
  assert.deepEqual(scaling(0, 1), { method: 'minmax', shift: 10, divisor: 40 });
});
