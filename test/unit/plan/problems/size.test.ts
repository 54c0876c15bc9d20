import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxParameters } from '../../../../src/spec/index.ts';
import { planText, specText, type Reading } from '../helpers.ts';

const read = (units: number, task: object = {}): Reading =>
  planText(
    specText({
      network: { trunk: { input: 'measures', layers: [{ type: 'dense', units, useBias: false }] } },
      tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk', ...task } },
      weights: {},
    }),
  );
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);

test('a network may have the most parameters that are allowed, and not one more', () => {
  // 3 u weights of the trunk, u + 1 of the head.
  const most = Math.floor((maxParameters - 1) / 4);
  assert.deepEqual(told(read(most)), []);
  const reading = read(most + 1);
  assert.deepEqual(told(reading), ['too-large /network/trunk/layers/0']);
  const total = 4 * (most + 1) + 1;
  const [problem] = reading.problems;
  assert.match(problem?.message.en ?? '', new RegExp(`has ${total} parameters, ${3 * (most + 1)} of them here; ${maxParameters} are the most`)); // prettier-ignore
  assert.match(
    problem?.message.zh ?? '',
    new RegExp(`${total} 个参数，其中此处 ${3 * (most + 1)} 个；上限为 ${maxParameters}`),
  );
});

test('it is told at the largest layer, also at one of a task', () => {
  const layers = [{ type: 'dense', units: maxParameters }];
  assert.deepEqual(told(read(2, { layers })), ['too-large /tasks/mass/layers/0']);
  assert.deepEqual(told(read(maxParameters, { layers: [{ type: 'dense', units: 1 }] })), ['too-large /network/trunk/layers/0']); // prettier-ignore
});
