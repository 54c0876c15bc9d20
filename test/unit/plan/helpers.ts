import assert from 'node:assert/strict';
import { makePlan } from '../../../src/plan/index.ts';
import type { ColumnFacts, DataFacts, Plan } from '../../../src/plan/plan.ts';
import { applyEdits, type Problem, readSpec } from '../../../src/spec/index.ts';
import { assertBilingual } from '../bilingual.ts';

/** Facts of a header: CSV columns by name, arrays with their shape. */
export function header(
  columns: readonly string[],
  arrays: Readonly<Record<string, readonly number[]>> = {},
): DataFacts {
  const facts = new Map<string, ColumnFacts>(columns.map((name) => [name, { shape: [], dtype: 'text' }]));
  for (const [name, shape] of Object.entries(arrays)) facts.set(name, { shape, dtype: 'float32' });
  return { columns: facts };
}

export interface Reading {
  readonly source: string;
  readonly plan: Plan;
  readonly problems: readonly Problem[];
}

/** Reads and plans a text whose grammar must be right. */
export function planText(source: string, facts?: DataFacts, unavailable = false): Reading {
  const { spec, tree, problems: grammar } = readSpec(source);
  const wrong = grammar.filter((problem) => !unavailable || problem.code !== 'not-available');
  assert.deepEqual(
    wrong.map((problem) => `${problem.code} ${problem.message.en}`),
    [],
  );
  assert.ok(spec);
  const { plan, problems } = makePlan(spec, tree, facts);
  assert.ok(plan);
  for (const text of problems.flatMap(({ message, fixes }) => [message, ...fixes.map(({ title }) => title)]))
    assertBilingual(text);
  return { source, plan, problems };
}

/** Code and the text under each squiggle. */
export function squiggles({ source, problems }: Reading): readonly (readonly [string, string])[] {
  return problems.map(({ code, range }) => [code, source.slice(range.start, range.end)] as const);
}

/** The text after the first fix of the only problem. */
export function fixed({ source, problems }: Reading, index = 0): string {
  assert.equal(problems.length, 1);
  const fix = problems[0]?.fixes[index];
  assert.ok(fix, `a fix for ${problems[0]?.message.en ?? ''}`);
  return applyEdits(source, fix.edits);
}

/** A spec with one trunk and two tasks, with parts replaced. */
export function specText(parts: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(
    {
      data: {
        source: 'table.csv',
        inputs: { measures: { type: 'number', from: ['a', 'b', 'c'] } },
      },
      network: { trunk: { input: 'measures', layers: [{ type: 'dense', units: 8, activation: 'relu' }] } },
      tasks: {
        kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
        mass: { type: 'regression', target: 'mass', input: 'trunk' },
      },
      weights: { kind: 0.6, mass: 0.4 },
      ...parts,
    },
    null,
    2,
  );
}

export const table = header(['a', 'b', 'c', 'kind', 'mass', 'id']);
