// Every mechanism on a sequence [time, features]: gates and selectors read vectors, so a flatten stands before them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanPart } from '../../../../src/plan/plan.ts';
import { sharings } from '../../../../src/spec/schema/network.ts';
import { header, planText, specText } from '../helpers.ts';

const [time, width, units] = [5, 3, 4];
const dense = { type: 'dense', units };
const columns = Array.from({ length: time }, (_, at) => `code${String(at)}`);
const facts = header([...columns, 'kind', 'mass']);

function partsOf(trunk: object): readonly PlanPart[] {
  const { plan, problems } = planText(
    specText({
      data: { source: 'd.csv', inputs: { codes: { type: 'category', from: columns, encoding: 'index' } } },
      network: {
        words: { input: 'codes', layers: [{ type: 'embedding', inputDim: 9, outputDim: width }] },
        trunk: { input: 'words', ...trunk },
        flat: { input: 'trunk', layers: [{ type: 'flatten' }] },
      },
      tasks: {
        kind: { type: 'classification', target: 'kind', classes: 3, input: 'flat' },
        mass: { type: 'regression', target: 'mass', input: 'flat' },
      },
    }),
    facts,
  );
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en),
    [],
  );
  return plan.blocks.get('trunk')?.sharing?.parts ?? [];
}

const expert = width * units + units;
/** softmax(W x + b) over `size` on the flattened sequence, or on one feature vector. */
const gateOn = (numbers: number, size: number): number => numbers * size + size;
const counts = (parts: readonly PlanPart[], role: PlanPart['role']): (number | null)[] =>
  parts.filter((part) => part.role === role).map(({ parameters }) => parameters);
const shapes = (parts: readonly PlanPart[], role: PlanPart['role']): unknown[] =>
  parts.filter((part) => part.role === role).map(({ outputShape }) => outputShape);

test('gates of mmoe and cgc flatten the sequence first', () => {
  const mmoe = partsOf({ layers: [dense], sharing: { type: 'mmoe', experts: 3 } });
  assert.deepEqual(counts(mmoe, 'expert'), [expert, expert, expert]);
  assert.deepEqual(counts(mmoe, 'gate'), [gateOn(time * width, 3)]);
  assert.deepEqual(
    mmoe.filter(({ role }) => role === 'gate').map(({ layers }) => layers.map(({ spec }) => spec.type)),
    [['flatten', 'dense']],
  );
  assert.deepEqual(shapes(mmoe, 'gate'), [[3]]);
  assert.deepEqual(shapes(mmoe, 'mixture'), [[time, units]]);
  const cgc = partsOf({ layers: [dense], sharing: { type: 'cgc', sharedExperts: 2, taskExperts: 3 } });
  assert.deepEqual(counts(cgc, 'gate'), [gateOn(time * width, 5)]);
  assert.deepEqual(shapes(cgc, 'gate'), [[5]]);
});

test('every level of ple flattens what its gates read', () => {
  const parts = partsOf({ stages: [[dense], [dense]], sharing: { type: 'ple', sharedExperts: 1, taskExperts: 1 } });
  const gates = parts.filter(({ role }) => role === 'gate');
  // The first level reads the sequence, the second the mixtures of the first.
  assert.deepEqual(
    [...new Set(gates.map(({ parameters }) => parameters))].sort(),
    [gateOn(time * width, 2), gateOn(time * units, 2)].sort(),
  );
  for (const { layers } of gates) assert.equal(layers[0]?.spec.type, 'flatten');
});

test('selectors of dselect-k read one flattened copy', () => {
  const parts = partsOf({ layers: [dense], sharing: { type: 'dselect-k', experts: 4, selected: 3 } });
  const flat = parts.filter(({ id }) => id === 'flat');
  assert.deepEqual(flat.map(({ outputShape }) => outputShape), [[time * width]]); // prettier-ignore
  const selectors = parts.filter(({ operation }) => operation.kind === 'selector');
  const numbers = time * width;
  // Three selectors of two bits each, and their softmax.
  for (const { parameters } of selectors) assert.equal(parameters, (numbers + 1) * 3 * 2 + (numbers + 1) * 3);
  for (const { reads } of selectors) assert.deepEqual(reads, ['flat']);
});

test('every mechanism of the language keeps the sequence and asks for nothing twice', () => {
  for (const type of Object.keys(sharings)) {
    if (type === 'hard') continue;
    const staged = ['cross-stitch', 'sluice', 'ple', 'mtan', 'branch'].includes(type);
    const layers = staged ? { stages: [[dense], [dense]] } : { layers: [dense] };
    const parts = partsOf({ ...layers, sharing: type }); // prettier-ignore
    assert.ok(parts.length > 0, type);
    assert.equal(new Set(parts.map(({ id }) => id)).size, parts.length, type);
    for (const { id, parameters, outputShape } of parts) {
      assert.ok(parameters !== null && outputShape.every((size) => size !== null), `${type} ${id}`);
    }
  }
});
