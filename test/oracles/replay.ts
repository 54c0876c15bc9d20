/** What oracles share: first values of a model's parameters given by path. */
import assert from 'node:assert/strict';
import { tf } from '../../src/engine/tfjs.ts';
import type { Model } from '../../src/trainer/model/build.ts';

/** Gives parameters the values that are named; those that are not named stay. */
export function assign({ variables }: Model, values: Readonly<Record<string, readonly number[]>>): void {
  for (const [path, list] of Object.entries(values)) {
    const found = variables.find((candidate) => candidate.path === path);
    assert.ok(found, `${path} is none of ${variables.map((one) => one.path).join(' ')}`);
    tf.tidy(() => found.variable.assign(tf.tensor([...list], found.variable.shape)));
  }
}
