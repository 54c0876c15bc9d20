// The tables of a factorial design: what stands in which column.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factorTables } from '../../../../src/experiment/report/tables.ts';

test('effects and means of levels, a row each; an effect without freedom has no share', () => {
  const effect = (factors: readonly string[], df: number, etaSquared: number, partialEtaSquared: number) => ({
    ...{ factors, df, etaSquared, partialEtaSquared },
  });
  const [effects, means] = factorTables({
    ...{ task: 'kind', split: 'test', runs: 8 },
    effects: [effect(['rate'], 1, 0.25, 0.5), effect(['rate', 'width'], 0, 0, 0)],
    levels: [{ factor: 'rate', level: '0.1', runs: 4, mean: 0.75 }],
    interactions: [],
    remark: null,
  });
  const texts = (table: typeof effects) => table?.rows.map((row) => row.map(({ text }) => text.en));
  assert.deepEqual(texts(effects), [['rate', '1', '0.25', '0.5'], ['rate × width', '0', '–', '–']]); // prettier-ignore
  assert.deepEqual(texts(means), [['rate', '0.1', '4', '0.75']]);
});
