import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { generator, keyed, type Random } from '../../../src/numbers/random.ts';

interface Reference {
  readonly fixed: { readonly state: [number, number, number, number]; readonly bits: number[] };
  readonly keyed: readonly { readonly key: [number, ...(string | number)[]]; readonly bits: number[] }[];
}

const reference = JSON.parse(
  readFileSync(new URL('../../reference/random.json', import.meta.url), 'utf8'),
) as Reference;

test('the stream is xoshiro128** and the key is SHA-256, as the Python reference computes them', () => {
  const fixed = generator(...reference.fixed.state);
  assert.deepEqual(
    reference.fixed.bits.map(() => fixed.bits()),
    reference.fixed.bits,
  );
  for (const { key, bits } of reference.keyed) {
    const random = keyed(...key);
    assert.deepEqual(
      bits.map(() => random.bits()),
      bits,
      JSON.stringify(key),
    );
  }
});

test('a permutation holds every index once, and depends on nothing but its key', () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), fc.nat(), (n, seed) => {
      const order = keyed(seed, 'order', 1).permutation(n);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        [...Array(n).keys()],
      );
      assert.deepEqual(order, keyed(seed, 'order', 1).permutation(n));
    }),
  );
});

test('parts are told apart by type and by position', () => {
  const first = [keyed(0, 1), keyed(0, '1'), keyed(0, 'a', 'b'), keyed(0, 'ab'), keyed(0, 'b', 'a'), keyed(1, 1)];
  assert.equal(new Set(first.map((random) => random.bits())).size, first.length);
});

test('moments of uniform, normal and truncated normal over 40,000 numbers', () => {
  const random = keyed(5, 'moments');
  const n = 40_000;
  const check = (draw: () => number, mean: number, variance: number): void => {
    const values = Array.from({ length: n }, draw);
    const m = values.reduce((a, b) => a + b, 0) / n;
    const v = values.reduce((a, b) => a + (b - m) ** 2, 0) / n;
    // Four standard errors; the stream is fixed, so this either always holds or never.
    assert.ok(Math.abs(m - mean) < 4 * Math.sqrt(variance / n), `mean ${m}`);
    assert.ok(Math.abs(v / variance - 1) < 0.04, `variance ${v}`);
  };
  check(() => random.uniform(-1, 3), 1, 16 / 12);
  check(() => random.normal(2, 3), 2, 9);
  // Variance of a normal cut at ±2: 1 − 2·2·φ(2)/(2Φ(2) − 1) = 0.77374.
  check(() => random.truncatedNormal(), 0, 0.77374);
  check(() => random.integer(6), 2.5, 35 / 12);
});

test('a uniform number has 27 bits of one draw above 26 of the next; the state of zeros is replaced', () => {
  const [random, same] = [keyed(1, 'bits'), keyed(1, 'bits')];
  for (let draw = 0; draw < 20; draw++) {
    const [upper, lower] = [BigInt(same.bits()), BigInt(same.bits())];
    assert.equal(BigInt(random.uniform() * 2 ** 53), ((upper >> 5n) << 26n) + (lower >> 6n));
  }
  const [zeros, first] = [generator(0, 0, 0, 0), generator(1, 0, 0, 0)];
  for (let draw = 0; draw < 8; draw++) assert.equal(zeros.bits(), first.bits());
});

test('a truncated normal is the next normal within two standard deviations, then moved and stretched', () => {
  const [random, same] = [keyed(2, 'cut'), keyed(2, 'cut')];
  const normals = Array.from({ length: 400 }, () => same.normal()).filter((value) => Math.abs(value) <= 2);
  assert.ok(normals.length < 400);
  for (const value of normals) assert.equal(random.truncatedNormal(5, 3), 5 + 3 * value);
});

test('integers above the last whole multiple of the limit are drawn again', () => {
  const limit = 2 ** 31 + 1;
  const [random, same] = [keyed(3, 'again'), keyed(3, 'again')];
  const accepted = Array.from({ length: 60 }, () => same.bits()).filter((value) => value < limit);
  assert.ok(accepted.length > 10 && accepted.length < 50);
  for (const value of accepted) assert.equal(random.integer(limit), value);
  // The first number is rotl(5 s₁, 7) · 9, so that s₁ = rotr(number / 9, 7) / 5, modulo 2³².
  const startingWith = (first: number): Random => {
    const ninth = Math.imul(first, 0x38e38e39);
    return generator(1, Math.imul((ninth >>> 7) | (ninth << 25), 0xcccccccd), 2, 3);
  };
  assert.equal(startingWith(limit).bits(), limit);
  assert.equal(startingWith(limit - 1).integer(limit), limit - 1);
  const other = startingWith(limit);
  const next = Array.from({ length: 40 }, () => other.bits()).find((value) => value < limit);
  assert.equal(startingWith(limit).integer(limit), next);
});

test('two things come in either order', () => {
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => keyed(seed, 'two').permutation(2).join()));
  assert.deepEqual([...orders].sort(), ['0,1', '1,0']);
});
