import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  arrow,
  fixedWidth,
  onSharedLine,
  percent,
  plainLabel,
  shares,
  shorten,
  summaryText,
  weightText,
  type Translate,
} from '../../../../src/editor/weights/lens-text.ts';

const t: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
const plain = (text: string): string => text.replaceAll('\u2007', '');

test('shares of weights sum to one, and are nothing where the sum is nothing', () => {
  assert.deepEqual(shares([0.5, 0.3, 0.2]), [0.5, 0.3, 0.2]);
  assert.deepEqual(shares([0, 0]), [0, 0]);
  assert.deepEqual(shares([3, 1]), [0.75, 0.25]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (weights) => {
      const sum = shares(weights).reduce((a, b) => a + b, 0);
      assert.ok(sum === 0 || Math.abs(sum - 1) < 1e-9);
    }),
  );
});

test('percentages keep their width, and something never reads as nothing', () => {
  assert.equal(percent(0.5), '\u200750 %');
  assert.equal(percent(1), '100 %');
  assert.equal(plain(percent(0)), '0 %');
  assert.equal(plain(percent(0.001)), '<1 %');
  assert.equal(new Set([0, 0.004, 0.05, 0.5, 1].map((share) => percent(share).length)).size, 1);
});

test('losses take five characters', () => {
  const expected: readonly (readonly [number, string])[] = [
    [0.412, '0.412'],
    [9.9994, '9.999'],
    [9.9996, '10.00'],
    [12.345, '12.35'],
    [123.44, '123.4'],
    [123456, '1.2e5'],
    [0, '0.000'],
    [0.00012, '1e-4\u2007'],
    [NaN, 'NaN\u2007\u2007'],
    [Infinity, '∞\u2007\u2007\u2007\u2007'],
  ];
  for (const [value, text] of expected) assert.equal(fixedWidth(value), text);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9e8, noNaN: true }), (value) => {
      assert.ok(fixedWidth(value).length >= 5 && fixedWidth(value).length <= 6);
    }),
  );
});

test('a summary says share, loss with trend, and share of the total', () => {
  const run = { loss: 0.412, trend: -1, share: 0.37, effective: null } as const;
  assert.equal(plain(summaryText(t, 0.5, run)), '50 % · loss 0.412 ↓ · 37 % of total');
  assert.equal(plain(summaryText(t, 0.5, null)), '50 %');
  assert.equal(plain(summaryText(t, 0.5, { ...run, effective: 0.43 })).endsWith('effective 0.43'), true);
  assert.equal(plain(summaryText(t, 0.5, { ...run, loss: null, share: null })), '50 %');
  assert.equal(plain(summaryText(t, 0.5, { ...run, loss: NaN })).includes('NaN'), true);
});

test('trends are arrows', () => {
  assert.deepEqual(([-1, 0, 1] as const).map(arrow), ['↓', '→', '↑']);
});

test('weights have at most four decimals and no zeros at their end', () => {
  assert.equal(weightText(0.1 + 0.2), '0.3');
  assert.equal(weightText(0.33333), '0.3333');
  assert.equal(weightText(2), '2');
});

test('a line with several entries names its tasks', () => {
  assert.equal(onSharedLine('−', '分类', true), '分类 −');
  assert.equal(onSharedLine('−', '分类', false), '−');
});

test('names are data: no icons, no control characters, cut at whole characters', () => {
  assert.equal(plainLabel('$(trash) x').includes('$('), false);
  assert.equal(shorten('a\nb\u202ec'), 'a b c');
  assert.equal(Array.from(shorten('😀'.repeat(50))).length, 24);
});

test('a share below half a percent reads as less than one, padded like all', () => {
  assert.deepEqual([0.0049, 0.005, 0.0149, 0.994, 0.995].map(percent), ['\u2007<1 %', '\u2007\u20071 %', '\u2007\u20071 %', '\u200799 %', '100 %']); // prettier-ignore
  assert.equal(percent(0), '\u2007\u20070 %');
});

test('what is no weight takes no share from the others', () => {
  assert.deepEqual(shares([-1, 3, 1]), [0, 0.75, 0.25]);
  assert.deepEqual(shares([-1, 0]), [0, 0]);
  assert.deepEqual(shares([]), []);
});

test('digits change where one more would not fit', () => {
  const expected: readonly (readonly [number, string])[] = [
    [9.9994, '9.999'],
    [9.9995, '10.00'],
    [99.994, '99.99'],
    [99.995, '100.0'],
    [999.94, '999.9'],
    [999.95, '1.0e3'],
    [0.0005, '0.001'],
    [0.00049, '5e-4\u2007'],
    [-12.345, '-12.35'],
    [-0.0001, '-1e-4'],
    [-1234, '-1.2e3'],
    [-Infinity, '-∞\u2007\u2007\u2007'],
  ];
  for (const [value, text] of expected) assert.equal(fixedWidth(value), text, String(value));
});

test('names of twenty-four characters stay whole; what breaks lines or turns them becomes a space', () => {
  const name = 'abcdefghijklmnopqrstuvwx';
  assert.equal(shorten(name), name);
  assert.equal(shorten(`${name}y`), 'abcdefghijklmnopqrstuvw…');
  assert.equal(shorten('a\u2028b\u2029c\u200ed\u0000e'), 'a b c d e');
  assert.equal(plainLabel('$(a) $(b) $c'), '$\u200b(a) $\u200b(b) $c');
});
