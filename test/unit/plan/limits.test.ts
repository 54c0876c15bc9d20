/** Work is bounded before it is done: what a number in a spec would make is counted, not made. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makePlan } from '../../../src/plan/index.ts';
import { readersOf, type Vertex } from '../../../src/plan/graph.ts';
import { partsOf } from '../../../src/plan/sharing/index.ts';
import type { Planning } from '../../../src/plan/plan.ts';
import { Guesses, readSpec, readSpecValue, type Problem } from '../../../src/spec/index.ts';
import {
  maxBlocks,
  maxExperts,
  maxLayers,
  maxParts,
  maxProblemsOfKind,
  maxStages,
  maxTasks,
} from '../../../src/spec/reading/limits.ts';

const dense = { type: 'dense', units: 2 };
const many = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index));

interface Parts {
  readonly network?: Record<string, unknown>;
  readonly tasks?: Record<string, unknown>;
  readonly from?: readonly string[];
  readonly weights?: Record<string, number>;
}

function textOf({ network, tasks, from = ['a'], weights }: Parts): string {
  return JSON.stringify({
    data: { source: 'd.csv', inputs: { x: { type: 'number', from } } },
    network: network ?? { trunk: { input: 'x', layers: [dense] } },
    tasks: tasks ?? tasksOf(2),
    ...(weights === undefined ? {} : { weights }),
  });
}

const tasksOf = (n: number, input = 'trunk'): Record<string, unknown> =>
  Object.fromEntries(many(n, (index) => [`t${index}`, { type: 'regression', target: `y${index}`, input }]));

const read = (parts: Parts): readonly Problem[] => readSpec(textOf(parts)).problems;

function plan(parts: Parts, columns?: readonly string[]): Planning {
  const { spec, tree, problems } = readSpec(textOf(parts));
  assert.deepEqual(problems, []);
  const facts =
    columns === undefined
      ? undefined
      : { columns: new Map(columns.map((name) => [name, { shape: [], dtype: 'text' }] as const)) };
  return makePlan(spec ?? assert.fail(), tree, facts);
}

const brief = (problems: readonly Problem[]): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const withSharing = (sharing: Record<string, unknown>): Parts => ({
  network: { trunk: { input: 'x', layers: [dense], sharing } },
});

describe('numbers in a spec', () => {
  test('experts are at most as many as the limit, of every kind', () => {
    const cases = [
      ['mmoe', 'experts'],
      ['cgc', 'sharedExperts'],
      ['cgc', 'taskExperts'],
      ['dselect-k', 'experts'],
      ['dselect-k', 'selected'],
    ] as const;
    for (const [type, key] of cases) {
      for (const value of [maxExperts + 1, 1_000_000, 1e15]) {
        assert.deepEqual(brief(read(withSharing({ type, [key]: value }))), [
          `out-of-range /network/trunk/sharing/${key}`,
        ]);
      }
    }
    assert.deepEqual(read(withSharing({ type: 'mmoe', experts: maxExperts })), []);
  });

  test('blocks, tasks, layers and stages are counted', () => {
    const blocks = (n: number): Parts => ({
      network: Object.fromEntries(
        many(n, (index) => [index === 0 ? 'trunk' : `b${index}`, { input: 'x', layers: [] }]),
      ),
    });
    assert.deepEqual(brief(read(blocks(maxBlocks + 1))), ['wrong-count /network']);
    assert.deepEqual(read(blocks(maxBlocks)), []);
    assert.deepEqual(brief(read({ tasks: tasksOf(maxTasks + 1) })), ['wrong-count /tasks']);
    assert.deepEqual(read({ tasks: tasksOf(maxTasks) }), []);
    const layers = (n: number): Parts => ({ network: { trunk: { input: 'x', layers: many(n, () => dense) } } });
    assert.deepEqual(brief(read(layers(maxLayers + 1))), ['wrong-count /network/trunk/layers']);
    assert.deepEqual(read(layers(maxLayers)), []);
    const stages = (n: number): Parts => ({
      network: { trunk: { input: 'x', stages: many(n, () => [dense]), sharing: { type: 'cross-stitch' } } },
    });
    assert.deepEqual(brief(read(stages(maxStages + 1))), ['wrong-count /network/trunk/stages']);
    assert.deepEqual(read(stages(maxStages)), []);
    const [tooMany] = read({ tasks: tasksOf(maxTasks + 1) });
    assert.match(tooMany?.message.en ?? '', /at most 1000 entries; here are 1001/);
    assert.match(tooMany?.message.zh ?? '', /至多 1000 项；此处有 1001 项/);
  });
});

describe('mechanisms of sharing', () => {
  const block = (sharing: Record<string, unknown>, stages: number, layers: number, consumers: number): number => {
    const { spec } = readSpecValue(
      JSON.parse(
        textOf({
          network: {
            trunk: { input: 'x', stages: many(stages, () => many(layers, () => dense)), sharing },
          },
        }),
      ),
    );
    const found = spec?.network.get('trunk')?.sharing ?? assert.fail();
    return partsOf({
      sharing: found,
      stages: many(stages, () => many(layers, () => ({ spec: { type: 'flatten' }, pointer: '' }) as never)),
      consumers: many(consumers, () => ({ key: '', id: '', name: '', tasks: [] })),
    });
  };

  test('what they make is known before it is made', () => {
    assert.equal(partsOf({ sharing: { type: 'hard' }, stages: [[]], consumers: [] }), 0);
    // 5 experts × 3 layers, and 4 consumers that read 5 experts and a gate each of 4.
    assert.equal(block({ type: 'mmoe', experts: 5 }, 1, 3, 4), 5 * 3 + 4 * (5 + 4));
    // 2 + 4 × 3 experts × 2 stages × 3 layers.
    assert.equal(block({ type: 'ple', sharedExperts: 2, taskExperts: 3 }, 2, 3, 4), (2 + 4 * 3) * 6 + 2 * 4 * (14 + 4));
    assert.equal(block({ type: 'cross-stitch' }, 2, 1, 3), 3 * 2 + 2 * 3 * (3 + 3));
  });

  test('too much of it is one problem, and nothing of it is built', () => {
    const { plan: made, problems } = plan({
      network: {
        trunk: { input: 'x', layers: many(100, () => dense), sharing: { type: 'mmoe', experts: maxExperts } },
      },
    });
    assert.deepEqual(brief(problems), ['sharing-size /network/trunk/sharing']);
    assert.equal(problems[0]?.severity, 'error');
    assert.match(problems[0].message.en, new RegExp(`; ${maxParts} are the most`));
    assert.equal(made?.blocks.get('trunk')?.sharing, undefined);
  });

  test('several blocks are counted together', () => {
    const names = many(4, (index) => `b${index}`);
    const network = Object.fromEntries(
      names.map((name) => [
        name,
        { input: 'x', layers: many(40, () => dense), sharing: { type: 'mmoe', experts: 900 } },
      ]),
    );
    const tasks = Object.fromEntries(
      many(2, (index) => [`t${index}`, { type: 'regression', target: `y${index}`, input: names }]),
    );
    // Two of 37,804 are below 100,000, a third is not.
    assert.deepEqual(brief(plan({ network, tasks }).problems), [
      'sharing-size /network/b2/sharing',
      'sharing-size /network/b3/sharing',
    ]);
  });
});

describe('the same problem many times', () => {
  test('the first of a kind are told, the rest is counted at its first place', () => {
    const from = many(maxProblemsOfKind + 50, (index) => `unknown ${index}`);
    const { problems } = plan({ from, tasks: tasksOf(2) }, ['y0', 'y1']);
    assert.equal(problems.length, maxProblemsOfKind + 1);
    const last = problems.at(-1);
    assert.deepEqual(
      [last?.code, last?.pointer, last?.severity],
      ['unknown-column', `/data/inputs/x/from/${maxProblemsOfKind}`, 'error'],
    );
    assert.match(last?.message.en ?? '', /there are 50 more problems of this kind/);
    assert.match(last?.message.zh ?? '', /还有 50 个同类问题/);
    assert.deepEqual(last?.fixes, []);
  });

  test('one more than the limit is told itself', () => {
    const from = many(maxProblemsOfKind + 1, (index) => `unknown ${index}`);
    const { problems } = plan({ from }, ['y0', 'y1']);
    assert.equal(problems.length, maxProblemsOfKind + 1);
    assert.match(problems.at(-1)?.message.en ?? '', /no column "unknown 100"/);
  });

  test('hints end after so many comparisons', () => {
    const guesses = new Guesses(10);
    const names = ['trunk', 'other', 'third', 'fourth'];
    assert.equal(guesses.nearest('trnuk', names), 'trunk');
    assert.equal(guesses.nearest('trnuk', names), 'trunk');
    assert.equal(guesses.nearest('trnuk', names), undefined);
    assert.equal(guesses.nearest('trnuk', names.slice(0, 2)), 'trunk');
    assert.equal(guesses.nearest('trnuk', ['trunk']), undefined);
  });

  test('names of no task among the weights take a hint each, and the weight of the nearest task', () => {
    const { spec } = readSpec(textOf({ weights: { t00: 0.25, t1: 0.5 } }));
    assert.deepEqual(
      [...(spec?.weights ?? [])],
      [
        ['t00', 0.25],
        ['t1', 0.5],
        ['t0', 0.25],
      ],
    );
  });
});

test('readers of a graph are found in one pass, each once and in order', () => {
  const reads = (name: string, ...sources: string[]): Vertex => ({
    kind: 'block',
    name,
    sources: sources.map((source) => ({ kind: 'block', name: source })),
  });
  const vertices = [reads('a'), reads('b', 'a', 'a'), reads('c', 'b', 'a')];
  const readers = readersOf(vertices);
  assert.deepEqual(
    [...readers].map(([key, found]) => [key, found.map(({ name }) => name)]),
    [
      ['block:a', ['b', 'c']],
      ['block:b', ['c']],
    ],
  );
});
