import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalLabel } from '../../../../src/spec/index.ts';

test('a label is the text as written; only a whole number and the same with zeros behind the point are one', () => {
  const same = (a: string, b: string): void => assert.equal(canonicalLabel(a), canonicalLabel(b), `${a} ${b}`);
  const apart = (a: string, b: string): void => assert.notEqual(canonicalLabel(a), canonicalLabel(b), `${a} ${b}`);
  for (const [a, b] of [
    ['1', '1.0'],
    ['1', '1.000'],
    ['-3.0', '-3'],
    ['0', '0.0'],
    ['0', '-0'],
    ['-0.0', '0'],
    [' 7 ', '7.0'],
    ['1234567890123456789', '1234567890123456789.0'],
    ['caf\u00e9', 'cafe\u0301'],
  ] as const)
    same(a, b);
  for (const [a, b] of [
    ['01', '1'],
    ['001', '01'],
    ['00', '0'],
    ['+1', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['1.10', '1.1'],
    ['1e3', '1000'],
    ['0x10', '16'],
    ['1,0', '1'],
    ['-999', '999'],
    ['1234567890123456', '1234567890123457'],
    ['9007199254740993', '9007199254740992'],
    ['01.0', '1'],
    ['A', 'a'],
    ['', '0'],
    ['NaN', '0'],
  ] as const)
    apart(a, b);
  assert.equal(canonicalLabel(1), '1');
  assert.equal(canonicalLabel(-0), '0');
  assert.equal(canonicalLabel(1.5), '1.5');
  assert.equal(canonicalLabel(true), 'true');
});

const digits = fc.string({
  unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
  minLength: 1,
  maxLength: 24,
});

test('codes of digits are one label only where they are one text, or whole numbers of one value', () => {
  fc.assert(
    fc.property(digits, digits, fc.nat(3), (a, b, zeros) => {
      assert.equal(canonicalLabel(a) === canonicalLabel(b), a === b);
      const pointed = zeros === 0 ? b : `${b}.${'0'.repeat(zeros)}`;
      const plain = !/^0./.test(b);
      assert.equal(canonicalLabel(a) === canonicalLabel(pointed), a === pointed || (a === b && plain));
      // Comparing twice changes nothing.
      assert.equal(canonicalLabel(canonicalLabel(pointed)), canonicalLabel(pointed));
    }),
  );
});
