// The project's copy of the reference vectors, by the same code as `npm run golden`.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tf } from '../../src/engine/tfjs.ts';
import { runFolder, verdict } from './runner/run.ts';

const folder = fileURLToPath(new URL('./reference', import.meta.url));
await tf.setBackend('cpu');
const results = await runFolder(folder);
/** More vectors of our own making: other seeds, sizes up to twenty tasks, other parameters. */
const more = await runFolder(fileURLToPath(new URL('./torchjd', import.meta.url)));

for (const name of new Set(results.map(({ group, method }) => `${group}/${method}`))) {
  test(`${name} agrees with its reference vectors`, () => {
    const cases = results.filter(({ group, method }) => `${group}/${method}` === name);
    const failed = cases.flatMap(({ id, failures }) => failures.map((failure) => `${id}: ${failure}`));
    assert.deepEqual(failed, []);
  });
}

test('vectors of other sizes, seeds and parameters agree too', () => {
  assert.ok(more.length > 400, `${more.length} cases`);
  const failed = more.flatMap(({ group, method, id, failures }) =>
    failures.map((failure) => `${group}/${method} ${id}: ${failure}`),
  );
  assert.deepEqual(failed, []);
});

test('every case of the open set is there, and counted', () => {
  assert.ok(results.length >= 684, `${results.length} cases`);
  assert.match(verdict(results), /^\d+ passed, 0 failed/);
});
