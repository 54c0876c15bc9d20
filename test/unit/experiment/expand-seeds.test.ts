/** The seeds of stages that follow one another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDesign } from '../../../src/experiment/design.ts';
import { expand } from '../../../src/experiment/expand.ts';
import { spec, surroundings } from './specs.ts';

test('the same seeds as the stage before are those, once each', () => {
  const arms = [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 16 } }];
  for (const [paired, expected] of [
    [
      true,
      [
        [3, 4],
        [3, 4],
      ],
    ],
    [
      false,
      [
        [3, 4],
        [5, 6],
      ],
    ],
  ] as const) {
    const stages = ['first', 'again'].map((id) => ({
      ...{ id, replicates: { n: 2, paired, ...(id === 'again' ? { seeds: 'same' } : {}) } },
    }));
    const { design } = readDesign(spec({ arms, stages }));
    assert.ok(design);
    const expansion = expand(design, surroundings, new Map());
    const of = (stage: string) => expansion.compared.filter((one) => one.stage === stage).map(({ seeds }) => seeds);
    assert.deepEqual([of('first'), of('again')], [expected, expected]);
  }
});
