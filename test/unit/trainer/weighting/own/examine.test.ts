/** The examination finds what is wrong with a strategy, and nothing where nothing is. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { examine } from '../../../../../src/trainer/weighting/own/examine.ts';
import { readModule } from '../../../../../src/trainer/weighting/own/module.ts';
import { createStrategy, strategies } from '../../../../../src/trainer/weighting/table.ts';
import type { Json, StepStatistics } from '../../../../../src/trainer/weighting/types.ts';
import { importStrategy } from '../../../../../src/trainer/own-strategy.ts';

const failedOf = (exported: object, vectors?: ReadonlyMap<string, unknown>): string[] =>
  examine(readModule('mine.mjs', exported), vectors).flatMap(({ name, passed }) => (passed === false ? [name.en] : []));

test('what each check is for', () => {
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map(() => 1) }), []);
  let calls = 0;
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map(() => calls++) }), [
    'the same steps give the same weights',
    'the state survives being saved as JSON',
    'another order of the tasks gives the same weights in that order',
  ]);
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map((_, index) => index) }), [
    'another order of the tasks gives the same weights in that order',
  ]);
  assert.deepEqual(failedOf({ weigh: ({ losses }: StepStatistics) => losses.map((loss) => Math.exp(loss)) }), [
    'losses of any size give finite weights',
  ]);
  // Three weights whatever the tasks.
  const stubborn = failedOf({ weigh: () => [1, 1, 1] });
  assert.ok(stubborn.includes('weights are finite, one a task'));
  assert.ok(stubborn.includes('weights are finite when tasks are absent'));
});

test('strategies of the table pass as modules', () => {
  for (const { name } of strategies) {
    if (!['static', 'dwa', 'mgda', 'imtl-g', 'cagrad', 'config'].includes(name)) continue;
    const made = createStrategy(name, { parameters: {}, tasks: [] });
    if (made.needs !== 'losses' && made.needs !== 'norms' && made.needs !== 'gram') continue;
    const exported = {
      needs: made.needs,
      initialState: made.initialState,
      weigh: (given: StepStatistics, state: Json) => {
        const { weights, state: next } = made.weigh(given, state);
        return { weights, state: next };
      },
    };
    // Ill-conditioned problems (identical gradients) have no unique weights.
    const failed = failedOf(exported).filter((check) => !check.startsWith('another order'));
    assert.deepEqual(failed, [], name);
  }
});

test('information: H1, H2 and the rest, by closed forms', () => {
  const mean = examine(
    readModule('mine.mjs', { weigh: ({ losses }: StepStatistics) => losses.map(() => 1 / losses.length) }),
  );
  const detail = (start: string): string => mean.find(({ name }) => name.en.startsWith(start))?.detail.en ?? '';
  assert.equal(detail('identical tasks (H2)'), 'T = 2: 1, T = 3: 1, T = 5: 1');
  assert.equal(detail('weights are never negative'), 'in all trials');
  assert.equal(detail('multiplying all losses'), 'in all trials');
  const fair = examine(
    readModule('mine.mjs', {
      needs: 'norms',
      weigh: ({ norms }: { norms: number[] }) => norms.map((norm) => 1 / norm),
    }),
  );
  assert.match(fair.find(({ name }) => name.en.includes('H1'))?.detail.en ?? '', /^from 1 to 1$/);
});

test('vectors: right ones pass, wrong ones are named with the case', () => {
  const sum = { weigh: ({ losses }: StepStatistics) => losses.map(() => 1) };
  const right = { cases: [{ id: 'x', matrix: [[1, 2], [3, 4]], weights: [1, 1], direction: [4, 6] }] }; // prettier-ignore
  assert.deepEqual(failedOf(sum, new Map([['right.json', right]])), []);
  const wrong = { cases: [...right.cases, { id: 'y', steps: [{ losses: [1, 2], grad: [1, 1] }, { losses: [1, 2], grad: [1, 2] }] }] }; // prettier-ignore
  const found = examine(readModule('mine.mjs', sum), new Map([['wrong.json', wrong]]));
  const vectors = found.find(({ name }) => name.en === 'vectors wrong.json');
  assert.equal(vectors?.passed, false);
  assert.match(vectors.detail.en, /^1 of 2 cases; y: step 2: weights off by 1\.0e\+0/);
  assert.deepEqual(failedOf(sum, new Map([['none.json', {}]])), ['vectors none.json']);
});

test('the published example passes with its vectors', async () => {
  const folder = new URL('../../../../../examples/penguins/', import.meta.url);
  const module = await importStrategy(new URL('balance.mjs', folder).pathname, 'balance.mjs');
  const vectors: unknown = JSON.parse(fs.readFileSync(new URL('balance.vectors.json', folder), 'utf8'));
  const findings = examine(module, new Map([['balance.vectors.json', vectors]]));
  assert.deepEqual(
    findings.filter(({ passed }) => passed === false),
    [],
  );
  assert.ok(findings.some(({ detail }) => detail.en === '2 of 2 cases'));
});
