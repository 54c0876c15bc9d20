// Sign-flip, signed rank, ranks, Holm and intersection–union against all patterns counted one by one.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { holm, holmFirstStep, intersectionUnion } from '../../../../src/experiment/statistics/multiplicity.ts';
import { meanRanks, ranks } from '../../../../src/experiment/statistics/ranks.ts';
import { exactSignFlips, signFlip } from '../../../../src/experiment/statistics/sign-flip.ts';
import { signedRank } from '../../../../src/experiment/statistics/signed-rank.ts';

/** Share of the 2ⁿ patterns of signs for which `extreme` holds of the signed values. */
function share(values: readonly number[], extreme: (signed: readonly number[]) => boolean): number {
  let count = 0;
  for (let pattern = 0; pattern < 2 ** values.length; pattern += 1) {
    if (extreme(values.map((value, i) => (((pattern >> i) & 1) === 1 ? value : -value)))) count += 1;
  }
  return count / 2 ** values.length;
}
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
/** Small integers: many ties and zeros. */
const coarse = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });

describe('sign-flip', () => {
  test('counts as many as there are, ties and zeros included, in tenths too', () => {
    fc.assert(
      fc.property(coarse, (values) => {
        const expected = share(values, (signed) => Math.abs(sum(signed)) >= Math.abs(sum(values)));
        assert.equal(signFlip(values).p, expected);
        // 0.1 + 0.2 is not 0.3: tied all the same.
        assert.equal(signFlip(values.map((value) => value / 10)).p, expected);
        assert.equal(signFlip(values.map((value) => value * 1e300)).p, expected);
      }),
    );
  });

  test('all of one sign: 2/2ⁿ, to n = 40 exactly', () => {
    for (const n of [1, 2, 5, 24]) {
      assert.deepEqual(signFlip(Array.from({ length: n }, (_, i) => 1 + i / 7)), {
        ...{ n, p: 2 / 2 ** n, method: 'exact', draws: null, reason: null },
      });
    }
    assert.equal(exactSignFlips, 40);
    // Ties are merged as they are summed, so that 40 of one size are as quick as 40 sizes are slow.
    const most = signFlip(new Array<number>(exactSignFlips).fill(1));
    assert.deepEqual([most.method, most.p], ['exact', 2 / 2 ** 40]);
  });

  test('above that it is drawn, says so, is repeatable and near', () => {
    const many = Array.from({ length: 41 }, (_, i) => ((i * 37) % 23) - 9.5);
    const drawn = signFlip(many);
    assert.deepEqual([drawn.method, drawn.draws], ['monte-carlo', 100_000]);
    assert.equal(signFlip(many).p, drawn.p);
    assert.notEqual(signFlip(many, 2).p, drawn.p);
    const z = Math.abs(sum(many)) / Math.sqrt(sum(many.map((value) => value ** 2)));
    // 0.05 covers the discreteness and four standard errors around the normal limit.
    assert.ok(Math.abs((drawn.p ?? NaN) - Math.exp(-0.717 * z - 0.416 * z * z)) < 0.05, `${drawn.p}`);
    const extreme = signFlip(Array.from({ length: 41 }, () => 1));
    assert.equal(extreme.p, 1 / 100_001);
    assert.equal(
      signFlip([...Array.from({ length: 5 }, () => 0), ...Array.from({ length: 39 }, () => 1)]).method,
      'exact',
    );
  });

  test('what is drawn is as likely as the binomial distribution says, however many differences there are', () => {
    for (const n of [41, 64, 100, 200]) {
      // k of them are positive; a pattern is as extreme where the number of ones is as far from n/2.
      const k = Math.ceil(n / 2 + Math.sqrt(n) / 2);
      const values = Array.from({ length: n }, (_, i) => (i < k ? 2.5 : -2.5));
      let [share, exact] = [2 ** -n, 0];
      for (let ones = 0; ones <= n; ones += 1) {
        if (Math.abs(ones - n / 2) >= k - n / 2) exact += share;
        share *= (n - ones) / (ones + 1);
      }
      const drawn = signFlip(values);
      assert.deepEqual([drawn.n, drawn.method], [n, 'monte-carlo']);
      // Four standard errors of 100,000 draws.
      const most = 4 * Math.sqrt((exact * (1 - exact)) / 100_000);
      assert.ok(Math.abs((drawn.p ?? NaN) - exact) < most, `${n}: ${drawn.p} ${exact}`);
    }
  });

  test('without values, and with what is no number', () => {
    assert.deepEqual(signFlip([]), { n: 0, p: null, method: 'exact', draws: null, reason: 'no-values' });
    assert.equal(signFlip([1, NaN]).reason, 'not-finite');
    assert.equal(signFlip([1, Infinity]).p, null);
    assert.equal(signFlip([0, 0]).p, 1);
  });
});

describe('signed rank', () => {
  test('is exact with ties, zeros dropped', () => {
    fc.assert(
      fc.property(coarse, (values) => {
        const kept = values.filter((value) => value !== 0);
        const own = ranks(kept.map(Math.abs));
        const smaller = (signed: readonly number[]): number => {
          const positive = sum(own.filter((_, i) => (signed[i] ?? 0) > 0));
          return Math.min(positive, sum(own) - positive);
        };
        const { n, statistic, p } = signedRank(values);
        assert.deepEqual([n, statistic], [kept.length, kept.length > 0 ? smaller(kept) : 0]);
        const expected = share(kept, (signed) => smaller(signed) <= smaller(kept));
        assert.ok(Math.abs((p ?? NaN) - expected) < 1e-12, `${p} ${expected}`);
      }),
    );
  });

  test('a failed run is the worst rank', () => {
    assert.equal(signedRank([-Infinity, 1, 2]).statistic, 3);
    assert.equal(signedRank([-Infinity, 1, 2, 3]).balance, 2);
    assert.equal(signedRank([-4, -5, 3]).balance, -4);
    assert.equal(signedRank([-Infinity, 5, -Infinity]).statistic, 1);
    assert.equal(signedRank([Infinity, 1, 2]).p, 0.25);
  });

  test('hundreds are exact, and what cannot be is said', () => {
    assert.equal(signedRank(Array.from({ length: 300 }, (_, i) => i + 1)).p, 2 ** -299);
    assert.equal(signedRank(Array.from({ length: 1001 }, (_, i) => i + 1)).reason, 'too-many');
    assert.equal(signedRank([]).reason, 'no-values');
    assert.equal(signedRank([NaN]).p, null);
  });
});

describe('Holm', () => {
  test('by hand', () => {
    assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
    assert.deepEqual(holm([0.5, 0.9]), [1, 1]);
    assert.deepEqual(holm([]), []);
    // A test that could not be made keeps its place and helps no other one.
    assert.deepEqual(holm([0.01, null, 0.02]), [0.03, null, 0.04]);
    for (const wrong of [-0.1, 1.1, NaN]) assert.throws(() => holm([0.1, wrong]), /number 2/);
    assert.equal(holmFirstStep(0.05, 4), 0.0125);
    for (const wrong of [0, 1.5]) assert.throws(() => holmFirstStep(0.05, wrong), /family/);
  });

  test('keeps the order, never falls, never exceeds Bonferroni, is unmoved by order', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(p, (values) => {
        const adjusted = holm(values).map(Number);
        for (const [i, a] of values.entries()) {
          assert.ok((adjusted[i] ?? 0) >= a && (adjusted[i] ?? 2) <= Math.min(1, a * values.length));
          for (const [j, b] of values.entries()) if (a <= b) assert.ok((adjusted[i] ?? 2) <= (adjusted[j] ?? 0));
        }
        assert.deepEqual(holm([...values].reverse()), [...adjusted].reverse());
      }),
    );
  });

  test('all of them: the largest, without correction', () => {
    assert.equal(intersectionUnion([0.01, 0.04, 0.03]), 0.04);
    assert.equal(intersectionUnion([]), null);
    assert.equal(intersectionUnion([0.01, null]), null);
    assert.throws(() => intersectionUnion([2]), /number 1/);
  });
});

describe('ranks', () => {
  test('ties share the mean of their places', () => {
    assert.deepEqual(ranks([3, 1, 3, 2]), [3.5, 1, 3.5, 2]);
    assert.deepEqual(ranks([]), []);
  });

  test('mean ranks: direction, failures worst, undefined metrics left out and counted', () => {
    const blocks = [
      { values: [0.9, 0.8, 0.7], higherIsBetter: true },
      { values: [1, 2, 0.5], higherIsBetter: false },
      { values: ['failed', 0.1, 'failed'] as const, higherIsBetter: true },
      { values: [1, null, 2], higherIsBetter: true },
    ];
    assert.deepEqual(meanRanks(blocks), { ranks: [5.5 / 3, 2, 6.5 / 3], blocks: 3, leftOut: 1 });
    assert.deepEqual(meanRanks([]), { ranks: [], blocks: 0, leftOut: 0 });
    assert.deepEqual(meanRanks(blocks.slice(3)), { ranks: [null, null, null], blocks: 0, leftOut: 1 });
    assert.throws(() => meanRanks([...blocks, { values: [1], higherIsBetter: true }]), /Block 4 has 1 arms/);
  });
});
