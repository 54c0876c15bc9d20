/** `mtl train --resume`, `evaluate` and `predict` on runs that are not what they were. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { mtl, spec, table, type Outcome } from './run-cli.ts';

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
const cli = (...args: string[]): Promise<Outcome> => mtl(args, { cwd: folder });

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-resume-'));
  fs.mkdirSync(at('project'));
  fs.writeFileSync(at('project', 's.mtl.json'), spec);
  fs.writeFileSync(at('project', 'table.csv'), table);
  const set = ['--set', '/training/epochs=2', '--set', '/training/engine="wasm"'];
  const trained = await cli('train', 'project/s.mtl.json', '--run-dir', 'project/run', ...set);
  assert.equal(trained.code, 0, trained.stderr);
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A copy of the run as if it had been killed before its end. */
function unfinished(name: string): string {
  const directory = at('project', name);
  fs.cpSync(at('project', 'run'), directory, { recursive: true });
  const file = path.join(directory, 'events.ndjson');
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  fs.writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
  fs.rmSync(path.join(directory, 'result.json'));
  return directory;
}

test('changed data: exit 2 with what changed, also detached and in Chinese; --accept-changes goes on', async () => {
  unfinished('changed');
  fs.appendFileSync(at('project', 'table.csv'), '40,5,even,80\n');
  try {
    const refused = await cli('train', '--resume', 'project/changed');
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /^mtl: This run is not resumed.*"table\.csv" grew from \d+ to \d+ bytes.*--accept-changes/m,
    );
    const detached = await cli('train', '--resume', 'project/changed', '--detach', '--lang', 'zh');
    assert.equal(detached.code, 2);
    assert.equal(detached.stdout, '');
    assert.match(detached.stderr, /未继续此运行.*“table\.csv”由 \d+ 字节增至 \d+ 字节/);
    const evaluated = await cli('evaluate', 'project/run', '--lang', 'zh');
    assert.equal(evaluated.code, 2);
    assert.match(evaluated.stderr, /数据.*已改变.*“table\.csv”/);
    const goesOn = await cli('train', '--resume', 'project/changed', '--accept-changes');
    assert.equal(goesOn.code, 0, goesOn.stderr);
    assert.match(goesOn.stderr, /warning: .*"table\.csv" grew/);
    const result = JSON.parse(fs.readFileSync(at('project', 'changed', 'result.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    assert.equal((result['acceptedChanges'] as unknown[]).length, 1);
  } finally {
    fs.writeFileSync(at('project', 'table.csv'), table);
  }
});

test('a new run has nothing to accept', async () => {
  const { code, stderr } = await cli('train', 'project/s.mtl.json', '--accept-changes');
  assert.equal(code, 2);
  assert.match(stderr, /--accept-changes goes with --resume/);
});

test('a run that was moved away says so, and goes on with --root; the next command says it again', async () => {
  fs.mkdirSync(at('elsewhere'));
  fs.renameSync(unfinished('moved'), at('elsewhere', 'moved'));
  const lost = await cli('train', '--resume', 'elsewhere/moved');
  assert.equal(lost.code, 2);
  assert.match(lost.stderr, /project of this run cannot be found: there is no s\.mtl\.json.*--root DIR/);
  const found = await cli('train', '--resume', 'elsewhere/moved', '--root', 'project');
  assert.equal(found.code, 0, found.stderr);
  const evaluated = await cli('evaluate', 'elsewhere/moved', '--root', 'project', '--json');
  assert.equal(evaluated.code, 0, evaluated.stderr);
});

test('evaluate and predict say that a run failed, and why', async () => {
  fs.writeFileSync(at('project', 'bad.csv'), table.replace('7,0,odd,14', '7,0,odd,many'));
  fs.writeFileSync(at('project', 'bad.mtl.json'), spec.replace('table.csv', 'bad.csv'));
  const failed = await cli('train', 'project/bad.mtl.json', '--run-dir', 'project/failed', '--engine', 'wasm');
  assert.equal(failed.code, 1, failed.stderr);
  for (const words of [
    ['evaluate', 'project/failed'],
    ['predict', 'project/failed', '--data', 'project/table.csv'],
  ]) {
    const { code, stderr } = await cli(...words);
    assert.equal(code, 2);
    assert.match(stderr, /^mtl: The run "project\/failed" failed before it had a model: .*bad\.csv.*many/m);
  }
  const zh = await cli('evaluate', 'project/failed', '--lang', 'zh');
  assert.match(zh.stderr, /在得到模型之前失败：/);
  // One that failed later has the model of its last checkpoint.
  const later = at('project', 'later');
  fs.cpSync(at('project', 'run'), later, { recursive: true });
  const file = path.join(later, 'events.ndjson');
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  const end = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
  const error = { code: 'diverged', message: 'Training diverged: trunk.' };
  lines[lines.length - 1] = JSON.stringify({ ...end, status: 'failed', error });
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  const { code, stderr } = await cli('evaluate', 'project/later');
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /warning: This run did not end well; its model is that of its last checkpoint\. Training diverged/,
  );
});

test('evaluate --data with the labels of one task evaluates that one, and says which it does not', async () => {
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  fs.writeFileSync(at('some.csv'), `${rows.map(([a, b, kind]) => [a, b, kind].join(',')).join('\n')}\n`);
  const { code, stdout, stderr } = await cli('evaluate', 'project/run', '--data', 'some.csv', '--json');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Task “2” is not evaluated: .*some\.csv/);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  const summary = JSON.parse(stdout) as { n: number; losses: Record<string, number | null> };
  assert.equal(summary.n, rows.length - 1);
  assert.equal(typeof summary.losses['10'], 'number');
  assert.equal(summary.losses['2'], null);
});
