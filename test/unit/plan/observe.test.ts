/** `observe` is refused where it would cost more than is paid for, with the reason and a fix. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, planText, specText } from './helpers.ts';

const withObserve = (observe: readonly string[], rest: object = {}) =>
  planText(specText({ strategy: { name: 'static', observe }, ...rest }));
const codes = ({ problems }: ReturnType<typeof planText>) => problems.map(({ code }) => code);

test('what can be observed passes', () => {
  assert.deepEqual(codes(withObserve(['mgda', 'nash-mtl', 'uncertainty', 'dwa'])), []);
});

test('what would cost more is refused with the reason, and may be taken out', () => {
  for (const [name, reason] of [
    ['graddrop', /entry by entry/],
    ['famo', /second forward pass/],
    ['modo', /several batches/],
    ['moml', /halves/],
    ['performance', /metrics/],
    ['cr-mogm', /wraps/],
  ] as const) {
    const reading = withObserve(['mgda', name]);
    assert.deepEqual(codes(reading), ['not-observable']);
    assert.match(reading.problems[0]?.message.en ?? '', reason);
    assert.match(reading.problems[0]?.message.zh ?? '', /无法观察/);
    assert.match(fixed(reading), /"observe":\s*\[\s*"mgda"\s*\]/);
  }
});

test('an unknown name gets the nearest one', () => {
  const reading = withObserve(['mdga']);
  assert.deepEqual(codes(reading), ['unknown-strategy']);
  assert.match(fixed(reading), /"mgda"/);
});

test('gradients of shared parameters need shared parameters', () => {
  const network = { left: { input: 'x', layers: [{ type: 'dense', units: 2 }] }, right: { input: 'x', layers: [{ type: 'dense', units: 2 }] } }; // prettier-ignore
  const text = specText({ strategy: { name: 'static', observe: ['dwa', 'mgda'] } });
  const value = JSON.parse(text) as {
    network: Record<string, { input: unknown }>;
    tasks: Record<string, { input: unknown }>;
  };
  const [input] = Object.values(value.network).map((block) => block.input);
  value.network = Object.fromEntries(Object.entries(network).map(([name, block]) => [name, { ...block, input }]));
  Object.values(value.tasks).forEach((task, index) => (task.input = index === 0 ? 'left' : 'right'));
  const reading = planText(JSON.stringify(value));
  assert.deepEqual(codes(reading), ['not-observable']);
  assert.match(reading.problems[0]?.message.en ?? '', /"mgda".*no parameter is reached by two/);
});
