/** `mtl train --from RUN[@STEP]`. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { mtl, spec, table, type Outcome } from './run-cli.ts';

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
const cli = (...args: string[]): Promise<Outcome> => mtl(args, { cwd: folder });
const read = (...names: string[]): Record<string, unknown> =>
  JSON.parse(fs.readFileSync(at(...names), 'utf8')) as Record<string, unknown>;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-fork-'));
  fs.writeFileSync(at('s.mtl.json'), spec);
  fs.writeFileSync(at('table.csv'), table);
  const set = ['--set', '/training/epochs=3', '--set', '/training/checkpoint/keep=5', '--engine', 'wasm'];
  const trained = await cli('train', 's.mtl.json', '--run-dir', 'parent', ...set);
  assert.equal(trained.code, 0, trained.stderr);
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const steps = (): readonly number[] =>
  fs
    .readdirSync(at('parent', 'checkpoints'))
    .map(Number)
    .filter(Number.isSafeInteger)
    .sort((a, b) => a - b);

test('a weight changed from a checkpoint; parent and changes stand in run.json and result.json', async () => {
  const [, step = 0] = steps();
  const { code, stderr } = await cli(
    ...['train', '--from', `parent@${String(step)}`, '--set', '/weights/10=0.8', '--run-dir', 'fork', '--lang', 'en'],
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`Fork of parent at step ${String(step)}: /weights/10: 0.5 → 0.8`));
  assert.match(stderr, /Not carried over, begins anew: the best epoch so far/);
  const changes = [{ pointer: '/weights/10', before: 0.5, after: 0.8 }];
  const told = { run: 'parent', step, checkpoint: `checkpoints/${String(step)}`, changes };
  assert.deepEqual(read('fork', 'result.json')['fork'], { ...told, notCarried: ['best', 'watched'] });
  const { fork } = read('fork', 'run.json') as { fork: Record<string, unknown> };
  assert.equal(fork['run'], 'parent');
  const { set, text } = read('fork', 'spec.json');
  assert.equal(text, spec);
  assert.deepEqual(set, ['/training/epochs=3', '/training/checkpoint/keep=5', '/weights/10=0.8']);
});

test('with a SPEC the differences of its text count', async () => {
  const [step = 0] = steps();
  const text = spec.replace(
    '"weights": { "10": 0.5, "2": 0.5 }',
    '"weights": { "10": 0.1, "2": 0.5 },\n  "training": { "epochs": 3 }',
  );
  fs.writeFileSync(at('changed.mtl.json'), text);
  const from = ['--from', `parent@${String(step)}`, '--set', '/training/checkpoint/keep=5'];
  const { code, stderr } = await cli('train', 'changed.mtl.json', ...from, '--run-dir', 'changed', '--lang', 'zh');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /自 parent 第 \d+ 步分支：\/weights\/10：0\.5 → 0\.1/);
  assert.equal(read('changed', 'spec.json')['text'], text);
});

test('refused: a step without a checkpoint, another network, words that fit nothing; nothing is made', async () => {
  const before = fs.readdirSync(folder).toSorted();
  const missing = await cli('train', '--from', 'parent@7777');
  assert.equal(missing.code, 2);
  assert.match(
    missing.stderr,
    new RegExp(`no checkpoint at step 7777\\. It keeps those of these steps: ${steps().join(', ')}`),
  );
  const network = await cli('train', '--from', 'parent', '--set', '/network/trunk/layers/0/units=9');
  assert.equal(network.code, 2);
  assert.match(network.stderr, /cannot be forked so: \/network\/trunk\/layers\/0\/units: 4 → 9 \(another network\)/);
  const ended = await cli('train', '--from', 'parent');
  assert.equal(ended.code, 2);
  assert.match(ended.stderr, /nothing is left to train\. Give it more, for example --set \/training\/epochs=4/);
  const word = await cli('train', '--from', 'parent@last');
  assert.equal(word.code, 2);
  assert.match(word.stderr, /after @ stands a step/);
  const unknown = await cli('train', '--from', 'parent', '--set', '/weights/11=1', '--set', '/training/epochs=9');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /No fork is made: 1 error/);
  const both = await cli('train', '--from', 'parent', '--resume', 'parent');
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--from RUN to fork one/);
  assert.deepEqual(fs.readdirSync(folder).toSorted(), before);
});

test('other data: refused, and nothing stays; with --accept-changes it goes on and says so', async () => {
  const [step = 0] = steps();
  const changed = table.replace('even,80', 'even,81');
  fs.writeFileSync(at('table.csv'), changed);
  try {
    const from = ['train', '--from', `parent@${String(step)}`, '--run-dir'];
    const refused = await cli(...from, 'other');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /No fork is made, .*"table\.csv" has changed/);
    assert.ok(!fs.existsSync(at('other')));
    const accepted = await cli(...from, 'other', '--accept-changes');
    assert.equal(accepted.code, 0, accepted.stderr);
    assert.equal((read('other', 'result.json')['acceptedChanges'] as unknown[]).length, 1);
  } finally {
    fs.writeFileSync(at('table.csv'), table);
  }
});

test('a run.json with a fork that is none is damaged', async () => {
  fs.cpSync(at('fork'), at('hostile'), { recursive: true });
  fs.writeFileSync(at('hostile', 'run.json'), JSON.stringify({ ...read('fork', 'run.json'), fork: { run: 3 } }));
  const { code, stderr } = await cli('train', '--resume', 'hostile');
  assert.equal(code, 1);
  assert.match(stderr, /run\.json is damaged/);
});
