import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagramOf } from '../../../src/plan/index.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { fixed, planText, specText, squiggles, table } from './helpers.ts';

const dense = { type: 'dense', units: 8, activation: 'relu' };

function planOf(trunk: object): Plan {
  return planText(specText({ network: { trunk: { input: 'measures', ...trunk } } }), table).plan;
}

/** Parameters of 3 → 8. */
const expert = 3 * 8 + 8;
/** Heads of `kind` (3 classes) and `mass`. */
const heads = 8 * 3 + 3 + 8 + 1;

describe('sharing in the plan', () => {
  it('counts experts, gates and what they are shared by (conventions 1.3)', () => {
    const { parameters, blocks } = planOf({ layers: [dense], sharing: { type: 'mmoe', experts: 4 } });
    const gate = 3 * 4 + 4;
    assert.equal(parameters.total, 4 * expert + 2 * gate + heads);
    assert.equal(parameters.shared, 4 * expert);
    assert.equal(parameters.byTask.get('kind'), gate + 8 * 3 + 3);
    assert.deepEqual(blocks.get('trunk')?.outputShape, [8]);
    assert.equal(blocks.get('trunk')?.shared, true);
  });

  it('CGC has experts of each task alone, soft sharing shares nothing', () => {
    const cgc = planOf({ layers: [dense], sharing: { type: 'cgc', sharedExperts: 2, taskExperts: 3 } });
    assert.equal(cgc.parameters.shared, 2 * expert);
    assert.equal(cgc.parameters.byTask.get('mass'), 3 * expert + (3 * 5 + 5) + 9);
    const soft = planOf({ layers: [dense], sharing: { type: 'soft' } });
    assert.equal(soft.parameters.shared, 0);
    assert.equal(soft.blocks.get('trunk')?.shared, false);
    assert.deepEqual(soft.blocks.get('trunk')?.sharing?.ties?.layers, [
      ['trunk/copies/task:kind/0', 'trunk/copies/task:mass/0'],
    ]);
  });

  it('cross-stitch shares all columns and all but the last units; the last row is its consumer’s', () => {
    const { parameters } = planOf({ stages: [[dense], [dense]], sharing: { type: 'cross-stitch' } });
    const column = expert + 8 * 8 + 8;
    assert.equal(parameters.shared, 2 * column + 4);
    assert.equal(parameters.byTask.get('mass'), 2 + 9);
  });

  it('PLE: lower experts of a task are shared through the shared gate, but not as LibMTL has it', () => {
    const stages = [[dense], [dense]];
    const shared = (sharedGate: boolean): number | null =>
      planOf({ stages, sharing: { type: 'ple', sharedExperts: 1, taskExperts: 1, sharedGate } }).parameters.shared;
    const upper = 8 * 8 + 8;
    // The shared gate of the first level chooses among one shared and two task experts.
    assert.equal(shared(true), 3 * expert + (3 * 3 + 3) + upper);
    assert.equal(shared(false), expert + upper);
  });

  it('stages of a hard block are its layers, one after the other', () => {
    const one = planOf({ stages: [[dense], [dense]] });
    const other = planOf({ layers: [dense, dense] });
    assert.deepEqual(one.parameters, other.parameters);
    assert.equal(one.blocks.get('trunk')?.layers[1]?.pointer, '/network/trunk/stages/1/0');
    assert.equal(one.blocks.get('trunk')?.layers[1]?.path, 'trunk/1');
  });

  it('tells once what a mechanism cannot take', () => {
    const odd = { input: 'measures', layers: [{ type: 'dense', units: 7 }], sharing: { type: 'sluice' } };
    const sluice = planText(specText({ network: { trunk: odd } }), table);
    assert.deepEqual(
      sluice.problems.map(({ code, pointer }) => [code, pointer]),
      [['sharing-shape', '/network/trunk/sharing']],
    );
    const data = {
      source: 'table.csv',
      inputs: { code: { type: 'category', from: 'id', encoding: 'index' } },
    };
    const layers = [{ type: 'embedding', inputDim: 9, outputDim: 4 }, { type: 'flatten' }, dense];
    const network = { trunk: { input: 'code', layers, sharing: { type: 'mmoe' } } };
    const gates = planText(specText({ data, network }), table);
    assert.deepEqual(
      gates.problems.map(({ code }) => code),
      ['sharing-input'],
    );
  });

  it('a mistake in a stage stands at its layer, once for all columns', () => {
    const stages = [[dense], [{ type: 'flatten' }]];
    const reading = planText(
      specText({ network: { trunk: { input: 'measures', stages, sharing: { type: 'cross-stitch' } } } }),
      table,
    );
    assert.deepEqual(
      squiggles(reading).map(([code]) => code),
      ['shape-mismatch'],
    );
    assert.ok(!fixed(reading).includes('flatten'));
  });

  it('draws experts and gates, columns and units, in both languages', () => {
    const plan = planOf({ layers: [dense], sharing: { type: 'mmoe', experts: 2 } });
    const { nodes, edges } = diagramOf(plan, 'en');
    const parts = nodes.filter((node) => node.kind === 'part');
    assert.deepEqual(
      parts.map(({ label, shared }) => [label[0], shared]),
      [
        ['expert 0', true],
        ['expert 1', true],
        ['gate of kind', false],
        ['gate of mass', false],
      ],
    );
    assert.deepEqual(
      parts.map(({ role }) => role),
      ['expert', 'expert', 'gate', 'gate'],
    );
    assert.ok(
      parts[0]?.label.some((line) => line.startsWith('dense')),
      'an expert names its layers',
    );
    const id = (kind: string, name: string): string =>
      nodes.find((node) => node.kind === kind && node.name === name)?.id ?? '';
    const gate = id('part', 'trunk/gates/task:kind');
    assert.ok(edges.some(({ from, to }) => from === gate && to === id('task', 'kind')));
    assert.ok(!edges.some(({ from, to }) => from === id('block', 'trunk') && to === id('task', 'kind')));
    assert.equal(diagramOf(plan, 'zh-cn').nodes.find((node) => node.id === gate)?.label[0], 'kind 的门控');
    const many = planOf({ layers: [dense], sharing: { type: 'mmoe', experts: 500 } });
    assert.equal(diagramOf(many, 'en').nodes.filter((node) => node.kind === 'part').length, 0);
  });
});
