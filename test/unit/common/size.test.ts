import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSize, sizeText } from '../../../src/common/size.ts';
import { readSpecValue } from '../../../src/spec/index.ts';

test('sizes of memory as people write them', () => {
  const sizes: readonly (readonly [string, number | undefined])[] = [
    ['512 MB', 512 * 2 ** 20],
    ['2GB', 2 ** 31],
    ['1.5 GiB', 1.5 * 2 ** 30],
    [' 1 tb ', 2 ** 40],
    ['0.25 mb', 2 ** 18],
    ['  7   MiB  ', 7 * 2 ** 20],
    ['3 TB', 3 * 2 ** 40],
    ['2 TiB', 2 * 2 ** 40],
    ['0.000000001 GB', 1],
    ['123456789.123456789 MB', Math.round(123456789.123456789 * 2 ** 20)],
    ['999999999 TB', undefined],
    ['1234567890 MB', undefined],
    ['1.0123456789 MB', undefined],
    ...['about 1 GB', 'x1 GB', '1 GB of it'].map((text) => [text, undefined] as const),
    ...['', '0 MB', '12', '12 kB', '-1 GB', '1e3 MB', 'GB', '1 GB!', '1,5 GB', 'auto'].map(
      (text) => [text, undefined] as const,
    ),
  ];
  for (const [text, bytes] of sizes) assert.equal(parseSize(text), bytes, text);
});

test('sizes are said in gigabytes from one on, with a tenth below ten', () => {
  const said: readonly (readonly [number, string])[] = [
    [2 ** 20, '1 MB'],
    [1.5 * 2 ** 20, '1.5 MB'],
    [9.96 * 2 ** 20, '10 MB'],
    [10.4 * 2 ** 20, '10 MB'],
    [512 * 2 ** 20, '512 MB'],
    [2 ** 30 - 1, '1024 MB'],
    [2 ** 30, '1 GB'],
    [2.25 * 2 ** 30, '2.3 GB'],
    [10 * 2 ** 30, '10 GB'],
    [10.5 * 2 ** 30, '11 GB'],
  ];
  for (const [bytes, text] of said) assert.equal(sizeText(bytes), text);
});

test('any text is a size or none; a written size is read back to its digits', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bytes = parseSize(text);
      assert.ok(bytes === undefined || (Number.isSafeInteger(bytes) && bytes > 0));
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 2 ** 20, max: 2 ** 45 }), (bytes) => {
      const again = parseSize(sizeText(bytes)) ?? NaN;
      assert.ok(Math.abs(again - bytes) <= 0.051 * bytes, `${bytes} ${sizeText(bytes)}`);
    }),
  );
});

test('data.memory is a size; without it the resolved spec says nothing', () => {
  const spec = (memory: unknown): unknown => ({
    data: {
      source: 'a.csv',
      inputs: { x: { type: 'number', from: 'x' } },
      ...(memory === undefined ? {} : { memory }),
    },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: { y: { type: 'regression', target: 'y', input: 'trunk' } },
  });
  const errors = (memory: unknown): (readonly [string, string])[] =>
    readSpecValue(spec(memory))
      .problems.filter(({ severity }) => severity === 'error')
      .map(({ code, pointer }) => [code, pointer] as const);
  assert.deepEqual(errors('256 MB'), []);
  assert.equal(readSpecValue(spec('256 MB')).spec?.data.memory, '256 MB');
  assert.equal(readSpecValue(spec(undefined)).spec?.data.memory, undefined);
  assert.deepEqual(errors('much'), [['out-of-range', '/data/memory']]);
  assert.deepEqual(errors(512), [['wrong-type', '/data/memory']]);
});
