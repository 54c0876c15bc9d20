import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { complain, run } from '../../../src/cli/run.ts';
import { loadVerb, verbNames } from '../../../src/cli/verbs/table.ts';
import { mtl, spec, table } from './run-cli.ts';

const verbs = await Promise.all(verbNames.map(loadVerb));

function folderWith(context: TestContext, files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-cli-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  return folder;
}

test('check finds nothing wrong with a good spec, and says what it is', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table });
  const { code, stdout } = await mtl(['check', 's.mtl.json', '--json'], { cwd });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    v: 1,
    file: 's.mtl.json',
    problems: [],
    // dense 2→4: 12; heads 4→2: 10 and 4→1: 5
    plan: {
      parameters: { total: 27, shared: 12, byTask: { 2: 5, 10: 10 } },
      blocks: { trunk: { shape: [4], parameters: 12, shared: true } },
    },
    // What the rows alone tell: two features, two classes.
    sizes: { inputs: { in: [2] }, vocabularies: {}, classes: { 10: 2 } },
  });
  assert.ok(stdout.indexOf('"10"') < stdout.indexOf('"2"'), 'names keep their order');
  const explained = await mtl(['check', 's.mtl.json', '--explain'], { cwd });
  assert.equal(explained.code, 0);
  assert.match(explained.stdout, /"batchSize": 32/);
  assert.match(explained.stdout, /total\s+27\s+shared 12/);
  assert.match(explained.stdout, /^table\.csv: encoding utf-8 \(found\), separator “,” \(found\)/m);
  assert.match(
    explained.stdout,
    /^memory, beside the data: about \d+ MB on the \w+ engine.*; [\d.]+ [MG]B are free here$/m,
  );
  const chinese = await mtl(['check', 's.mtl.json', '--explain', '--lang', 'zh'], { cwd });
  assert.match(chinese.stdout, /^内存（数据除外）：(内置|原生)引擎约 \d+ MB.*；本机可用 [\d.]+ [MG]B$/m);
});

test('what the engine cannot hold is a warning of check, and refused by train before there is a run', async (context) => {
  const layer = '{ "type": "dense", "units": 17000 }';
  const cwd = folderWith(context, {
    's.mtl.json': spec.replace(/"layers": \[[^\]]*\]/, `"layers": [${layer}, ${layer}]`),
    'table.csv': table,
  });
  const env = { MTL_RUNTIME_DIR: path.join(cwd, 'none') };
  const checked = await mtl(['check', 's.mtl.json'], { cwd, env });
  assert.equal(checked.code, 0);
  assert.match(
    checked.stdout,
    /^s\.mtl\.json:\d+:\d+: warning: .*at least 4\.3 GB in the embedded engine.* \[memory\]$/m,
  );
  for (const more of [[], ['--engine', 'wasm']]) {
    const { code, stderr } = await mtl(['train', 's.mtl.json', ...more], { cwd, env });
    assert.equal(code, 2);
    assert.match(stderr, /error: .*at least 4\.3 GB in the embedded engine.* \[memory\]\n/);
    assert.match(stderr, /cannot be trained: 1 error/);
  }
  assert.equal(fs.existsSync(path.join(cwd, '.mtl')), false);
});

test('check tells a typo by line and column, with its fix, and exits 1', async (context) => {
  const cwd = folderWith(context, {
    's.mtl.json': spec.replace('"input": "in"', '"input": "inn"'),
    'table.csv': table,
  });
  const { code, stdout } = await mtl(['check', 's.mtl.json', '--json'], { cwd });
  assert.equal(code, 1);
  const { problems } = JSON.parse(stdout) as {
    problems: { [key: string]: unknown; fixes: { edits: { text: string }[] }[] }[];
  };
  assert.equal(problems.length, 1);
  const problem = problems[0];
  assert.ok(problem);
  assert.equal(problem['severity'], 'error');
  assert.equal(problem['line'], 4);
  assert.equal(problem['endLine'], 4);
  assert.equal(
    spec
      .split('\n')[3]
      ?.slice(Number(problem['column']) - 1)
      .startsWith('"in"'),
    true,
  );
  assert.equal(problem['pointer'], '/network/trunk/input');
  assert.equal(problem.fixes[0]?.edits[0]?.text, '"in"');
  const people = await mtl(['check', 's.mtl.json', '--lang', 'zh'], { cwd });
  assert.match(people.stdout, /^s\.mtl\.json:4:\d+: 错误: /);
  assert.match(people.stderr, /1 个错误/);
});

test('check of bad data names file and row', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table.replace('7,0,odd,14', '7,0,odd') });
  const { code, stdout } = await mtl(['check', 's.mtl.json'], { cwd });
  assert.equal(code, 1);
  assert.match(stdout, /table\.csv/);
});

test('data outside the root are refused unless allowed', async (context) => {
  const cwd = folderWith(context, { 'table.csv': table });
  const inner = path.join(cwd, 'inner');
  fs.mkdirSync(inner);
  fs.writeFileSync(path.join(inner, 's.mtl.json'), spec.replace('table.csv', '../table.csv'));
  const refused = await mtl(['check', 's.mtl.json'], { cwd: inner });
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /path-outside/);
  assert.equal((await mtl(['check', 's.mtl.json', '--allow-outside'], { cwd: inner })).code, 0);
  assert.equal((await mtl(['check', 's.mtl.json', '--root', '..'], { cwd: inner })).code, 0);
  assert.equal((await mtl(['check', 's.mtl.json', '--root', 'nowhere'], { cwd: inner })).code, 2);
});

test('diagram prints Mermaid text; errors go to stderr', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'bad.mtl.json': '{', 'table.csv': table });
  const good = await mtl(['diagram', 's.mtl.json'], { cwd });
  assert.equal(good.code, 0);
  assert.match(good.stdout, /^graph TB/);
  assert.equal(good.stderr, '27 parameters, 12 of them shared. Sizes are those that the rows of the data give.\n');
  const bad = await mtl(['diagram', 'bad.mtl.json'], { cwd });
  assert.equal(bad.code, 1);
  assert.equal(bad.stdout, '');
  assert.match(bad.stderr, /bad\.mtl\.json:1:\d+: error/);
});

test('doctor says which engines there are', async () => {
  const { code, stdout } = await mtl(['doctor', '--json']);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as {
    v: number;
    chosen: string;
    engines: { name: string; available: boolean; reason?: string }[];
  };
  assert.equal(report.v, 1);
  assert.equal(report.chosen, 'wasm');
  assert.ok(report.engines.every((engine) => engine.available || (engine.reason ?? '') !== ''));
});

test('wrong requests exit 2 with a sentence and no stack', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table, 'bytes.mtl.json': '' });
  fs.writeFileSync(path.join(cwd, 'bytes.mtl.json'), Buffer.from([0xff, 0xfe, 0x00]));
  const requests: readonly (readonly [readonly string[], RegExp])[] = [
    [['chek', 's.mtl.json'], /"chek" is not a command of mtl/],
    [['check'], /Usage: mtl check SPEC/],
    [['check', 'none.mtl.json'], /no file ".*none\.mtl\.json"/],
    [['check', '.'], /is no file/],
    [['check', 'bytes.mtl.json'], /not UTF-8/],
    [['check', 's.mtl.json', '--jsn'], /no option --jsn.*--json/],
    [['train', 's.mtl.json', '--engine', 'cuda'], /--engine takes one of auto, native, wasm/],
    [['train', 's.mtl.json', '--engine', 'native'], /engine "native" is not available/],
    [['train', 's.mtl.json', '--seed', 'x'], /--seed takes a whole number/],
    [['train', 's.mtl.json', '--memory', 'lots'], /--memory takes a size such as 512MB/],
    [['train', 's.mtl.json', '--set', '/training/epoch=3'], /epoch/],
    [['train', 's.mtl.json', '--set', 'nonsense'], /nonsense/],
    [['train', '--resume', 'none'], /no run directory ".*none"/],
    [['train', '--resume', '.'], /not a run directory/],
    [['train'], /Say what to train/],
    [['evaluate', 'none'], /no run directory/],
    [['runs', 'eat'], /takes list, prune, rename, note, pin or unpin/],
    [['runs', 'prune'], /--keep N/],
    [['compare', 'none', 'none'], /no run directory/],
  ];
  const told = context.mock.method(process.stderr, 'write', () => true);
  for (const [words, expected] of requests) {
    // A process for each would take most of a minute: paths are made absolute instead.
    const args = words.map((word) => (/^(none|\.$)|\.mtl\.json$/.test(word) ? path.join(cwd, word) : word));
    told.mock.resetCalls();
    const code = await run(args).catch((error: unknown) => complain(error));
    const stderr = told.mock.calls.map((call) => String(call.arguments[0])).join('');
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /^\s+at /m);
  }
  told.mock.restore();
  assert.equal(fs.existsSync(path.join(cwd, '.mtl')), false, 'nothing was started');
});

test('every verb has help, in both languages', async () => {
  const overview = await mtl(['--help'], { env: { LANG: 'zh_CN.UTF-8' } });
  assert.equal(overview.code, 0);
  assert.match(overview.stdout, /[\u4e00-\u9fff]/);
  for (const { name, help, options } of verbs) {
    assert.ok(overview.stdout.includes(`  ${name} `), name);
    assert.match(help.zh, /[\u4e00-\u9fff]/);
    for (const option of Object.values(options)) assert.match(option.help.zh, /[\u4e00-\u9fff]/);
  }
  const { stdout } = await mtl(['train', '--help']);
  assert.match(stdout, /--run-dir DIR/);
  assert.equal((await mtl(['plan', '--help'])).code, 0);
});

test('check tells what only the rows know, with line and column, and a run warns of the same once a cause', async (context) => {
  const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 7},${row % 2 ? 'odd' : 'even'},3`);
  const cwd = folderWith(context, {
    's.mtl.json': spec.replace('"weights"', '"training": { "epochs": 2 },\n  "weights"'),
    'table.csv': `a,b,kind,y\n${rows.join('\n')}\n`,
  });
  const { code, stdout } = await mtl(['check', 's.mtl.json', '--json'], { cwd });
  assert.equal(code, 0);
  const { problems } = JSON.parse(stdout) as { problems: Record<string, unknown>[] };
  assert.deepEqual(
    problems.map((problem) => [
      problem['code'],
      problem['severity'],
      problem['pointer'],
      problem['line'],
      problem['origin'],
    ]),
    [
      ['tiny-validation', 'information', '/data/split', 3, 'rows'],
      ['tiny-test', 'information', '/data/split', 3, 'rows'],
      ['constant-target', 'warning', '/tasks/2/target', 7, 'rows'],
    ],
  );
  const trained = await mtl(['train', 's.mtl.json', '--engine', 'wasm'], { cwd });
  assert.equal(trained.code, 0);
  const told = trained.stderr.split('\n').filter((line) => /^(?:warning|note): /.test(line));
  assert.deepEqual(told, [
    'warning: Task “2”: the target has the same value in all training rows; its spread is taken as 1.',
    'note: The validation split has 9 rows: one of them is 11 % of an accuracy there, so small differences are chance.',
    'note: The test split has 9 rows: one of them is 11 % of an accuracy there, so small differences are chance.',
    'warning: validation/skill leaves out “2”: the best constant prediction of the training labels has no loss above 0 on the validation split to compare with.',
    'warning: Task “2”: r2 is not defined here: the target does not vary. (train split)',
  ]);
});
