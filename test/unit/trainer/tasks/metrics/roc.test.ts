/** Areas under the ROC curves, by counting pairs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { areasUnderRoc } from '../../../../../src/trainer/tasks/metrics/roc.ts';

test('the share of pairs in the right order, ties half; none where a class or all others are missing', () => {
  const score = fc.integer({ min: 0, max: 4 });
  const row = fc.tuple(fc.nat({ max: 2 }), fc.array(score, { minLength: 4, maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 25 }), (rows) => {
      const areas = areasUnderRoc(Float32Array.from(rows.flatMap(([, scores]) => scores)), Float32Array.from(rows, ([label]) => label), 4); // prettier-ignore
      const expected = [0, 1, 2, 3].map((k) => {
        const own = rows.filter(([label]) => label === k).map(([, scores]) => scores[k] ?? NaN);
        const others = rows.filter(([label]) => label !== k).map(([, scores]) => scores[k] ?? NaN);
        if (own.length === 0 || others.length === 0) return null;
        const won = own.flatMap((a) => others.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        return won.reduce((sum: number, value) => sum + value, 0) / won.length;
      });
      assert.equal(areas.length, 4);
      for (const [k, area] of areas.entries()) {
        const wanted = expected[k];
        if (wanted === null || wanted === undefined || area === null) assert.equal(area, wanted);
        else assert.ok(Math.abs(area - wanted) < 1e-12, `${String(area)} for ${String(wanted)}`);
      }
    }),
  );
});
