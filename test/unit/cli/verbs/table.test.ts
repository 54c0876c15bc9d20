// What every verb takes, and that it does what its name says, without a process of its own.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { loadVerb, verbNames } from '../../../../src/cli/verbs/table.ts';
import { productVersion } from '../../../../src/runtime/versions.ts';
import { within } from '../in-process.ts';
import { spec, table } from '../run-cli.ts';

const verbs = await Promise.all(verbNames.map(loadVerb));

/** Options as their contract has them: the name of the value, `…` where it may come often, or '' for a flag. */
const place = { root: 'DIR', 'allow-outside': '' };
const contract: Readonly<Record<string, readonly [words: readonly number[], options: Record<string, string>]>> = {
  check: [[1, 1], { json: '', explain: '', ...place }],
  diagram: [[1, 1], { direction: 'TB|LR', collapse: '', against: 'SPEC|RUN', ...place }],
  train: [[0, 1], { 'run-dir': 'DIR', engine: 'auto|native|wasm', seed: 'N', set: 'POINTER=JSON…', resume: 'DIR', from: 'RUN[@STEP]', 'accept-changes': '', detach: '', json: '', memory: 'SIZE', ...place }],
  evaluate: [[1, 1], { split: 'train|validation|test', data: 'FILE', json: '', memory: 'SIZE', ...place }],
  predict: [[1, 1], { data: 'FILE', out: 'FILE', proba: '', memory: 'SIZE', ...place }],
  suggest: [[1, 1], { by: 'METHOD', power: 'P', batches: 'N', run: 'RUN', split: 'train|validation', json: '', ...place }],
  affinity: [[1, 1], { budget: 'N', write: 'FILE', separate: '', experiment: '', json: '', ...place }],
  strategy: [[1, 2], { vectors: 'FILE|DIR…', json: '' }],
  doctor: [[0, 0], { json: '' }],
  runtime: [[1, 2], { compile: '', compiler: 'FILE', gpu: '', python: 'FILE', from: 'FILE|DIR', json: '' }],
  runs: [[1, 3], { keep: 'N', filter: 'WORDS', root: 'DIR', json: '' }],
  plan: [[1, 1], { engine: 'auto|native|wasm', json: '', ...place }],
  experiment: [[1, 1], { dir: 'DIR', jobs: 'N', executor: 'NAME', engine: 'auto|native|wasm', 'accept-changes': '', detach: '', json: '', ...place }],
  compare: [[1, Infinity], { json: '', csv: '', summary: '', markdown: '', latex: '', level: '0.95', baseline: 'ARM' }],
  verify: [[1, 1], { junit: 'FILE', json: '' }],
  report: [[1, Infinity], { out: 'FILE', format: 'html|markdown|latex', level: '0.95', baseline: 'ARM' }],
}; // prettier-ignore
const later = ['export'];

let folder = '';
before(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-verbs-')));
  fs.writeFileSync(path.join(folder, 's.mtl.json'), spec);
  fs.writeFileSync(path.join(folder, 'table.csv'), table);
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => setLanguage('en'));

describe('the table of verbs', () => {
  test('every verb of the contract, with its words and options', () => {
    assert.deepEqual(
      verbs.map(({ name }) => name),
      [...Object.keys(contract), ...later],
    );
    for (const verb of verbs.filter(({ name }) => !later.includes(name))) {
      const options = Object.entries(verb.options).map(([name, { value, type, multiple }]) => {
        assert.equal(type, value === undefined ? 'boolean' : 'string', `${verb.name} --${name}`);
        return [name, `${value ?? ''}${multiple === true ? '…' : ''}`] as const;
      });
      assert.deepEqual([verb.words, Object.fromEntries(options)], contract[verb.name], verb.name);
    }
  });

  test('the usage begins with the verb and names its own options only', () => {
    for (const { name, usage, options } of verbs.filter((verb) => !later.includes(verb.name))) {
      assert.ok(usage === name || usage.startsWith(`${name} `), usage);
      for (const [, option = ''] of usage.matchAll(/--([\w-]+)/g)) assert.ok(option in options, `${usage}: ${option}`);
    }
  });

  test('every help text is in both languages', () => {
    for (const { name, help, options } of verbs) {
      for (const { en, zh } of [help, ...Object.values(options).map((option) => option.help)]) {
        assert.match(en, /[a-z]/, name);
        assert.doesNotMatch(en, /[\u4e00-\u9fff]/u, name);
        assert.match(zh, /[\u4e00-\u9fff]|complexity/u, name);
      }
    }
  });

  test('those that load the engine say so', () => {
    assert.deepEqual(
      verbs.filter((verb) => verb.loadsEngine === true).map(({ name }) => name),
      ['evaluate', 'predict', 'suggest'],
    );
  });
});

describe('words', () => {
  test('the version, and the overview that names every verb', async () => {
    assert.deepEqual(await within(['--version']), { code: 0, out: `${productVersion}\n`, err: '' });
    for (const words of [[], ['--help'], ['-h'], ['help'], ['--lang', 'en']]) {
      const { code, out, err } = await within(words);
      assert.deepEqual([code, err], [0, '']);
      const lines = out.split('\n');
      assert.equal(lines[0], 'mtl: multi-task learning from a .mtl.json file');
      assert.deepEqual(lines.slice(2, 2 + verbs.length), verbs.map(({ name, help }) => `  ${name.padEnd(10)}  ${help.en}`)); // prettier-ignore
      assert.deepEqual(lines.slice(2 + verbs.length), ['', '"mtl VERB --help" shows what a verb takes.', '']);
    }
    const { out } = await within(['--lang=zh']);
    assert.match(out, /^mtl：由 \.mtl\.json 文件进行多任务学习\n\n {2}check {7}列出/);
    assert.match(out, /“mtl 命令 --help”显示该命令的用法。\n$/);
  });

  test('the help of each verb, without doing anything', async () => {
    for (const { name, usage } of verbs) {
      const { code, out, err } = await within([name, '--help']);
      assert.deepEqual([code, err, out.split('\n')[0]], [0, '', `mtl ${usage}`]);
    }
  });

  test('what is no verb', async () => {
    const near = await within(['chek']);
    assert.deepEqual([near.code, near.out], [2, '']);
    assert.match(near.err, /^mtl: "chek" is not a command of mtl\. Did you mean check\? Commands: check, diagram, .*export\.\n$/); // prettier-ignore
    const far = await within(['qqqqqqqq', '--lang', 'zh']);
    assert.match(far.err, /^mtl: mtl 没有“qqqqqqqq”命令。可用命令：check, diagram, /);
    assert.match((await within(['chek', '--lang=zh'])).err, /是否想用 check？可用命令/);
  });

  test('what is not there yet starts nothing', async () => {
    for (const name of later) {
      const { code, out, err } = await within([name, 'a', '--lang', 'zh']);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, new RegExp(`当前版本尚不支持“mtl ${name}”。`));
      const english = await within([name, 'a', '--lang', 'en']);
      assert.match(
        english.err,
        new RegExp(`"mtl ${name}" is not available in this version yet\\. Nothing was started`),
      );
      assert.match((await within([name, '--help', '--lang', 'en'])).out, /Not available in this version yet\./);
      assert.match((await within([name, '--help', '--lang', 'zh'])).out, /当前版本尚不支持。/);
    }
  });

  test('a run that is not there is named by every verb that takes one', async () => {
    for (const verb of ['predict', 'affinity', 'evaluate']) {
      const more = verb === 'predict' ? ['--data', 'table.csv'] : [];
      const { code, out, err } = await within([verb, 'no-such-run', ...more], folder);
      assert.notEqual(code, 0, verb);
      assert.equal(out, '', verb);
      assert.match(err, /no-such-run/, verb);
      assert.doesNotMatch(err, /internal error/, verb);
    }
  });
});

describe('check and diagram', () => {
  test('nothing wrong', async () => {
    assert.deepEqual(await within(['check', 's.mtl.json'], folder), { code: 0, out: '', err: 'No problems.\n' });
    assert.equal((await within(['check', 's.mtl.json', '--lang', 'zh'], folder)).err, '没有问题。\n');
  });

  test('as JSON: the file, no problems, parameters and shapes by hand', async () => {
    const { code, out, err } = await within(['check', 's.mtl.json', '--json'], folder);
    assert.deepEqual([code, err], [0, '']);
    // Two inputs to four units: 2·4 + 4; a head of two classes: 4·2 + 2; one of one number: 4 + 1.
    assert.deepEqual(JSON.parse(out), {
      ...{ v: 1, file: 's.mtl.json', problems: [] },
      plan: {
        parameters: { total: 27, shared: 12, byTask: { 10: 10, 2: 5 } },
        blocks: { trunk: { shape: [4], parameters: 12, shared: true } },
      },
      sizes: { inputs: { in: [2] }, vocabularies: {}, classes: { 10: 2 } },
    });
  });

  test('explained: every default, and a line for each input, block and task', async () => {
    const { out } = await within(['check', 's.mtl.json', '--explain'], folder);
    const lines = out.split('\n').map((line) => line.trim().split(/\s{2,}/));
    const rows = lines.slice(lines.findIndex(([name]) => name === 'name'));
    // What is free is the machine's affair.
    const memory = rows.findIndex(([name]) => name?.startsWith('memory') === true);
    assert.match(
      rows[memory]?.join(' ') ?? '',
      /^memory, beside the data: about \d+ MB on the \w+ engine.*; .+ are free here$/,
    );
    rows.splice(memory, 1);
    assert.deepEqual(rows, [
      ['name', 'shape', 'parameters'], ['in', '[2]', 'input'], ['trunk', '[4]', '12', 'shared'], ['10', '[2]', '10', 'task'],
      ['2', '[1]', '5', 'task'], ['total', '27', 'shared 12'], [''],
    ]); // prettier-ignore
    const chinese = (await within(['check', 's.mtl.json', '--explain', '--lang', 'zh'], folder)).out;
    assert.match(chinese, /名称\s+形状\s+参数量\n/);
    assert.match(chinese, /in\s+\[2\]\s+输入\n.*trunk\s+\[4\]\s+12\s+共享\n.*10\s+\[2\]\s+10\s+任务\n/);
  });

  test('an error has its place, its fix, the count and exit 1', async () => {
    fs.writeFileSync(path.join(folder, 'bad.mtl.json'), spec.replace('"dense"', '"dens"').replace('"from": ["a"', '"from": ["q"')); // prettier-ignore
    const { code, out, err } = await within(['check', 'bad.mtl.json'], folder);
    assert.equal(code, 1);
    assert.match(out, /^bad\.mtl\.json:4:63: error: .*dens.* \[[\w-]+\]\n {4}fix: .*dense/m);
    assert.match(err, /^1 error, 0 warnings\n$/);
    const json = JSON.parse((await within(['check', 'bad.mtl.json', '--json'], folder)).out) as { plan: unknown; problems: Record<string, unknown>[] }; // prettier-ignore
    assert.equal(json.plan, null);
    const [{ line, column, endLine, endColumn, severity, fixes } = {}] = json.problems;
    assert.deepEqual([line, column, endLine, endColumn, severity], [4, 63, 4, 69, 'error']);
    const [fix] = fixes as { edits: Record<string, unknown>[] }[];
    assert.deepEqual([fix?.edits[0]?.['line'], fix?.edits[0]?.['column'], fix?.edits[0]?.['text']], [4, 63, '"dense"']);
    const chinese = await within(['check', 'bad.mtl.json', '--lang', 'zh'], folder);
    assert.match(chinese.out, /: 错误: .*\n {4}修复：/);
    assert.equal(chinese.err, '1 个错误，0 个警告\n');
  });

  test('a diagram in either language; without one the problems and exit 1', async () => {
    const english = await within(['diagram', 's.mtl.json'], folder);
    assert.equal(english.code, 0);
    assert.match(english.out, /^graph TB\n {2}accTitle: Task mapping\n/);
    const chinese = await within(['diagram', 's.mtl.json', '--lang', 'zh'], folder);
    assert.match(chinese.out, /[\u4e00-\u9fff]/u);
    assert.doesNotMatch(english.out, /[\u4e00-\u9fff]/u);
    const bad = await within(['diagram', 'bad.mtl.json'], folder);
    assert.equal(bad.code, 1);
    assert.match(bad.err, /bad\.mtl\.json:4:63: error/);
  });

  test('a file that is not there: exit 2', async () => {
    const { code, err } = await within(['check', 'none.mtl.json'], folder);
    assert.equal(code, 2);
    assert.match(err, /none\.mtl\.json/);
  });
});
