// From runs to a surface: which runs belong together, what is predicted, and where nothing is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WeightSurface } from '../../../../src/experiment/surface/contract.ts';
import { responseOf, type Designs } from '../../../../src/experiment/surface/response.ts';
import {
  runsOfExperiment,
  runsOfRuns,
  type WeightedRun,
  type WeightedRuns,
} from '../../../../src/experiment/surface/runs.ts';
import type { MixtureRun } from '../../../../src/experiment/surface/scheffe.ts';
import { surfaceOf } from '../../../../src/experiment/surface/surface.ts';
import type { PlainRun } from '../../../../src/experiment/comparison/plain-run.ts';
import { applySettings, readSpec, type Setting, type Spec } from '../../../../src/spec/index.ts';
import { evidenceOf, offset, type Values } from '../comparison/evidence.ts';
import { assertBilingual } from '../../bilingual.ts';
import { spec as specText } from '../specs.ts';

const close = (value: number | null | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs((value ?? NaN) - expected) <= tolerance, `${String(value)} ≠ ${String(expected)}`);

const kind = { task: 'kind', type: 'classification', metric: 'accuracy', higherIsBetter: true, margin: null } as const;
const size = { task: 'size', type: 'regression', metric: 'mae', higherIsBetter: false, margin: null } as const;

const text = specText({ replicates: 2 });
function specWith(...settings: readonly Setting[]): Spec {
  const { spec } = applySettings(readSpec(text), settings);
  assert.ok(spec);
  return spec;
}

/** A run at these weights; its values are by arithmetic. */
function run(first: number, second: number, seed = 1, more: readonly Setting[] = []): WeightedRun {
  const spec = specWith({ pointer: '/weights/kind', value: first }, { pointer: '/weights/size', value: second }, ...more); // prettier-ignore
  const share = first / (first + second);
  const noise = [0.001, -0.002, 0.0015, -0.001, 0.0005][Math.round(share * 20 + seed) % 5] ?? 0;
  const values = new Map([['kind', 0.8 + 0.1 * share + noise], ['size', 2 + 3 * share * (1 - share) + noise]]); // prettier-ignore
  return { arm: `${String(first)}:${String(second)}`, seed, spec, values };
}
const of = (runs: readonly WeightedRun[], failed = 0): WeightedRuns => ({ runs, failed });
const weightings = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((share) => [share, 1 - share] as const);
const frontier = weightings.flatMap(([a, b]) => [run(a, b, 1), run(a, b, 2)]);

describe('a response', () => {
  const points = (values: readonly (readonly [number, number])[]): MixtureRun[][] =>
    values.map(([x, value]) => [{ shares: [x, 1 - x], value }]);

  test('is predicted from one weighting more than there are terms', () => {
    const two = responseOf(kind, points([[0, 1], [1, 2]]), 2, 0.95); // prettier-ignore
    assert.equal(two.model, null);
    assert.match(two.remark?.en ?? '', /^Too few weightings: 2, and 2 tasks need at least 3 different ones/);
    const three = responseOf(kind, points([[0, 1], [0.5, 1.6], [1, 2]]), 2, 0.95); // prettier-ignore
    assert.deepEqual([three.model?.degree, three.model?.df, three.runs, three.remark], [1, 1, 3, null]);
  });

  test('has the interval of Student’s t at the level, over the residual degrees of freedom', () => {
    const own = points([[0, 1], [0.5, 1.6], [1, 2]]); // prettier-ignore
    // t₀.₉₇₅ and t₀.₉₅ with one degree of freedom: tan of 0.475 π and 0.45 π.
    close(responseOf(kind, own, 2, 0.95).model?.quantile, Math.tan(0.475 * Math.PI));
    close(responseOf(kind, own, 2, 0.9).model?.quantile, Math.tan(0.45 * Math.PI));
    // Residuals of the line through (0, 1), (½, 1.6), (1, 2): 1/30 of −1, 2, −1.
    close(responseOf(kind, own, 2, 0.95).model?.sd, Math.sqrt(6) / 30);
    close(responseOf(kind, own, 2, 0.95).model?.reach, 1 / 3 + 1 / 2);
  });

  test('is quadratic where that predicts left-out weightings better, else linear', () => {
    const bent = points([[0, 0], [0.2, 0.17], [0.4, 0.23], [0.6, 0.25], [0.8, 0.15], [1, 0.01]]); // prettier-ignore
    assert.equal(responseOf(kind, bent, 2, 0.95).model?.degree, 2);
    const straight = points([[0, 0.03], [0.2, 0.17], [0.4, 0.43], [0.6, 0.57], [0.8, 0.83], [1, 0.97]]); // prettier-ignore
    assert.equal(responseOf(kind, straight, 2, 0.95).model?.degree, 1);
  });

  test('is the same with designs kept from another task, measured by the same runs or by others', () => {
    const values: readonly (readonly [number, number])[] = [[0, 1], [0.3, 1.6], [0.5, 1.2], [0.8, 2], [1, 1.9]]; // prettier-ignore
    const designs: Designs = new Map();
    const other = values.map(([x, value]) => [x, 3 - value * value] as const);
    for (const own of [
      values,
      other,
      values.slice(1),
      [...values, [0.9, 2] as const],
      [values[0] ?? [0, 0], ...values],
    ])
      assert.deepEqual(responseOf(kind, points(own), 2, 0.95, designs), responseOf(kind, points(own), 2, 0.95));
    assert.equal(designs.size, 8);
  });

  test('says where nothing can be predicted, and where it tells no more than the mean', () => {
    const reasons = [
      [responseOf(kind, points([[0, 1], [0.5, 1], [1, 1]]), 2, 0.95), /the same value/],
      [responseOf(kind, points([[0, 1], [0.5, 1.5], [1, 2]]), 2, 0.95), /to the last digit/],
      [responseOf(kind, [], 2, 0.95), /No run has a value/],
      [responseOf(kind, [[{ shares: [1], value: 1 }]], 1, 0.95), /one task/],
      [responseOf(kind, [0.1, 0.2, 0.4, 0.6].map((x, at) => [{ shares: [x, 1 - x, 0], value: at % 3 }]), 3, 0.95), /do not spread/], // prettier-ignore
    ] as const; // prettier-ignore
    for (const [response, reason] of reasons) {
      assert.equal(response.model, null);
      assert.match(response.remark?.en ?? '', reason);
      assertBilingual(response.remark ?? { en: '', zh: '' });
    }
    const noise = responseOf(kind, points([[0, 1], [0.25, -1], [0.5, 1], [0.75, -1], [1, 1]]), 2, 0.95); // prettier-ignore
    assert.notEqual(noise.model, null);
    assert.match(noise.remark?.en ?? '', /no better than the mean/);
  });
});

function made(runs: WeightedRuns): WeightSurface {
  const surface = surfaceOf(runs, [kind, size], text, 0.95);
  assert.ok(surface);
  return surface;
}

describe('a surface', () => {
  test('puts runs of the same shares together and predicts every task', () => {
    const surface = made(of(frontier));
    assert.deepEqual([surface.tasks, surface.total, surface.current, surface.level], [['kind', 'size'], 1, [0.5, 0.5], 0.95]); // prettier-ignore
    assert.deepEqual(surface.points.map(({ runs, arms }) => [runs, arms.length]), weightings.map(() => [2, 1])); // prettier-ignore
    assert.deepEqual(surface.responses.map(({ model }) => model?.degree), [1, 2]); // prettier-ignore
    assert.deepEqual([surface.arm, surface.remarks], ['weights', []]);
    const [first] = surface.points;
    assert.deepEqual(first?.shares, [0, 1]);
    const mean = ((frontier[0]?.values.get('kind') ?? 0) + (frontier[1]?.values.get('kind') ?? 0)) / 2;
    close(first.means[0], mean);
    close(surface.responses[0]?.model?.coefficients[0], 0.9, 0.005);
    close(surface.responses[0]?.model?.coefficients[1], 0.8, 0.005);
  });

  test('leaves out other strategies, other networks and failed runs, and says so', () => {
    const others = [
      run(0.3, 0.7, 1, [{ pointer: '/strategy/name', value: 'uncertainty' }]),
      run(0.4, 0.6, 1, [{ pointer: '/network/trunk/layers/0/units', value: 3 }]),
    ];
    const surface = made(of([...others, ...frontier], 3));
    assert.equal(surface.points.length, 7);
    assert.deepEqual(surface.remarks.map(({ en }) => en), ['Runs that differ in more than their weights are left out: 2.', 'Runs that failed or were cut short are left out: 3.']); // prettier-ignore
    surface.remarks.forEach(assertBilingual);
    assert.equal(surfaceOf(of(others.slice(0, 1)), [kind], text, 0.95), null);
  });

  test('says that sums differ, and that there is one seed', () => {
    const doubled = surfaceOf(of([...weightings.map(([a, b]) => run(a, b)), run(0.6, 1.4)]), [kind], text, 0.95);
    const [sums, seeds, ...rest] = doubled?.remarks.map(({ en }) => en) ?? [];
    assert.match(sums ?? '', /^The sum of the weights differs between runs \(1 to 2\)/);
    assert.match(seeds ?? '', /^All runs have one seed/);
    assert.deepEqual(rest, []);
    doubled?.remarks.forEach(assertBilingual);
  });

  test('knows what a new arm has to set: the strategy where the spec has another one, nothing where no arm would do', () => {
    const adaptive = specText({ replicates: 2 }, { strategy: { name: 'uncertainty' } });
    assert.equal(surfaceOf(of(frontier), [kind], adaptive, 0.95)?.arm, 'strategy');
    const wide = weightings.map(([a, b]) => run(a, b, 1, [{ pointer: '/network/trunk/layers/0/units', value: 3 }]));
    assert.equal(surfaceOf(of(wide), [kind], text, 0.95)?.arm, null);
    // Of two sets as large the one of the spec itself.
    const equal = surfaceOf(of([...wide, ...weightings.map(([a, b]) => run(a, b))]), [kind], text, 0.95);
    assert.equal(equal?.arm, 'weights');
    assert.equal(surfaceOf(of(frontier), [kind], null, 0.95)?.arm, null);
  });
});

describe('runs of an experiment', () => {
  const values: Values = (arm, task, place) =>
    task === 'kind' ? 0.8 + 0.01 * place + 0.001 * arm.length : arm.endsWith('0.5:0.5') ? null : 1 + 0.1 * place;

  test('of compared arms, with values of the validation split; single-task runs are none', () => {
    const evidence = evidenceOf({ arms: [{ id: 'joint' }, { id: 'single', auto: 'single-task' }, { id: 'front', auto: 'static-weights', points: 5 }], replicates: 2 }, values); // prettier-ignore
    const { runs, failed } = runsOfExperiment(evidence);
    assert.equal(failed, 0);
    const arms = [...new Set(runs.map(({ arm }) => arm))];
    assert.ok(
      arms.every((arm) => arm === 'joint' || arm.startsWith('front/')),
      arms.join(),
    );
    assert.ok(
      runs.every(({ values: own }) => (own.get('kind') ?? 0) > offset),
      'validation',
    );
    const surface = surfaceOf(runsOfExperiment(evidence), evidence.design.measures, evidence.design.text, 0.95);
    assert.equal(surface?.points.length, 5);
  });

  test('a metric without a value is none, and failed runs are counted', () => {
    const evidence = evidenceOf({ arms: [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 3 } }], replicates: 3 }, (arm, task, place) => (arm === 'wide' && place === 2 ? 'failed' : task === 'size' ? null : 0.5)); // prettier-ignore
    const { runs, failed } = runsOfExperiment(evidence);
    assert.deepEqual([runs.length, failed], [5, 1]);
    assert.deepEqual([...(runs[0]?.values ?? [])], [['kind', 0.5 + offset], ['size', null]]); // prettier-ignore
  });

  test('made by hand: completed ones, with what their results say of the validation split', () => {
    const metrics = (value: unknown) => new Map([['metrics', new Map([['kind', new Map([['accuracy', value]])]])]]);
    const plain = (state: PlainRun['state'], result: unknown): PlainRun => ({
      ...{ id: 'r', name: 'digits', spec: specWith(), problem: null, engine: null, files: [], state },
      result: result as PlainRun['result'],
      ...{ created: 0, pinned: false, fork: null, epochs: [] },
    });
    const result = new Map([['splits', new Map([['validation', metrics(0.9)], ['test', metrics(0.1)]])]]); // prettier-ignore
    const broken = new Map([['splits', new Map([['validation', metrics('NaN')]])]]);
    const given = [plain('completed', result), plain('completed', broken), plain('completed', null), plain('stopped', result), plain('failed', null), plain('crashed', null), plain('running', null)]; // prettier-ignore
    const { runs, failed } = runsOfRuns(given, [kind, size]);
    // Stopped, without a result, failed, crashed; one that goes on is none of them.
    assert.deepEqual([runs.length, failed], [2, 4]);
    assert.deepEqual([runs[0]?.arm, runs[0]?.seed, [...(runs[0]?.values ?? [])]], ['digits', 3, [['kind', 0.9], ['size', null]]]); // prettier-ignore
    assert.equal(runs[1]?.values.get('kind'), null);
  });
});
