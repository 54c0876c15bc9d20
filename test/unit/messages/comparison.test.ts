// A comparison crosses the border whole, or not at all: no member of it may be missing or of another kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passes } from '../../../src/common/checks.ts';
import type { Comparison } from '../../../src/experiment/comparison/contract.ts';
import { comparison } from '../../../src/messages/comparison.ts';
import { comparisonOf, delta } from '../../webview/comparisons.ts';
import { placesOf, replaced } from './places.ts';

/** With something in every list, and every part that may be null once there. */
function full(): Comparison {
  const base = comparisonOf(2, 2, 2);
  const said = { en: 'a', zh: '甲' };
  const all = delta(0.1, 0.1, 'helps', {
    ...{ reason: said, rankP: 0.5, moreSeeds: 3 },
    equivalence: { p: 0.1, interval: [0, 1], equivalent: false },
    nonInferiority: { p: 0.1, bound: 0.2, nonInferior: true },
  });
  const arms = base.arms.map((arm) => ({
    ...arm,
    point: [{ factor: 'a', level: '1' }],
    runs: [{ id: 'r', seed: 1, task: '分类' }],
    measures: arm.measures.map((one) => ({ ...one, delta: all, reason: said })),
    deltaM: { values: [0.1], mean: 0.1, interval: [0, 1] as const, skillPoints: ['分类'], reason: said },
  }));
  const r = [[1, 0.5]];
  return {
    ...base,
    arms,
    correlation: { tasks: ['分类'], arms: [{ id: 'a', n: 3, r }], pooled: { n: 3, r } },
    pareto: base.pareto && { ...base.pareto, leftOut: ['b'], points: base.pareto.points.map((point) => ({ ...point, behind: ['a'], dominatedBy: ['a'] })) }, // prettier-ignore
    factors: base.factors.map((factor) => ({ ...factor, remark: said })),
    failures: [{ arm: 'a', seed: 1, task: '分类', failure: 'crash', reason: said }],
    variance: [{ ...{ task: 'a', metric: 'mae', arms: 1, splits: 2, seeds: 1, dropped: 0, reason: said }, parts: [{ source: 'split', name: said, variance: 1, raw: 1, share: 0.5 }] }], // prettier-ignore
    crossed: said,
    claims: [{ arm: 'a', p: 0.1, adjustedP: 0.2, holds: true, reason: said }],
    looks: { count: 1, declared: 2, problem: said },
    beside: {
      reference: 'r',
      runs: [{ ...{ id: 'r', label: 'a', created: 1, state: 'completed', pinned: true, seed: 1, engine: 'wasm', strategy: 'static' }, fork: { run: 'p', step: 1 } }], // prettier-ignore
      rows: [{ ...{ task: 'a', metric: 'mae', higherIsBetter: false, split: 'test' }, values: [{ state: 'value', value: 1, epoch: 2 }] }], // prettier-ignore
      differences: [{ pointer: '/a', values: ['1'] }],
      caveats: [said],
    },
    provenance: { ...base.provenance, files: [{ path: 'a', sha256: 'b' }], versions: ['1'], held: ['init'] },
  };
}

const whole = full();

test('a whole one passes, and a plain one', () => {
  assert.ok(passes(comparison, whole));
  assert.ok(passes(comparison, comparisonOf(1, 1, 1)));
});

test('without any member, or with one of another kind, it does not', () => {
  const places = placesOf(whole).slice(1);
  assert.ok(places.length > 150, String(places.length));
  for (const path of places) {
    const name = path.join('.');
    assert.ok(!passes(comparison, replaced(whole, path, undefined)), `${name} missing`);
    assert.ok(!passes(comparison, replaced(whole, path, Symbol(name))), `${name} of another kind`);
  }
});

const nullable = [
  ...['question', 'correlation', 'pareto', 'looks', 'provenance.plan', 'looks.problem', 'failures.0.reason'],
  ...['failures.0.task', 'measures.0.margin', 'factors.0.remark', 'factors.0.effects.0.etaSquared'],
  ...[
    'factors.0.effects.0.partialEtaSquared',
    'factors.0.interactions.0.cells.0.mean',
    'factors.0.interactions.0.cells.0.interval',
    'differences.differences.0.values.0',
    'pareto.points.0.intervals.0',
  ],
  ...['correlation.arms.0.r.0.0', 'correlation.pooled.r.0.0', 'arms.0.stage', 'arms.0.deltaM', 'arms.0.deltaM.mean'],
  ...[
    'arms.0.deltaM.interval',
    'arms.0.deltaM.reason',
    'arms.0.deltaM.values.0',
    'arms.0.meanRank',
    'arms.0.parameters',
  ],
  ...['arms.0.costs.seconds', 'arms.0.costs.secondsPerEpoch', 'arms.0.runs.0.task'],
  ...['cells.0.value', 'mean', 'sd', 'interval', 'delta', 'reason'].map((name) => `arms.0.measures.0.${name}`),
  ...['mean', 'interval', 'familyInterval', 'p', 'correctedP', 'adjustedP', 'signFlipP', 'rankP', 'reason', 'moreSeeds', 'equivalence', 'equivalence.p', 'equivalence.interval', 'nonInferiority', 'nonInferiority.p', 'nonInferiority.bound'].map((name) => `arms.0.measures.0.delta.${name}`), // prettier-ignore
  ...['beside', 'beside.runs.0.engine', 'beside.runs.0.fork', 'beside.differences.0.values.0'],
  ...['beside.rows.0.values.0.value', 'beside.rows.0.values.0.epoch'],
  ...['crossed', 'variance.0.reason', 'variance.0.parts.0.share'],
  ...['claims.0.p', 'claims.0.adjustedP'],
  ...['mean', 'interval', 'p', 'adjustedP', 'bound', 'margin'].map((name) => `hypotheses.0.${name}`),
];

test('null stands where the contract has it, and nowhere else', () => {
  for (const path of placesOf(whole).slice(1)) {
    const name = path.join('.');
    assert.equal(passes(comparison, replaced(whole, path, null)), nullable.includes(name), name);
  }
});

test('words are those of the contract', () => {
  const good: Readonly<Record<string, readonly string[]>> = {
    kind: ['experiment', 'runs'],
    family: ['any', 'all'],
    'arms.0.split': ['test', 'validation'],
    'factors.0.split': ['test', 'validation'],
    'arms.0.measures.0.cells.0.state': ['value', 'undefined', 'failed', 'pruned', 'missing'],
    'arms.0.measures.0.delta.verdict': ['helps', 'hurts', 'equivalent', 'non-inferior', 'undecided', 'not-confirmed'],
    'hypotheses.0.claim': ['superior', 'non-inferior', 'equivalent'],
    'hypotheses.0.result': ['supported', 'refuted', 'undecided'],
    'hypotheses.0.family': ['baseline', 'hypotheses', 'none'],
    'variance.0.parts.0.source': ['split', 'armBySplit', 'seed', 'armBySplitAndSeed'],
    'failures.0.failure': ['nan', 'crash', 'killed', 'data-changed', 'pruned'],
  };
  for (const [name, words] of Object.entries(good)) {
    const path = name.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (const word of words) assert.ok(passes(comparison, replaced(whole, path, word)), `${name} ${word}`);
    assert.ok(!passes(comparison, replaced(whole, path, 'other')), name);
  }
});

test('counts are whole and not below 0', () => {
  for (const name of [
    'tests',
    'arms.0.n',
    'arms.0.failed',
    'arms.0.missing',
    'arms.0.measures.0.n',
    'arms.0.measures.0.delta.unpaired',
    'looks.count',
    'looks.declared',
    'hypotheses.0.n',
    'factors.0.runs',
  ]) {
    // prettier-ignore
    const path = name.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (const bad of [-1, 0.5]) assert.ok(!passes(comparison, replaced(whole, path, bad)), name);
  }
});
