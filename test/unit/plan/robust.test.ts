import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diagramOf, makePlan, planSummary, sharesOf } from '../../../src/plan/index.ts';
import { applyEdits, readSpec } from '../../../src/spec/index.ts';
import { specText, table } from './helpers.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const base = JSON.parse(
  specText({
    data: {
      source: 'table.csv',
      inputs: {
        measures: { type: 'number', from: ['a', { match: 'b*' }] },
        code: { type: 'category', encoding: 'index', from: 'c' },
      },
    },
    network: {
      trunk: { input: ['measures'], layers: [{ type: 'dense', units: 8 }] },
      words: { input: 'code', layers: [{ type: 'embedding', outputDim: 3 }, { type: 'flatten' }] },
      top: { input: ['trunk', 'words'], layers: [{ type: 'batchNormalization' }] },
    },
    tasks: {
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'top' },
      mass: { type: 'regression', target: 'mass', input: ['top', 'task:kind'] },
      where: { type: 'box', target: ['a', 'b', 'c', 'id'], input: 'trunk' },
    },
    training: { earlyStopping: { monitor: 'validation/kind/accuracy' } },
  }),
) as Json;

/** Values that may be swapped in anywhere: names of the spec, names of nothing, layers, numbers. */
const swaps: readonly Json[] = [
  ...['trunk', 'top', 'words', 'measures', 'code', 'task:kind', 'task:mass', 'task:none', 'tronk', 'a', 'zz', 'kind'],
  ...[0, 1, 4, 0.5, true, false],
  ...[[], ['top', 'top'], ['trunk', 'code'], { match: 'q*' }, { except: ['a'] }],
  ...[{ type: 'flatten' }, { type: 'conv2d', filters: 2, kernelSize: 3 }, { type: 'maxPooling2d' }, 'flatten'],
];

interface Mutation {
  readonly place: number;
  readonly swap: number;
  readonly kind: 'replace' | 'delete' | 'duplicate';
}

const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    place: fc.nat({ max: 200 }),
    swap: fc.nat({ max: swaps.length - 1 }),
    kind: fc.constantFrom('replace' as const, 'delete' as const, 'duplicate' as const),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Changes the n-th value of a tree. */
function mutate(tree: Json, { place, swap, kind }: Mutation): Json {
  let count = 0;
  const visit = (value: Json): Json | undefined => {
    count += 1;
    if (count - 1 === place && count > 1) {
      if (kind === 'delete') return undefined;
      return kind === 'replace' ? (swaps[swap] ?? null) : Array.isArray(value) ? [...value, ...value] : [value, value];
    }
    if (Array.isArray(value)) return value.map(visit).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, visit(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined)) as Json;
  };
  return visit(tree) ?? tree;
}

test('whatever the grammar lets through is planned without throwing; places and fixes lie in the text', () => {
  let planned = 0;
  fc.assert(
    fc.property(mutations, fc.boolean(), (steps, withFacts) => {
      const source = JSON.stringify(steps.reduce(mutate, base), null, 1);
      const { spec, tree } = readSpec(source);
      if (spec === undefined) return;
      planned += 1;
      const { plan, problems } = makePlan(spec, tree, withFacts ? table : undefined);
      for (const { range, fixes, message } of problems) {
        assert.ok(range.start >= 0 && range.start < range.end && range.end <= source.length, message.en);
        assert.ok(message.en.length > 10 && message.zh.length > 5);
        for (const fix of fixes) JSON.parse(applyEdits(source, fix.edits));
      }
      assert.ok(plan);
      for (const locale of ['en', 'zh-cn'] as const) diagramOf(plan, locale);
      JSON.stringify(planSummary(plan));
      for (const share of sharesOf(plan).values()) assert.ok(share >= 0 && share <= 1);
      if (problems.some((problem) => problem.severity === 'error')) return;
      for (const block of plan.blocks.values()) assert.ok(block.outputShape.length > 0);
    }),
    { numRuns: 600 },
  );
  assert.ok(planned > 50, `${String(planned)} plans`);
});

test('taking every first fix comes to an end with nothing left to mend', () => {
  fc.assert(
    fc.property(mutations, (steps) => {
      let source = JSON.stringify(steps.reduce(mutate, base), null, 1);
      for (let round = 0; round < 30; round += 1) {
        const { spec, tree } = readSpec(source);
        if (spec === undefined) return;
        const fix = makePlan(spec, tree, table).problems.find((problem) => problem.fixes.length > 0)?.fixes[0];
        if (fix === undefined) return;
        const mended = applyEdits(source, fix.edits);
        assert.notEqual(mended, source, fix.title.en);
        source = mended;
      }
      assert.fail('fixes without end');
    }),
    { numRuns: 300 },
  );
});
