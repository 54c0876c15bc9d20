// Task groups as an experiment: all together, the groups, each alone, behind the arms that are there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affinityArms, type AffinityArms } from '../../../src/experiment/affinity-arms.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { splitIntoGroups } from '../../../src/plan/groups/split.ts';
import { makePlan } from '../../../src/plan/index.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { spec as small } from '../cli/run-cli.ts';

const spec = small
  .replace('"2": {', '"c": { "type": "regression", "target": "a", "input": "trunk" }, // 第三\n    "2": {')
  .replace('"weights": { "10": 0.5, "2": 0.5 }', '"weights": { "10": 0.5, "2": 0.5, "c": 1 }');
const withExperiment = (experiment: object): string => spec.replace(/\}\s*$/, `,\n  "experiment": ${JSON.stringify(experiment)}\n}`); // prettier-ignore

/** @param helps whether "10" has a second head in the group of "c" */
function grouped(source: string, helps = false): string {
  const { spec: read, tree } = readSpec(source);
  assert.ok(read);
  const { plan } = makePlan(read, tree);
  assert.ok(plan);
  const split = splitIntoGroups(source, plan, [
    { members: ['10', '2'], serves: ['10', '2'] },
    { members: helps ? ['c', '10'] : ['c'], serves: ['c'] },
  ]);
  assert.ok('text' in split);
  return split.text;
}
function made(source: string, helps = false): AffinityArms {
  const result = affinityArms(source, grouped(source, helps));
  assert.ok('text' in result, JSON.stringify(result));
  return result;
}
function refused(source: string): { readonly en: string; readonly zh: string } {
  const result = affinityArms(source, grouped(source));
  assert.ok('refused' in result);
  return result.refused;
}
const armsOf = (text: string) => readDesign(text).design?.arms ?? [];

test('a spec without an experiment gets one: five seeds, three arms, compared with each task alone', () => {
  const { text, added, ...names } = made(spec);
  assert.deepEqual(names, { shared: 'shared', groups: 'groups', single: 'single' });
  assert.deepEqual(added, ['shared', 'groups', 'single']);
  const { experiment } = readSpec(text).spec ?? {};
  assert.deepEqual([experiment?.replicates?.n, experiment?.baseline], [5, 'single']);
  assert.deepEqual(armsOf(text).map(({ id }) => id), ['shared', 'groups', 'single']); // prettier-ignore
  assert.ok(text.startsWith(spec.slice(0, spec.lastIndexOf('}')).trimEnd()), 'all that was there stays as it is');
  assert.ok(text.includes('// 第三'));
});

test('the arms train the spec as it stands, the tree of the groups, and one task at a time', () => {
  const [shared, groups, single] = armsOf(made(spec).text).map(({ candidates }) => candidates[0]?.variants ?? []);
  assert.deepEqual([shared?.length, groups?.length, single?.length], [1, 1, 3]);
  assert.deepEqual([...(shared?.[0]?.spec.network.keys() ?? [])], ['trunk']);
  const tree = readSpec(grouped(spec)).spec;
  const arm = groups?.[0]?.spec;
  assert.deepEqual([...(arm?.network.keys() ?? [])], ['trunk 1', 'trunk 2']);
  assert.deepEqual([arm?.network, arm?.tasks, arm?.weights], [tree?.network, tree?.tasks, tree?.weights]);
});

test('a task that only helps has a second head in its arm, with its weight', () => {
  const { text } = made(spec, true);
  const arm = armsOf(text)[1]?.candidates[0]?.variants[0]?.spec;
  assert.deepEqual([...(arm?.tasks.keys() ?? [])], ['10', '10 (2)', 'c', '2']);
  assert.equal(arm?.weights.get('10 (2)'), 0.5);
  assert.ok(!made(spec).text.includes('"/weights"'), 'what the groups do not change is not set');
});

test('arms that are there are kept; what is all together or each alone already is not written again', () => {
  const wide = { id: 'wide', set: { '/network/trunk/layers/0/units': 8 } };
  const first = made(withExperiment({ replicates: 3, arms: [wide, { id: 'joint' }], baseline: 'joint' }));
  assert.deepEqual([first.shared, first.single, first.added], ['joint', 'single', ['groups', 'single']]);
  assert.deepEqual(armsOf(first.text).map(({ id }) => id), ['wide', 'joint', 'groups', 'single']); // prettier-ignore
  assert.equal(readSpec(first.text).spec?.experiment?.baseline, 'joint');
  const alone = { id: 'alone', auto: 'single-task' };
  const second = made(withExperiment({ arms: [alone, wide], baseline: 'alone' }));
  assert.deepEqual([second.shared, second.single, second.added], ['shared', 'alone', ['shared', 'groups']]);
  // One that sets something is neither.
  const changed = { id: 'other', auto: 'single-task', set: { '/training/epochs': 3 } };
  assert.deepEqual(made(withExperiment({ arms: [changed, wide] })).added, ['shared', 'groups', 'single']);
});

test('implied arms are written out, and only the groups are added', () => {
  const { text, shared, single, added } = made(withExperiment({ replicates: 4 }));
  assert.deepEqual([shared, single, added], ['joint', 'single', ['groups']]);
  assert.deepEqual(armsOf(text).map(({ id }) => id), ['joint', 'single', 'groups']); // prettier-ignore
  assert.equal(readSpec(text).spec?.experiment?.replicates?.n, 4);
});

test('a name that another arm has, and factors without a list of arms, are refused', () => {
  const taken = (id: string) => refused(withExperiment({ arms: [{ id, set: { '/training/epochs': 3 } }] }));
  for (const id of ['shared', 'groups', 'single']) {
    assert.match(taken(id).en, new RegExp(`^There is an arm "${id}" already, and it is another one\\.`));
    assert.match(taken(id).zh, new RegExp(`^已有实验组“${id}”`));
  }
  const factors = [{ name: 'lr', path: '/training/learningRate', levels: [0.1, 0.2] }];
  assert.match(refused(withExperiment({ factors })).en, /has factors and no list "arms"/);
});

test('its experiment has a name of its own, where the spec has one', () => {
  const named = spec.replace('{', '{ "name": "trial",');
  const { text } = made(named);
  assert.equal(readSpec(text).spec?.name, 'trial (affinity)');
  assert.equal(readSpec(made(spec).text).spec?.name, undefined);
});

test('a text that cannot be read is refused', () => {
  const result = affinityArms('{', grouped(spec));
  assert.ok('refused' in result);
  assert.match(result.refused.en, /cannot be read/);
});
