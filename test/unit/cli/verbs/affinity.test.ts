// `mtl affinity`, in the test's own process: matrices, groups and what stands beside them.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { startBody, temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';
import { spec, table } from '../run-cli.ts';

beforeEach(() => setLanguage('en'));

const three = spec
  .replace('"2": {', '"c": { "type": "regression", "target": "a", "input": "trunk" },\n    "2": {')
  .replace('"weights": { "10": 0.5, "2": 0.5 }', '"weights": { "10": 0.5, "2": 0.5, "c": 1 }');

function runOf(context: TestContext, text: string, records: readonly object[], set: readonly string[] = []) {
  const cwd = fs.realpathSync(temporaryFolder(context));
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), text);
  fs.writeFileSync(path.join(cwd, 'table.csv'), table);
  const { spec: resolved } = readSpec(text);
  assert.ok(resolved);
  const directory = createRun({ text, resolved, specFile: path.join(cwd, 's.mtl.json'), root: cwd, name: 'run', set });
  const lines = [startBody(1), ...records].map((record, seq) => encodeRecord(seq, seq, record as EventInput));
  fs.writeFileSync(path.join(directory, 'events.ndjson'), `${lines.join('\n')}\n`);
  return { cwd, run: path.relative(cwd, directory) };
}

const pair = { kind: 'affinity', step: 40, tasks: ['10', '2'] };
const measured = {
  ...pair,
  mean: [
    [0.5, 0.123456],
    [-0.25, 1e-5],
  ],
  sd: [
    [0.1, 0.25],
    [null, 0.3],
  ],
  n: [
    [3, 2],
    [1, 3],
  ],
};
const cautions = [
  'Affinity correlates weakly with what tasks really gain from each other (Azorin et al. 2023).',
  'It changes with learning rate, width and data (Standley et al. 2020).',
  'A proposal, not a result: train the groups, all tasks together and each alone, and compare.',
];

test('for people: means with their spread and number, the groups, and the cautions', async (context) => {
  const { cwd, run } = runOf(context, spec, [measured]);
  const { code, out } = await within(['affinity', run], cwd);
  assert.equal(code, 0);
  const lines = out.trimEnd().split('\n');
  assert.deepEqual(lines, [
    "Lookahead affinity up to step 40: what a step for the row's task alone takes off the loss of the column's task (mean ± sd, n)",
    '                10                 2',
    '  10  0.5 ± 0.1 (3)  0.123 ± 0.25 (2)',
    '  2       -0.25 (1)  0.00001 ± 0.3 (3)',
    'Proposal for 2 networks:',
    ...lines.slice(5, -3),
    ...cautions,
  ].map((line, at) => (at >= 1 && at <= 3 ? lines[at] : line))); // prettier-ignore
  const cells = lines.slice(1, 4).map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(cells, [
    ['10', '2'],
    ['10', '0.5 ± 0.1 (3)', '0.123 ± 0.25 (2)'],
    ['2', '-0.25 (1)', '0.00001 ± 0.3 (3)'],
  ]);
  // 2 gains .123 from a step for 10, 10 loses by one for 2: each has a network, and 10 helps in that of 2.
  assert.deepEqual(lines.slice(5, -3), ['  10  (0)', '  2, helped by 10  (0.123)']);
});

test('cosines have a matrix of their own; pairs that never met count as 0, which is said', async (context) => {
  const nothing = { ...measured, mean: [[0.5, null], [0.1, 0.2]], sd: [[null, null], [null, null]], n: [[1, 0], [1, 1]], cosines: [[1, null], [0.5, 1]] }; // prettier-ignore
  const { cwd, run } = runOf(context, spec, [nothing]);
  const { out } = await within(['affinity', run, '--budget', '1'], cwd);
  const lines = out.trimEnd().split('\n').map((line) => line.trim().split(/ {2,}/)); // prettier-ignore
  assert.deepEqual(lines.slice(1, 10), [
    ['10', '2'],
    ['10', '0.5 (1)', '– (0)'],
    ['2', '0.1 (1)', '0.2 (1)'],
    ['Cosines of the gradients on the same steps'],
    ['10', '2'],
    ['10', '1', '–'],
    ['2', '0.5', '1'],
    ['Proposal for 1 networks:'],
    // 10 gains .1 from 2, 2 nothing that is known.
    ['10, 2', '(0.1)'],
  ]);
  assert.match(out, /Pairs without a value never had labels in one batch; they count as 0\.\n/);
  const whole = runOf(context, spec, [measured]);
  assert.doesNotMatch(
    (await within(['affinity', whole.run], whole.cwd)).out,
    /Pairs without|Cosines|search was stopped/,
  );
});

test('as JSON: the last record whole, the groups by name, the budget and the cautions', async (context) => {
  const mean = [
    [0, 0.4, -1],
    [0.2, 0, -1],
    [-1, -1, 0],
  ];
  const sd = mean.map((row) => row.map(() => 0.5));
  const n = mean.map((row) => row.map(() => 7));
  const record = { ...pair, tasks: ['10', '2', 'c'], mean, sd, n };
  const { cwd, run } = runOf(context, three, [{ ...record, step: 1, mean: n }, record]);
  const { out, err } = await within(['affinity', run, '--json'], cwd);
  assert.deepEqual(JSON.parse(out), {
    v: 1,
    ...{ tasks: ['10', '2', 'c'], step: 40, mean, sd, n },
    cosines: null,
    proposal: {
      budget: 2,
      groups: [
        { tasks: ['10', '2'], serves: ['10', '2'], score: 0.2 + 0.4 },
        { tasks: ['c'], serves: ['c'], score: 0 },
      ],
      total: 0.2 + 0.4,
      exact: true,
    },
    cautions,
    written: null,
  });
  // The run has no fingerprints, so nobody knows.
  assert.match(err, /warning: Whether the data are still those that were measured cannot be known\.\n/);
  const most = JSON.parse((await within(['affinity', run, '--json', '--budget', '3', '--lang', 'zh'], cwd)).out) as { proposal: { budget: number; groups: unknown[] }; cautions: string[] }; // prettier-ignore
  assert.deepEqual([most.proposal.budget, most.cautions.length], [3, 3]);
  assert.match(most.cautions[0] ?? '', /亲和度/);
});

test('the spec of the groups is written once, beside the run’s own, and what --set had changed is said', async (context) => {
  const { cwd, run } = runOf(context, spec, [{ ...measured, mean: [[0, -1], [-1, 0]] }], ['/training/epochs=3']); // prettier-ignore
  const asked = await within(['affinity', run, '--write', 'g.mtl.json'], cwd);
  assert.equal(asked.code, 0, asked.err);
  assert.match(asked.err, /Written: g\.mtl\.json\n/);
  assert.match(
    asked.err,
    /The run was changed by --set \/training\/epochs=3; the new spec is made of the text without it\./,
  );
  assert.ok(readSpec(fs.readFileSync(path.join(cwd, 'g.mtl.json'), 'utf8')).spec);
  const refused = async (file: string, ...more: readonly string[]): Promise<string> => {
    const { code, out, err } = await within(['affinity', run, '--write', file, ...more], cwd);
    assert.deepEqual([code === 0, out], [false, '']);
    return err;
  };
  assert.match(await refused('g.mtl.json'), /"g\.mtl\.json" exists\. Choose another name\./);
  fs.mkdirSync(path.join(cwd, 'other'));
  assert.match(
    await refused('other/h.mtl.json'),
    /"other\/h\.mtl\.json" does not lie beside the run's spec.* Write into \.\.\n/s,
  );
  assert.match(await refused('h.mtl.json', '--budget', '1'), /One group of all tasks/);
  assert.equal(fs.existsSync(path.join(cwd, 'h.mtl.json')), false);
});

test('a run that measured nothing says how to measure', async (context) => {
  const { cwd, run } = runOf(context, spec, []);
  const { code, out, err } = await within(['affinity', run], cwd);
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /has measured no affinity\. Set "affinity" in "training"/);
});

test('with --experiment the old spec is written with three arms; without --write it is a wrong request', async (context) => {
  const apart = { ...measured, mean: [[0, -1], [-1, 0]] }; // prettier-ignore
  const { cwd, run } = runOf(context, spec, [apart]);
  const { code, err } = await within(['affinity', run, '--write', 'e.mtl.json', '--experiment'], cwd);
  assert.equal(code, 0, err);
  assert.match(err, /Arms: "shared" \(all tasks together\), "groups" \(the groups\), "single" \(each task alone\)\.\n/);
  const { spec: written } = readSpec(fs.readFileSync(path.join(cwd, 'e.mtl.json'), 'utf8'));
  assert.ok(written);
  assert.deepEqual(written.experiment?.arms.map(({ id }) => id), ['shared', 'groups', 'single']); // prettier-ignore
  assert.deepEqual([...written.network.keys()], ['trunk']);
  const alone = await within(['affinity', run, '--experiment'], cwd);
  assert.deepEqual([alone.code, alone.out], [2, '']);
  assert.match(alone.err, /Give --write FILE as well/);
  const experiment = { arms: [{ id: 'joint' }, { id: 'groups', set: { '/training/epochs': 3 } }] };
  const other = runOf(context, spec.replace(/\}\s*$/, `, "experiment": ${JSON.stringify(experiment)} }`), [apart]);
  const refused = await within(['affinity', other.run, '--write', 'e.mtl.json', '--experiment'], other.cwd);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /There is an arm "groups" already/);
  assert.equal(fs.existsSync(path.join(other.cwd, 'e.mtl.json')), false);
  const kept = runOf(context, spec.replace(/\}\s*$/, ', "experiment": { "arms": [{ "id": "joint" }] } }'), [apart]);
  const said = await within(['affinity', kept.run, '--write', 'e.mtl.json', '--experiment'], kept.cwd);
  assert.match(said.err, /Arms: "joint" \(all tasks together\).*"joint" stood there already\.\n/);
});
