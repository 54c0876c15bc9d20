/** Groups written as a tree of blocks: specs that still mean what they say, with their comments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitIntoGroups, type SplitOptions, type TaskGroup } from '../../../../src/plan/groups/split.ts';
import { makePlan } from '../../../../src/plan/index.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import { readSpec } from '../../../../src/spec/index.ts';

function planOf(source: string): Plan {
  const { spec, tree, problems } = readSpec(source);
  assert.ok(spec, JSON.stringify(problems));
  const { plan, problems: planned } = makePlan(spec, tree);
  assert.deepEqual(
    [...problems, ...planned].filter(({ severity }) => severity === 'error').map(({ message }) => message.en),
    [],
  );
  assert.ok(plan);
  return plan;
}

function split(source: string, groups: readonly TaskGroup[], options: SplitOptions = {}): { text: string; plan: Plan } {
  const result = splitIntoGroups(source, planOf(source), groups, options);
  assert.ok('text' in result, JSON.stringify(result));
  return { text: result.text, plan: planOf(result.text) };
}

const whole = (...tasks: string[]): TaskGroup => ({ members: tasks, serves: tasks });
const dense = '{ "type": "dense", "units": 3 }';
const wiring = (plan: Plan) => ({
  blocks: Object.fromEntries(
    [...plan.blocks].map(([name, { sources }]) => [name, sources.map((source) => source.name)]),
  ),
  tasks: Object.fromEntries([...plan.tasks].map(([name, { sources }]) => [name, sources.map((source) => source.name)])),
});

const oneTrunk = `{
  "name": "three", // 名称
  "data": { "source": "t.csv", "inputs": { "x": { "type": "number", "from": ["p", "q"] } } },
  "network": {
    // everything shares this
    "trunk": { "input": "x", "layers": [${dense}] } // the only block
  },
  "tasks": {
    "a": { "type": "regression", "target": "a", "input": "trunk" },
    /* the middle one */
    "b": { "type": "regression", "target": "b", "input": ["trunk", "x"] },
    "c": { "type": "regression", "target": "c", "input": "trunk" }
  },
  "weights": { "a": 0.2, "b": 0.3, "c": 0.5 }
}
`;

test('one trunk becomes a trunk a group; comments stay', () => {
  const { text, plan } = split(oneTrunk, [whole('a', 'b'), whole('c')]);
  assert.deepEqual(wiring(plan), {
    blocks: { 'trunk 1': ['x'], 'trunk 2': ['x'] },
    tasks: { a: ['trunk 1'], b: ['trunk 1', 'x'], c: ['trunk 2'] },
  });
  const turned = oneTrunk.replace('["trunk", "x"]', '["x", "trunk"]');
  assert.deepEqual(wiring(split(turned, [whole('a', 'c'), whole('b')]).plan).tasks, {
    ...{ a: ['trunk 1'], b: ['x', 'trunk 2'], c: ['trunk 1'] },
  });
  for (const comment of ['// 名称', '// everything shares this', '// the only block', '/* the middle one */']) {
    assert.ok(text.includes(comment), comment);
  }
  assert.match(text, /^\/\/ Task groups from measured affinity: \[a, b\] \[c\]\./);
  assert.match(text, /"name": "three \(groups\)"/);
  assert.equal(plan.blocks.get('trunk 1')?.shared, true);
  assert.equal(plan.blocks.get('trunk 2')?.shared, false);
});

test('a task that only helps gets a second head with its weight', () => {
  const { plan } = split(oneTrunk, [
    { members: ['a', 'b'], serves: ['a', 'b'] },
    { members: ['b', 'c'], serves: ['c'] },
  ]);
  assert.deepEqual(wiring(plan).tasks, {
    a: ['trunk 1'],
    b: ['trunk 1', 'x'],
    'b (2)': ['trunk 2', 'x'],
    c: ['trunk 2'],
  });
  assert.equal(plan.tasks.get('b (2)')?.weight, 0.3);
  assert.deepEqual(plan.tasks.get('b (2)')?.targetColumns, ['b']);
});

const tree = `{
  "data": { "source": "t.csv", "inputs": { "x": { "type": "number", "from": ["p", "q"] } } },
  "network": {
    "stem": { "input": "x", "layers": [${dense}] },
    "deep": { "input": "stem", "layers": [${dense}] },
    "own": { "input": "deep", "layers": [${dense}] }
  },
  "tasks": {
    "a": { "type": "regression", "target": "a", "input": "deep" },
    "b": { "type": "regression", "target": "b", "input": "own" },
    "c": { "type": "regression", "target": "c", "input": "deep" },
    "d": { "type": "regression", "target": "d", "input": "stem" }
  }
}`;

test('what lies above the parting stays shared; blocks of one group follow their copy', () => {
  const { plan } = split(tree, [whole('a', 'b', 'd'), whole('c')]);
  assert.deepEqual(wiring(plan), {
    blocks: { stem: ['x'], 'deep 1': ['stem'], 'deep 2': ['stem'], own: ['deep 1'] },
    tasks: { a: ['deep 1'], b: ['own'], c: ['deep 2'], d: ['stem'] },
  });
});

test('a parting above goes through everything below', () => {
  const { plan } = split(tree, [whole('a', 'd'), whole('b', 'c')]);
  assert.deepEqual(wiring(plan).blocks, { stem: ['x'], 'deep 1': ['stem'], 'deep 2': ['stem'], own: ['deep 2'] });
  const separate = split(tree, [whole('a', 'd'), whole('b', 'c')], { separate: true });
  assert.deepEqual(wiring(separate.plan), {
    blocks: { 'stem 1': ['x'], 'stem 2': ['x'], 'deep 1': ['stem 1'], 'deep 2': ['stem 2'], own: ['deep 2'] },
    tasks: { a: ['deep 1'], b: ['own'], c: ['deep 2'], d: ['stem 1'] },
  });
});

test('what cannot be parted is refused with what to do', () => {
  const refusal = (source: string, groups: readonly TaskGroup[], options: SplitOptions = {}): string => {
    const result = splitIntoGroups(source, planOf(source), groups, options);
    return 'refused' in result ? result.refused.en : '';
  };
  assert.match(refusal(oneTrunk, [whole('a', 'b', 'c')]), /One group/);
  const parted = tree
    .replace('"input": "deep" },\n    "d"', '"input": "own" },\n    "d"')
    .replace('"input": "stem" }', '"input": "own" }');
  assert.match(refusal(parted, [whole('a'), whole('b', 'c', 'd')]), /--separate/);
  const experts = oneTrunk.replace(
    '"input": "x", "layers"',
    '"input": "x", "sharing": { "type": "mmoe", "experts": 2 }, "layers"',
  );
  assert.match(refusal(experts, [whole('a', 'b'), whole('c')]), /"mmoe".*single reader/);
  assert.ok('text' in splitIntoGroups(experts, planOf(experts), [{ members: ['a', 'b'], serves: ['a', 'b'] }, { members: ['b', 'c'], serves: ['c'] }])); // prettier-ignore
});

test('names that are taken or strange are written as names', () => {
  const source = oneTrunk.replaceAll('"trunk"', '"tr\\"unk 1"').replaceAll('"c":', '"tr\\"unk 1 1":');
  const { plan } = split(source, [whole('a', 'b'), whole('tr"unk 1 1')]);
  assert.deepEqual([...plan.blocks.keys()], ['tr"unk 1 1 2', 'tr"unk 1 2']);
});

test('what has no network and tasks is refused in both languages', () => {
  const plan = planOf(oneTrunk);
  for (const text of ['', '[]', '{ "tasks": {} }', '{ "network": {} }', '{ "network": [], "tasks": {} }']) {
    const result = splitIntoGroups(text, plan, [whole('a', 'b'), whole('c')]);
    assert.ok('refused' in result, text);
    assert.match(result.refused.en, /no network and tasks/);
    assert.match(result.refused.zh, /没有可拆分的网络与任务/);
  }
  const apart = splitIntoGroups(oneTrunk, plan, [whole('a', 'b', 'c'), { members: [], serves: [] }], {
    separate: true,
  });
  assert.match('refused' in apart ? apart.refused.en : '', /share no block already/);
});

test('one line stays one line, lines keep their breaks', () => {
  const flat = oneTrunk.replaceAll(/\s*\/\/.*$/gm, '').replaceAll(/\s*\/\*.*\*\//g, '').replaceAll(/\s*\n\s*/g, ' '); // prettier-ignore
  const groups = [{ members: ['a', 'b'], serves: ['a', 'b'] }, { members: ['b', 'c'], serves: ['c'] }]; // prettier-ignore
  const line = split(flat, groups).text.split('\n').at(-1) ?? '';
  assert.match(line, /"trunk 1": \{[^\n]*\}, "trunk 2": \{/);
  assert.match(line, /"b": 0\.3, "b \(2\)": 0\.3, "c": 0\.5/);
  assert.match(line, /"b \(2\)": \{ "type": "regression", "target": "b", "input": \["trunk 2", "x"\] \}/);
  const windows = split(oneTrunk.replaceAll('\n', '\r\n'), groups).text;
  assert.match(windows, /\},?\r\n {4}"trunk 2": \{/);
  assert.match(windows, /"b \(2\)": \{/);
});

test('the comment in front names who is served and who only helps, each on its line', () => {
  const groups = [{ members: ['a', 'b', 'c'], serves: ['a', 'b'] }, { members: ['b', 'c', 'no\r\nt\u2028a\u2029sk'], serves: ['c'] }]; // prettier-ignore
  const { text } = split(oneTrunk, groups);
  assert.equal(text.split('\n')[0], '// Task groups from measured affinity: [a, b + c] [c + b, no  t a sk]. A proposal, not a result: compare it with the spec as it was.'); // prettier-ignore
  assert.match(text.split('\n')[1] ?? '', /^\/\/ 由测得的任务亲和度得出的任务分组/);
});

test('names of copies avoid every name there is; a long one keeps its end', () => {
  const taken = oneTrunk.replace('"x": { "type"', '"trunk 1": { "type"').replaceAll('"input": "x"', '"input": "trunk 1"').replace('["trunk", "x"]', '["trunk", "trunk 1"]'); // prettier-ignore
  assert.deepEqual([...split(taken, [whole('a', 'b'), whole('c')]).plan.blocks.keys()], ['trunk 1 2', 'trunk 2']);
  const helper = [{ members: ['a', 'b'], serves: ['a', 'b'] }, { members: ['b', 'c'], serves: ['c'] }]; // prettier-ignore
  const named = oneTrunk.replaceAll('"c":', '"b (2)":');
  const { plan } = split(named, [helper[0] ?? whole(), { members: ['b', 'b (2)'], serves: ['b (2)'] }]);
  assert.deepEqual([...plan.tasks.keys()], ['a', 'b', 'b (2) 2', 'b (2)']);
  const long = 'abcdefghij'.repeat(9) + 'klmnopqr';
  const groups = [{ members: ['a', long], serves: ['a', long] }, { members: [long, 'c'], serves: ['c'] }]; // prettier-ignore
  const heads = split(oneTrunk.replaceAll('"b":', `"${long}":`), groups).plan.tasks;
  assert.deepEqual([...heads.keys()], ['a', long, `${long} (2)`.slice(-90), 'c']);
});

test('a spec without a name or weights gets none', () => {
  const { text, plan } = split(tree, [whole('a', 'b', 'd'), { members: ['a', 'c'], serves: ['c'] }]);
  assert.doesNotMatch(text, /"name"|"weights"/);
  assert.deepEqual(wiring(plan).tasks, {
    ...{ a: ['deep 1'], 'a (2)': ['deep 2'], b: ['own'], c: ['deep 2'], d: ['stem'] },
  });
});

test('a mechanism that keeps two readers in every copy is parted, blocks count as readers', () => {
  const mixed = tree.replace('"input": "stem", "layers"', '"input": "stem", "sharing": { "type": "mmoe", "experts": 2 }, "layers"'); // prettier-ignore
  // Group 1 reads "deep" by a and by the block "own" of b; group 2 by c and the helping a.
  const { plan } = split(mixed, [whole('a', 'b', 'd'), { members: ['a', 'c'], serves: ['c'] }]);
  assert.deepEqual([...(plan.blocks.get('deep 2')?.sharing?.outputs.keys() ?? [])], ['task:a (2)', 'task:c']);
  const result = splitIntoGroups(mixed, planOf(mixed), [whole('a', 'b', 'd'), whole('c')]);
  assert.match('refused' in result ? result.refused.en : '', /The block "deep" shares by "mmoe"/);
  assert.match('refused' in result ? result.refused.zh : '', /模块“deep”采用“mmoe”共享/);
  // Blocks above it that share nothing, or that keep two readers, hide nothing.
  const both = mixed.replace('"input": "x", "layers"', '"input": "x", "sharing": { "type": "mmoe", "experts": 2 }, "layers"'); // prettier-ignore
  for (const source of [mixed, both]) {
    const groups = [whole('a', 'b', 'd'), { members: ['c', 'd'], serves: ['c'] }];
    const refused = splitIntoGroups(source, planOf(source), groups, { separate: true });
    assert.match('refused' in refused ? refused.refused.en : '', /The block "deep" shares by "mmoe"/);
  }
});

test('below a copied block nothing joins the groups again, however far below and wherever it is written', () => {
  const block = (input: string): string => `{ "input": "${input}", "layers": [${dense}] }`;
  const task = (name: string, input: string): string =>
    `"${name}": { "type": "regression", "target": "${name}", "input": "${input}" }`;
  const chain = `{
  "data": { "source": "t.csv", "inputs": { "x": { "type": "number", "from": ["p", "q"] } } },
  "network": {
    "left": ${block('low')}, "right": ${block('low')},
    "low": ${block('middle')}, "middle": ${block('stem')}, "stem": ${block('x')}
  },
  "tasks": { ${task('a', 'stem')}, ${task('b', 'stem')}, ${task('c', 'left')}, ${task('d', 'right')} }
}`;
  const { plan } = split(chain, [whole('a', 'c'), whole('b', 'd')]);
  assert.deepEqual(wiring(plan), {
    blocks: {
      ...{ left: ['low 1'], right: ['low 2'], 'low 1': ['middle 1'], 'low 2': ['middle 2'] },
      ...{ 'middle 1': ['stem 1'], 'middle 2': ['stem 2'], 'stem 1': ['x'], 'stem 2': ['x'] },
    },
    tasks: { a: ['stem 1'], b: ['stem 2'], c: ['left'], d: ['right'] },
  });
});

test('in place: the same wiring, without a comment in front and under the same name', () => {
  const groups = [whole('a', 'b'), whole('c')];
  const [beside, within] = [split(oneTrunk, groups), split(oneTrunk, groups, { inPlace: true })];
  assert.deepEqual(wiring(within.plan), wiring(beside.plan));
  assert.ok(within.text.startsWith(oneTrunk.slice(0, 20)));
  assert.equal(within.plan.spec.name, 'three');
  assert.equal(beside.plan.spec.name, 'three (groups)');
});
