/** Reads reference vectors of test/golden/vectors, and compares numbers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** Typed by who asks: the files are ours, written by the scripts in test/reference. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what the file holds
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../golden/vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Every number within `tolerance` of the expected one, relative to the largest expected one or to 1. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN));
    assert.ok(
      difference <= tolerance * scale,
      `${what}[${String(index)}]: ${String(actual[index])} instead of ${String(expected[index])}`,
    );
  }
}
