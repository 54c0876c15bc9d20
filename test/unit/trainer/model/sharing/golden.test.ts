import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { tf } from '../../../../../src/trainer/engine/tfjs.ts';
import { type ArchitectureFile, checkArchitectures } from '../../../../golden/architectures.ts';

const folder = new URL('../../../../golden/reference/architectures/', import.meta.url);

describe('sharing mechanisms against LibMTL and the published equations', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    it(name, async () => {
      const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ArchitectureFile;
      for (const { id, comparisons } of await checkArchitectures(file)) {
        const wrong = comparisons.filter(({ error, allowed }) => error > allowed);
        assert.deepEqual(wrong, [], id);
        assert.ok(comparisons.length > 0);
      }
    });
  }
});
