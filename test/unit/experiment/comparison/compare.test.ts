// From results to a comparison: values, intervals and p against scipy 1.x, numpy and statsmodels; hypotheses; fronts and factors.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tabled, table, three, type Values } from './evidence.ts';
import { made, armOf, measureOf, deltaOf, close, but } from './readings.ts';

describe('values against scipy and statsmodels', () => {
  const comparison = made(three);
  // scipy.stats.ttest_rel; statsmodels multipletests(method="holm") over the four
  const expected = [
    [
      'joint',
      'kind',
      0.0082,
      [0.005235567834933408, 0.011164432165066563],
      [0.0035932079735436443, 0.012806792026456326],
    ],
    ['joint', 'size', 0.08, [0.056770593646148115, 0.10322940635385194], [0.04390099755653008, 0.11609900244346998]],
    ['wide', 'kind', 0.0294, [0.023805618127617795, 0.03499438187238212], [0.020706208957537955, 0.038093791042461966]],
    ['wide', 'size', 0.08, [0.05516672003592482, 0.10483327996407524], [0.0414085431006345, 0.11859145689936557]],
  ] as const;
  const p = [0.0015457735326348783, 0.0006682908787594476, 0.00012833212910506677, 0.000864211028882685];
  const adjusted = [0.002004872636278343, 0.002004872636278343, 0.0005133285164202671, 0.002004872636278343];

  test('differences, both intervals, p and Holm', () => {
    for (const [index, [arm, task, mean, interval, family]] of expected.entries()) {
      const delta = deltaOf(comparison, arm, task);
      close(delta.mean, mean);
      close(delta.interval, interval);
      close(delta.familyInterval, family);
      close(delta.p, p[index]);
      close(delta.correctedP, p[index]);
      close(delta.adjustedP, adjusted[index]);
      close(delta.signFlipP, 0.0625);
      // Five differences cannot give a sign-flip p below 0.05: that contradicts nothing.
      assert.deepEqual([delta.n, delta.disagreement, delta.rankP], [5, false, null]);
    }
    assert.equal(comparison.tests, 4);
    assert.equal(comparison.overlap, 0);
  });

  test('verdicts go by the direction of the metric', () => {
    const verdicts = expected.map(([arm, task]) => deltaOf(comparison, arm, task).verdict);
    assert.deepEqual(verdicts, ['helps', 'hurts', 'helps', 'hurts']);
    assert.match(deltaOf(comparison, 'joint').reason?.en ?? '', /within the margin/);
    assert.doesNotMatch(deltaOf(comparison, 'wide').reason?.en ?? '', /within the margin/);
    // A held split and few seeds are told with every verdict.
    assert.match(
      deltaOf(comparison, 'wide').reason?.en ?? '',
      /A pilot: 5 seeds are few\. …on this split and test set\./,
    );
  });

  test('an arm: values in seed order, mean, sd, interval', () => {
    const wide = measureOf(comparison, 'wide');
    assert.deepEqual(
      wide.cells.map(({ value }) => value),
      table['wide']?.['kind'],
    );
    close(wide.mean, 0.9412);
    close(wide.sd, 0.013989281611290798);
    close(wide.interval, [0.9238300126625263, 0.9585699873374738]);
    assert.deepEqual([wide.n, wide.failed, wide.undefined, wide.missing, wide.reason], [5, 0, 0, 0, null]);
    assert.equal(measureOf(comparison, 'single').delta, null);
  });

  test('single-task baselines are put together task by task', () => {
    const single = armOf(comparison, 'single');
    assert.deepEqual([single.singleTask, single.n, single.runs.length, single.parameters], [true, 5, 10, 120]);
    assert.deepEqual([single.costs.seconds, single.costs.secondsPerEpoch], [24, 1.2]);
    const joint = armOf(comparison, 'joint');
    assert.deepEqual([joint.parameters, joint.costs.seconds, joint.costs.secondsPerEpoch], [100, 20, 2]);
    assert.equal(joint.singleTask, false);
  });

  test('Δm over seeds, and none for the baselines themselves', () => {
    const { deltaM } = armOf(comparison, 'wide');
    close(deltaM?.mean, -0.019276273519072552);
    close(deltaM?.interval, [-0.05407835296556432, 0.015525805927419215]);
    close(deltaM?.values[0], 0.017146866938293703);
    assert.deepEqual([deltaM?.reason, deltaM?.skillPoints], [null, []]);
    assert.equal(armOf(comparison, 'single').deltaM, null);
  });

  test('mean ranks over tasks and seeds', () => {
    // kind: wide, joint, single. size: single first; then joint, wide, wide … by seed.
    close(armOf(comparison, 'single').meanRank, 2);
    close(armOf(comparison, 'joint').meanRank, 2.2);
    close(armOf(comparison, 'wide').meanRank, 1.8);
  });

  test('correlation between tasks, higher = better (numpy.corrcoef)', () => {
    const { correlation } = comparison;
    close(correlation?.arms[0]?.r[0]?.[1], -0.12565617248750932);
    close(correlation?.arms[1]?.r[1]?.[0], -0.16460524381621042);
    close(correlation?.pooled.r[0]?.[1], -0.09277673218677411);
    assert.deepEqual([correlation?.pooled.n, correlation?.pooled.r[0]?.[0], correlation?.arms.length], [15, 1, 3]);
  });

  test('overlapping training sets widen what the verdict goes by, and leave p alone', () => {
    const varied = made({ ...three, replicates: { n: 5 } });
    const delta = deltaOf(varied, 'joint');
    close(varied.overlap, 0.15 / 0.7);
    close(delta.interval, [0.003933453355487938, 0.012466546644512033]);
    close(delta.correctedP, 0.005940716805130146);
    close(delta.p, p[0]);
    // Holm: the smallest of joint's and wide's two sizes comes before and is multiplied by 3.
    close(delta.adjustedP, 3 * 0.0026645322486782666);
    // An arm's own interval is wider by the same factor: √((1/5 + 0.15/0.7) · 5).
    const half = ((0.9585699873374738 - 0.9238300126625263) / 2) * Math.sqrt((1 / 5 + 0.15 / 0.7) * 5);
    close(measureOf(varied, 'wide').interval, [0.9412 - half, 0.9412 + half]);
  });

  test('the level that is asked for, and a deviation that says so', () => {
    const at99 = made(three, tabled, { level: 0.99 });
    const [low = 0, high = 0] = deltaOf(at99, 'wide').interval ?? [];
    // Half of the 95 % interval in units of t₀.₉₇₅ = 2.776445, times t₀.₉₉₅ = 4.604095, of 4 degrees of freedom.
    close(high - low, (0.03499438187238212 - 0.023805618127617795) * (4.604094871415897 / 2.7764451051977987));
    assert.match(at99.deviations[0]?.en ?? '', /level is 0\.99, planned was 0\.95/);
    assert.deepEqual(comparison.deviations, []);
  });

  test('family "all": no correction, and both intervals are one', () => {
    const all = deltaOf(made({ ...three, analysis: { family: 'all' } }), 'joint');
    close(all.adjustedP, p[0]);
    close(all.familyInterval, all.interval);
  });

  test('what differs between arms', () => {
    assert.deepEqual(comparison.differences, {
      arms: ['joint', 'wide'],
      differences: [{ pointer: '/network/trunk/layers/0/units', values: ['8', '16'] }],
    });
  });

  test('where it comes from', () => {
    const { provenance } = comparison;
    assert.deepEqual(provenance.engines, ['wasm 4.22.0']);
    assert.deepEqual(provenance.files, [{ path: 'a.csv', sha256: 'f00d' }]);
    assert.deepEqual([provenance.varies, provenance.held], [['init', 'order', 'dropout'], ['split']]);
  });
});

describe('hypotheses', () => {
  const { hypotheses } = made(three);

  test('beside the baseline by the family, others by themselves, margins by their own test', () => {
    const [first, second, third] = hypotheses;
    assert.deepEqual(
      hypotheses.map(({ result, family }) => [result, family]),
      [
        ['supported', 'baseline'],
        ['supported', 'none'],
        ['supported', 'hypotheses'],
      ],
    );
    close(first?.adjustedP, 0.0005133285164202671);
    close(second?.p, 8.926065917235123e-5);
    close(second?.bound, 0.09906781732736339);
    close(third?.p, 0.00013181769735387712);
    close(third?.mean, 0.0212);
    close(third?.interval, [0.01713841096571076, 0.02526158903428919]);
    assert.match(first?.reason.zh ?? '', /^更好：平均差 0\.0294，校正后 p 0\.0005133。$/);
  });

  const claim = (claimed: string, measure: string, arms: readonly string[], rest = {}) =>
    made({ ...three, ...rest, hypotheses: [{ id: 'H', claim: claimed, measure, arms }] }).hypotheses[0];

  test('refuted: worse, or beyond the margin', () => {
    assert.equal(claim('superior', 'size', ['wide', 'single'])?.result, 'refuted');
    const narrow = { measures: { kind: { metric: 'accuracy', margin: 0.001 }, size: { metric: 'mae', margin: 0.01 } } };
    assert.equal(claim('non-inferior', 'size', ['wide', 'single'], narrow)?.result, 'refuted');
    assert.equal(claim('non-inferior', 'kind', ['wide', 'single'], narrow)?.result, 'supported');
    assert.equal(claim('equivalent', 'kind', ['wide', 'single'], narrow)?.result, 'refuted');
    assert.equal(claim('equivalent', 'kind', ['single', 'wide'], narrow)?.result, 'refuted');
    assert.equal(claim('non-inferior', 'kind', ['single', 'wide'], narrow)?.result, 'refuted');
  });

  test('undecided: a margin within the interval, no margin, an arm that is not there', () => {
    const between = { measures: { kind: { metric: 'accuracy', margin: 0.03 }, size: 'mae' } };
    const open = claim('equivalent', 'kind', ['wide', 'single'], between);
    assert.equal(open?.result, 'undecided');
    assert.match(open.reason.en, /either side of the margin/);
    assert.match(claim('non-inferior', 'size', ['wide', 'single'], between)?.reason.en ?? '', /no margin/);
    assert.match(claim('superior', 'kind', ['nobody', 'single'])?.reason.en ?? '', /"nobody" is not known/);
  });

  test('other pairs share one Holm family', () => {
    const two = made({
      ...three,
      hypotheses: [
        { id: 'A', claim: 'superior', measure: 'kind', arms: ['wide', 'joint'] },
        { id: 'B', claim: 'superior', measure: 'size', arms: ['wide', 'joint'] },
      ],
    }).hypotheses;
    close(two[0]?.adjustedP, 2 * 0.00013181769735387712);
    assert.equal(two[1]?.result, 'undecided');
    assert.match(two[1].reason.en, /any difference lies within the margin/);
  });
});

describe('factors, fronts', () => {
  const factors = [
    { name: 'w', path: '/weights/kind', levels: [0.25, 1] },
    { name: 's', path: '/strategy/name', levels: ['static', 'uncertainty'] },
  ];
  const design = { factors, replicates: { n: 3, hold: 'split' } };
  const values: Values = (arm, task, place) =>
    (arm.includes('w=1') ? 1 : 0) + (arm.includes('uncertainty') ? 0.1 : 0) + place / 100 + (task === 'size' ? 1 : 0);

  test('main effects by their shares of the variance', () => {
    const [kind] = made(design, values).factors;
    assert.ok(kind);
    assert.deepEqual([kind.task, kind.runs, kind.split, kind.remark], ['kind', 12, 'test', null]);
    const shares = new Map(kind.effects.map(({ factors: names, etaSquared }) => [names.join(), etaSquared]));
    // SS: w 12 · ¼ · 1, s 12 · ¼ · 0.01, seeds 4 · 2 · 10⁻⁴.
    const total = 3 + 0.03 + 8e-4;
    close(shares.get('w'), 3 / total);
    close(shares.get('s'), 0.03 / total);
    close(shares.get('w,s') ?? NaN, 0, 1e-9);
    close(kind.levels.find(({ level }) => level === '0.25')?.mean, 0.06);
  });

  test('on the front by means; dominated only where that is decided', () => {
    const worse = made(three, (arm, task, place) => {
      const base = tabled('single', task, place) as number;
      const [noise, sign] = [place / 1000, task === 'kind' ? 1 : -1];
      return arm === 'joint'
        ? base + sign * (0.05 + noise)
        : arm === 'wide'
          ? base + sign * (0.02 * (place - 1.9))
          : base;
    });
    const { pareto } = worse;
    assert.ok(pareto);
    assert.deepEqual(pareto.front, ['joint']);
    const point = (id: string) => pareto.points.find((one) => one.id === id);
    assert.deepEqual(point('single')?.dominatedBy, ['joint']);
    assert.deepEqual(point('single')?.behind, ['joint', 'wide']);
    assert.deepEqual(point('joint')?.behind, []);
    assert.deepEqual(pareto.pairs, [{ x: 'kind', y: 'size', front: ['joint'] }]);
    const broken = made(three, but({ 'wide//1': 'failed' })).pareto;
    assert.deepEqual(broken?.leftOut, ['wide']);
  });
});

describe('what is asked for and is not there', () => {
  test('a baseline that is no arm, and one that is', () => {
    assert.throws(() => made(three, tabled, { baseline: 'nobody' }), /no arm "nobody".*joint, single, wide/);
    const other = made(three, tabled, { baseline: 'joint' });
    assert.equal(other.baseline, 'joint');
    close(deltaOf(other, 'single').mean, -0.0082);
    assert.match(other.deviations[0]?.zh ?? '', /基线为“joint”，计划为“single”。/);
  });

  test('no arm known yet', () => {
    const stages = [
      { id: 'look', method: 'grid' },
      { id: 'confirm', take: { from: 'look', max: 1 }, replicates: 2 },
    ];
    const experiment = { factors: [{ name: 'w', path: '/weights/kind', levels: [0.25, 1] }], arms: [], stages };
    const comparison = made(experiment, () => 'missing');
    assert.match(comparison.remarks.map(({ en }) => en).join(), /runs are not known yet/);
  });

  test('a baseline near 0 gives no Δm', () => {
    const comparison = made(three, (arm, task, place) =>
      task === 'size' && arm === 'single' ? ([0.1, -0.1, 0.2, -0.1, 0.05][place] ?? 0) : tabled(arm, task, place),
    );
    const { deltaM } = armOf(comparison, 'wide');
    assert.deepEqual([deltaM?.mean, deltaM?.values], [null, [null, null, null, null, null]]);
    assert.match(deltaM?.reason?.en ?? '', /interval of the single-task runs of "size" contains 0/);
  });
});
