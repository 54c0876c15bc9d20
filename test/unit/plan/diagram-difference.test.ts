// Two plans in one picture: what is told apart and how, that nothing is lost or drawn twice, and groups of siblings.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import DOMPurify from 'dompurify';
import fc from 'fast-check';
import mermaid from 'mermaid';
import { diagramOf, differenceOf } from '../../../src/plan/index.ts';
import type { Change, Diagram, Plan } from '../../../src/plan/plan.ts';
import { planText, specText, table } from './helpers.ts';

before(() => {
  Object.assign(DOMPurify, { sanitize: (text: string) => text, addHook: () => undefined });
});

const dense = (units: number): object => ({ type: 'dense', units, activation: 'relu' });
const planOf = (parts: Readonly<Record<string, unknown>> = {}): Plan => planText(specText(parts), table, true).plan;
const against = (
  first: Plan,
  second: Plan,
  options: Parameters<typeof differenceOf>[3] & { readonly locale?: 'en' | 'zh-cn' } = {},
): Diagram => {
  const { locale = 'en', ...rest } = options;
  return differenceOf({ name: 'new', plan: first }, { name: 'old', plan: second }, locale, rest);
};
const changed = ({ nodes, edges }: Diagram): readonly unknown[] =>
  [...nodes, ...edges].filter(({ change }) => change !== undefined);
const labelOf = ({ nodes }: Diagram, kind: string, name: string): readonly string[] =>
  nodes.find((node) => node.kind === kind && node.name === name)?.label ?? [];

describe('what differs', () => {
  test('layers line by line, shapes and parameters with Δ, and the readers that grow with them', () => {
    const now = planOf({ network: { trunk: { input: 'measures', layers: [dense(16), dense(8)] } } });
    const diagram = against(now, planOf());
    assert.deepEqual(labelOf(diagram, 'block', 'trunk'), [
      '≠ trunk',
      '+ dense 16, relu',
      'dense 8, relu',
      '[8] · 32 → 200 parameters (Δ +168)',
    ]);
    const wider = against(planOf({ network: { trunk: { input: 'measures', layers: [dense(9)] } } }), planOf());
    assert.deepEqual(labelOf(wider, 'block', 'trunk'), [
      '≠ trunk',
      'dense 8, relu → dense 9, relu',
      '[8] → [9] · 32 → 36 parameters (Δ +4)',
    ]);
    assert.deepEqual(labelOf(wider, 'task', 'mass'), ['≠ mass', 'dense 1', '9 → 10 parameters (Δ +1)']);
    assert.match(wider.note, /^new: 76 parameters.* old: 68 parameters.* In all Δ \+8 parameters\.$/);
  });

  test('a weight, a task in only one of the two, and what was renamed as one removed and one added', () => {
    const tasks = { kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' } };
    const now = planOf({
      tasks: { ...tasks, weight: { type: 'regression', target: 'mass', input: 'trunk' } },
      weights: { kind: 0.5, weight: 0.4 },
    });
    const diagram = against(now, planOf());
    const changes = diagram.nodes.flatMap(({ kind, name, change }) => (change === undefined ? [] : [[change, kind, name]])); // prettier-ignore
    assert.deepEqual(changes, [
      ['removed', 'task', 'mass'],
      ['added', 'task', 'weight'],
      ['removed', 'prediction', 'mass'],
      ['added', 'prediction', 'weight'],
    ]);
    const labels = diagram.edges.flatMap(({ label, change }) => (change === undefined ? [] : [label]));
    assert.deepEqual(labels, ['−', '+', '−', '+', '≠ × 0.6 → × 0.5', '− × 0.4', '+ × 0.4']);
    assert.equal(diagram.nodes.find(({ change }) => change === 'removed')?.pointer, null);
  });

  test('what is not drawn stands on the node all the same, and every line of the specs in the list', () => {
    const mass = { type: 'regression', target: 'mass', input: 'trunk', loss: 'mae' };
    const kind = { type: 'classification', target: 'kind', classes: 3, input: 'trunk' };
    const now = planOf({ tasks: { kind, mass }, training: { learningRate: 0.5 } });
    const diagram = against(now, planOf());
    const label = labelOf(diagram, 'task', 'mass');
    assert.equal(label[0], '≠ mass');
    assert.match(label.join('\n'), /≠ loss.*mse.*→.*mae/);
    const lines = diagram.difference?.lines ?? [];
    assert.ok(lines.some(({ pointer }) => pointer.startsWith('/tasks/mass/loss')));
    assert.equal(lines.at(-1)?.pointer, '/training/learningRate');
    assert.equal(lines.at(-1)?.first, '0.5');
  });

  test('a block that was shared and is read by one task alone now', () => {
    const tasks = (input: string): object => ({
      kind: { type: 'classification', target: 'kind', classes: 3, input },
      mass: { type: 'regression', target: 'mass', input: 'trunk' },
    });
    const network = {
      trunk: { input: 'measures', layers: [dense(8)] },
      own: { input: 'measures', layers: [dense(8)] },
    };
    const diagram = against(planOf({ network, tasks: tasks('own') }), planOf());
    assert.deepEqual(labelOf(diagram, 'block', 'trunk').slice(0, 3), ['≠ trunk', 'dense 8, relu', '≠ shared → of mass alone']); // prettier-ignore
    assert.ok(diagram.edges.some(({ label }) => label === '≠ 2 → 1 task'));
  });

  test('a mechanism in place of a plain block: its frame and parts are added', () => {
    const sharing = { type: 'mmoe', experts: 3 };
    const network = { trunk: { input: 'measures', layers: [dense(8)], sharing } };
    const diagram = against(planOf({ network }), planOf());
    assert.deepEqual(diagram.frames.map(({ change, title }) => [change, title.startsWith('+ ')]), [['added', true]]); // prettier-ignore
    const parts = diagram.nodes.filter(({ kind }) => kind === 'part');
    assert.ok(parts.length >= 5 && parts.every(({ change, label }) => change === 'added' && label[0]?.startsWith('+ '))); // prettier-ignore
    const more = against(planOf({ network: { trunk: { ...network.trunk, sharing: { ...sharing, experts: 4 } } } }), planOf({ network })); // prettier-ignore
    assert.deepEqual(more.nodes.flatMap(({ kind, change, label }) => (kind === 'part' && change === 'added' ? [label[0]] : [])), ['+ expert 3']); // prettier-ignore
  });
});

test('told apart without color: a sign in every label, dashes of their own, a legend of both names', async () => {
  const now = planOf({
    network: { trunk: { input: 'measures', layers: [dense(9)] }, more: { input: 'measures', layers: [dense(2)] } },
    tasks: { kind: { type: 'classification', target: 'kind', classes: 3, input: ['trunk', 'more'] } },
    weights: { kind: 1 },
  });
  const signs: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '≠' };
  for (const locale of ['en', 'zh-cn'] as const) {
    const diagram = against(now, planOf(), { locale });
    for (const { change, label } of diagram.nodes) {
      const sign = /^[+−≠] /.exec(label[0] ?? '')?.[0].trim();
      assert.equal(sign, change === undefined ? undefined : signs[change]);
    }
    for (const { change, label } of diagram.edges) if (change !== undefined) assert.ok(label.startsWith(signs[change]));
    assert.deepEqual(diagram.difference?.legend.map(({ change }) => change), ['added', 'removed', 'changed', null]); // prettier-ignore
    assert.ok(diagram.difference.legend[0]?.text.includes('new') && diagram.difference.legend[1]?.text.includes('old'));
    for (const style of ['stroke-width:4px', 'stroke-dasharray:4 4', 'stroke-dasharray:12 3 2 3'])
      assert.ok(diagram.mermaid.includes(style));
    await mermaid.parse(diagram.mermaid);
    // Markdown would take it for a list.
    assert.doesNotMatch(diagram.mermaid, /["|>][+*-] /);
  }
});

const shape = fc.record({
  widths: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3 }), { minKeys: 1 }),
  tasks: fc.dictionary(
    fc.constantFrom('t', 'u', 'v', 'w'),
    fc.record({ block: fc.nat(2), loss: fc.constantFrom('mse', 'mae'), weight: fc.constantFrom(0.1, 0.5) }),
    { minKeys: 1 },
  ),
  gated: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function planFrom({ widths, tasks, gated }: Shape): Plan {
  const blocks = Object.keys(widths);
  const all = Object.entries(tasks);
  const sharing = gated ? { sharing: { type: 'mmoe', experts: 2 } } : {};
  const readBy = (name: string): number => all.filter(([, { block }]) => blocks[block % blocks.length] === name).length;
  const used = Object.entries(widths).filter(([name]) => readBy(name) > 0);
  return planOf({
    network: Object.fromEntries(used.map(([name, units]) => [name, { input: 'measures', layers: [dense(units)], ...(readBy(name) > 1 ? sharing : {}) }])), // prettier-ignore
    tasks: Object.fromEntries(all.map(([name, { block, loss }]) => [name, { type: 'regression', target: 'mass', input: blocks[block % blocks.length], loss }])), // prettier-ignore
    weights: Object.fromEntries(all.map(([name, { weight }]) => [name, weight])),
  });
}

const nodesOf = ({ nodes }: Diagram): readonly string[] => nodes.map(({ kind, name }) => `${kind} ${name}`);
function edgesOf({ nodes, edges }: Diagram): readonly string[] {
  const names = new Map(nodes.map(({ id, kind, name }) => [id, `${kind} ${name}`]));
  return edges.map(({ from, to }) => `${names.get(from) ?? ''} → ${names.get(to) ?? ''}`);
}

describe('any two', () => {
  test('a plan against itself: nothing differs, in the picture and in the list', () => {
    fc.assert(
      fc.property(shape, (one) => {
        const [plan, again] = [planFrom(one), planFrom(one)];
        const diagram = against(plan, again);
        assert.deepEqual(changed(diagram), []);
        const { counts, legend, lines } = diagram.difference ?? assert.fail();
        assert.deepEqual([counts.added, counts.removed, counts.changed, legend, lines], [0, 0, 0, [], []]);
        const alone = diagramOf(plan, 'en');
        assert.deepEqual([diagram.nodes, diagram.edges], [alone.nodes, alone.edges]);
      }),
      { numRuns: 40 },
    );
  });

  test('every node and edge of either stands in the picture once, with whose it is', () => {
    fc.assert(
      fc.property(shape, shape, (one, other) => {
        const [first, second] = [planFrom(one), planFrom(other)];
        const merged = against(first, second);
        const [a, b] = [diagramOf(first, 'en'), diagramOf(second, 'en')];
        for (const partsOf of [nodesOf, edgesOf]) {
          const [own, others, all] = [partsOf(a), partsOf(b), partsOf(merged)];
          assert.equal(new Set(all).size, all.length);
          assert.deepEqual(all.toSorted(), [...new Set([...own, ...others])].toSorted());
          const parts = partsOf === nodesOf ? merged.nodes : merged.edges;
          for (const [index, key] of all.entries()) {
            const { change } = parts[index] ?? assert.fail();
            const [inFirst, inSecond] = [own.includes(key), others.includes(key)];
            assert.equal(change === 'added', inFirst && !inSecond, key);
            assert.equal(change === 'removed', inSecond && !inFirst, key);
          }
        }
        const { counts } = merged.difference ?? assert.fail();
        const total = counts.added + counts.removed + counts.changed + counts.alike;
        assert.equal(total, merged.nodes.length + merged.edges.length);
        // Turned round, what was added is removed.
        const turned = against(second, first).difference?.counts;
        assert.deepEqual([turned?.added, turned?.removed, turned?.changed], [counts.removed, counts.added, counts.changed]); // prettier-ignore
      }),
      { numRuns: 60 },
    );
  });
});

describe('siblings alike', () => {
  const many = (count: number, heavy: readonly number[] = []): Plan => {
    const names = Array.from({ length: count }, (_, at) => `t${String(at)}`);
    const layersOf = (at: number): readonly object[] => (heavy.includes(at) ? [dense(4)] : []);
    return planOf({
      tasks: Object.fromEntries(names.map((name, at) => [name, { type: 'regression', target: 'mass', input: 'trunk', layers: layersOf(at) }])), // prettier-ignore
      weights: Object.fromEntries(names.map((name) => [name, 0.1])),
    });
  };
  const tasks = ({ nodes }: Diagram): readonly unknown[] =>
    nodes.filter(({ kind }) => kind === 'task').map(({ label, change, group }) => [label[0], change, group?.members.length]); // prettier-ignore

  test('are one where they are alike in both or differ alike; the one that differs stands for itself', () => {
    const alike = { opened: new Set<string>() };
    assert.deepEqual(tasks(against(many(20, [3]), many(20), { alike })), [
      ['19 tasks alike', undefined, 19],
      ['≠ t3', 'changed', undefined],
    ]);
    assert.deepEqual(tasks(against(many(30), many(12), { alike })), [
      ['12 tasks alike', undefined, 12],
      ['18 tasks alike', 'added', 18],
    ]);
  });

  test('counts are of members, collapsed or not; a group that is opened shows them', () => {
    const [first, second] = [many(30), many(12)];
    const open = against(first, second);
    const closed = against(first, second, { alike: { opened: new Set() } });
    assert.deepEqual(closed.difference?.counts, open.difference?.counts);
    const opened = against(first, second, { alike: { opened: new Set(closed.groups.map(({ id }) => id)) } });
    assert.deepEqual(nodesOf(opened).toSorted(), nodesOf(open).toSorted());
  });
});
