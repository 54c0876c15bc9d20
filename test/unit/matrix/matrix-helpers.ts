/** The covering array of the matrix on one engine, as tests. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../../src/engine/contract.ts';
import { assertReason, attempt, refusalOf } from './attempt.ts';
import { caseOf, factors, nameOf, postponed, sizes, type Case, type EngineName } from './cases.ts';
import { cover } from './pairwise.ts';

/** One seed for all: which combinations are met does not change from run to run, only with the tables. */
const seed = 5;

/** As few of the cases as have every value of every factor. */
function onceEach(cases: readonly Case[]): Case[] {
  const missing = new Set(cases.flatMap((each) => Object.entries(each).map(String)));
  const chosen: Case[] = [];
  const gain = (each: Case): number => Object.entries(each).filter((pair) => missing.has(String(pair))).length;
  while (missing.size > 0) {
    const best = cases.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const pair of Object.entries(best)) missing.delete(String(pair));
    chosen.push(best);
  }
  return chosen;
}

export function matrixOn(engine: EngineName, open: () => Promise<Engine>): void {
  describe(`every pair of strategy, mechanism, task type, labels and engine: ${engine}`, () => {
    let opened: Engine | undefined;
    const running = (): Engine => {
      assert.ok(opened);
      return opened;
    };
    before(async () => {
      opened = await open();
    });
    after(() => opened?.dispose());

    test('runs three steps with finite numbers, or is refused before launch with a reason', async () => {
      const { rows, refused } = await cover(sizes, {
        seed,
        allowed: async (row) => (await refusalOf(caseOf(row))).length === 0,
      });
      const all = rows.map(caseOf).filter((each) => each.engine === engine);
      // A graph takes a second to build: of the captured ones each strategy, mechanism, task type and labeling is met once.
      const mine = engine === 'captured' ? onceEach(all) : all;
      const failures: string[] = [];
      for (const each of mine) {
        try {
          assert.equal(await attempt(each, running()), 'ran');
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
        }
      }
      assert.deepEqual(failures, []);
      for (const { row } of refused) assertReason(caseOf(row), await refusalOf(caseOf(row)));
      // What is in a table and not postponed runs with something: a refusal of everything is no support.
      const ran = new Set(mine.flatMap(({ strategy, mechanism, task }) => [strategy, mechanism, task]));
      const idle = [...factors.strategy, ...factors.mechanism, ...factors.task].filter((name) => !ran.has(name));
      assert.deepEqual(idle, []);
    });

    test('what is postponed is refused by name', async () => {
      for (const { kind, name } of postponed) {
        const base = { strategy: 'static', mechanism: 'hard', task: 'regression', labels: 'full', engine } as const;
        const each = { ...base, [kind === 'sharing' ? 'mechanism' : kind]: name };
        const problems = await refusalOf(each);
        assert.ok(problems.length > 0, `${nameOf(each)} is not refused`);
        assert.ok(
          problems.some(({ message }) => message.en.includes(name)),
          `${nameOf(each)} is not refused by name`,
        );
      }
    });
  });
}
