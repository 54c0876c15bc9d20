// `mtl compare` and `mtl report` of plain runs, and exit codes of `mtl verify`, in the test's own process.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { exitCodeOf } from '../../../../src/cli/verbs/verify.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { spec } from '../../experiment/specs.ts';
import { startBody, temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

interface Made {
  readonly name: string;
  readonly units?: number;
  readonly seed: number;
  readonly accuracy: number | null;
  readonly mae?: number;
  readonly ending?: 'completed' | 'failed' | 'stopped';
  readonly files?: string;
  readonly noTest?: boolean;
}

/** A run that has come to these values. */
function runOf(
  root: string,
  { name, units = 8, seed, accuracy, mae = 1, ending = 'completed', files = 'f00d', noTest = false }: Made,
): string {
  const network = {
    trunk: { input: 'x', layers: [{ type: 'dense', units }] },
    own: { input: 'trunk', layers: [{ type: 'dense', units: 4 }] },
  };
  const text = spec(undefined, { network, training: { epochs: 10, seed } });
  const specFile = path.join(root, `${name}.mtl.json`);
  const directory = createRun({ text, resolved: readSpec(text).spec, specFile, root, name });
  const end = {
    kind: 'end',
    status: ending,
    seconds: 4,
    ...(ending === 'failed' ? { error: { code: 'x', message: 'It broke.' } } : {}),
  };
  const epoch = {
    kind: 'epoch',
    epoch: 1,
    train: { losses: { kind: 1, size: 1 }, metrics: {} },
    validation: {
      losses: { kind: 1, size: 1 },
      metrics: { kind: { accuracy: 0.5 }, size: { mae: 2 } },
      total: 1,
      skill: 0.1,
    },
    seconds: 0.4,
  };
  const lines = [startBody(1), epoch, end].map((record, seq) =>
    encodeRecord(seq, seq, record as unknown as EventInput),
  );
  fs.writeFileSync(path.join(directory, 'events.ndjson'), `${lines.join('\n')}\n`);
  const prints = {
    v: 1,
    attempt: 1,
    files: [{ path: 'a.csv', sha256: files }],
    engine: { name: 'wasm', version: '4', device: 'cpu', threads: 1 },
    accepted: [],
  };
  fs.writeFileSync(path.join(directory, 'fingerprints.json'), JSON.stringify(prints));
  if (ending === 'failed') return directory;
  const split = (added: number): object => ({
    n: 10,
    losses: { kind: 1, size: 1 },
    metrics: { kind: { accuracy: accuracy === null ? null : accuracy + added }, size: { mae } },
  });
  const result = {
    ...{ v: 1, status: ending, seed, epochs: 2, seconds: 4, engine: {}, parameters: { total: 77 } },
    samples: { train: 70, validation: 15, test: 15 },
    best: { epoch: 1, monitor: 'validation/skill', value: 0.1 },
    splits: { train: split(200), validation: split(100), ...(noTest ? {} : { test: split(0) }) },
  };
  fs.writeFileSync(path.join(directory, 'result.json'), JSON.stringify(result));
  return directory;
}

interface Json {
  readonly arms: readonly {
    id: string;
    n: number;
    failed: number;
    split: string;
    measures: Record<
      string,
      {
        values: unknown[];
        interval: unknown;
        delta: {
          verdict: string;
          n: number;
          mean: number;
          reason: { en: string } | null;
          correctedP: number;
          p: number;
        } | null;
      }
    >;
  }[];
  readonly baseline: string;
  readonly remarks: readonly { en: string }[];
  readonly overlap: number;
}

async function json(root: string, ...words: readonly string[]): Promise<Json> {
  const { code, out, err } = await within(['compare', ...words, '--json'], root);
  assert.deepEqual([code, err], [0, '']);
  return JSON.parse(out) as Json;
}

const folder = (context: TestContext): string => fs.realpathSync(temporaryFolder(context));

test('one run each: values and differences, no interval, undecided', async (context) => {
  const root = folder(context);
  const runs = [
    runOf(root, { name: 'a', seed: 1, accuracy: 0.8 }),
    runOf(root, { name: 'a', units: 16, seed: 1, accuracy: 0.9 }),
  ];
  const { arms, baseline, remarks } = await json(root, ...runs);
  assert.deepEqual(arms.map(({ id, n, split }) => [id, n, split]), [['a', 1, 'test'], ['a 2', 1, 'test']]); // prettier-ignore
  assert.deepEqual([baseline, remarks], ['a', []]);
  const { values, interval, delta } = arms[1]?.measures['kind'] ?? {};
  assert.deepEqual([values, interval, delta?.verdict, delta?.n], [[0.9], null, 'undecided', 1]);
  assert.ok(Math.abs((delta?.mean ?? 0) - 0.1) < 1e-12);
  assert.match(delta?.reason?.en ?? '', /^There is one pair/);
  const other = await json(root, ...runs, '--baseline', 'a 2');
  assert.equal(other.baseline, 'a 2');
});

test('seeds of one spec are one arm, paired with those of another; twins count once; failures stand with their reason', async (context) => {
  const root = folder(context);
  const made = (name: string, units: number, base: number): string[] =>
    [1, 2, 3].map((seed) =>
      runOf(root, {
        name,
        units,
        seed,
        accuracy: base + (seed === 1 ? 0 : seed / 100) + (units === 16 ? seed / 1000 : 0),
      }),
    );
  const runs = [...made('small', 8, 0.5), ...made('large', 16, 0.6)];
  const found = await json(root, ...runs);
  assert.deepEqual(found.arms.map(({ id, n }) => [id, n]), [['small', 3], ['large', 3]]); // prettier-ignore
  assert.equal(found.arms[1]?.measures['kind']?.delta?.verdict, 'helps');
  // No split seed of its own: the runs share one.
  assert.equal(found.overlap, 0);
  const twin = runOf(root, { name: 'small', seed: 2, accuracy: 0.1 });
  assert.match((await json(root, ...runs, twin)).remarks[0]?.en ?? '', /is left out/);
  const failed = runOf(root, { name: 'large', units: 16, seed: 4, accuracy: 0, ending: 'failed' });
  const broken = await json(root, ...runs, failed);
  assert.deepEqual([broken.arms[1]?.n, broken.arms[1]?.failed], [4, 1]);
  assert.match(broken.remarks.at(-1)?.en ?? '', /1 seed of "large" or the baseline has no partner/);
  const text = await within(['compare', ...runs, failed], root);
  assert.match(text.out, /It broke\./);
});

test('other data, a stopped run, no test split: said', async (context) => {
  const root = folder(context);
  const a = runOf(root, { name: 'a', seed: 1, accuracy: 0.5 });
  const b = runOf(root, {
    name: 'b',
    units: 16,
    seed: 1,
    accuracy: 0.6,
    files: 'beef',
    ending: 'stopped',
    noTest: true,
  });
  const { remarks, arms } = await json(root, a, b);
  const told = remarks.map(({ en }) => en).join('\n');
  for (const expected of [
    /do not have the same data \(a\.csv\)/,
    /was stopped before its end/,
    /Not every run has a test split/,
  ])
    assert.match(told, expected);
  assert.deepEqual(arms.map(({ split }) => split), ['validation', 'validation']); // prettier-ignore
  assert.deepEqual(arms[0]?.measures['kind']?.values, [100.5]);
  assert.equal(arms[1]?.measures['kind']?.delta?.verdict, 'not-confirmed');
});

test('every format, both languages, and what cannot be asked for', async (context) => {
  const root = folder(context);
  const runs = [
    runOf(root, { name: '组', seed: 1, accuracy: 0.8 }),
    runOf(root, { name: 'b', units: 16, seed: 1, accuracy: null }),
  ];
  const out = async (...words: readonly string[]) => (await within(['compare', ...runs, ...words], root)).out;
  const table = await out();
  assert.match(table, /kind · accuracy ↑/);
  assert.match(table, /undecided/);
  assert.match(await out('--lang', 'zh'), /未定/);
  assert.match(
    await out('--csv'),
    /^arm,baseline,task,metric,split,seed,state,value\r\n组,true,kind,accuracy,test,1,value,0\.8\r\n/,
  );
  assert.match(await out('--csv'), /b,false,kind,accuracy,test,1,undefined,\r\n/);
  assert.match(await out('--csv', '--summary'), /verdict,reason\r\n/);
  assert.match(await out('--markdown'), /^\*\*(Runs side by side|kind)[^]*\*\*kind/);
  assert.match(await out('--latex'), /booktabs[^]*ctex[^]*\\toprule/);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--csv', '--json'], /Of --json, --csv one can be given/],
    [['--summary'], /--summary belongs to --csv/],
    [['--level', '95'], /--level takes a number between 0\.5 and 1/],
    [['--level', '0.5'], /--level takes/],
    [['--baseline', 'x'], /no arm "x".*组, b/],
  ];
  for (const [words, expected] of wrong) {
    const { code, err } = await within(['compare', ...runs, ...words], root);
    assert.equal(code, 2);
    assert.match(err, expected);
  }
});

test('a report of a run: splits, curves, settings; written with its data', async (context) => {
  const root = folder(context);
  const run = runOf(root, { name: 'a', seed: 5, accuracy: 0.8 });
  const { code, out } = await within(['report', run, '--format', 'markdown'], root);
  assert.equal(code, 0);
  assert.match(out, /^# Run a\n/);
  assert.match(out, /2 epochs in 4 s, 77 parameters\. Kept is epoch 1 \(validation\/skill 0\.1\)\./);
  assert.match(out, /\| test \| 10 \| 1 \| 0\.8 \|/);
  assert.match(out, /\| \/training\/seed \| 5 \|/);
  const page = path.join(root, 'r.html');
  const written = await within(['report', run, '--out', page, '--lang', 'zh'], root);
  assert.match(written.err, /^已写入：.*图的数据在/);
  assert.match(fs.readFileSync(page, 'utf8'), /<h1>运行 a<\/h1>/);
  assert.deepEqual(fs.readdirSync(path.join(root, 'r-data')).toSorted(), ['curve-1.csv', 'curve-2.csv']);
  const tex = path.join(root, 'r.tex');
  await within(['report', run, '--out', tex], root);
  assert.match(fs.readFileSync(tex, 'utf8'), /^\\documentclass/);
});

test('verify: exit codes, and what is no experiment', async (context) => {
  const root = folder(context);
  const of = (...results: readonly ('supported' | 'refuted' | 'undecided')[]): number =>
    exitCodeOf(results.map((result) => ({ result })));
  assert.deepEqual(
    [of('supported'), of('supported', 'refuted'), of('undecided', 'supported'), of('undecided', 'refuted')],
    [0, 1, 3, 1],
  );
  const run = runOf(root, { name: 'a', seed: 1, accuracy: 0.8 });
  const { code, err } = await within(['verify', run], root);
  assert.equal(code, 2);
  assert.match(err, /is a run: only an experiment has hypotheses/);
  assert.match((await within(['verify', 'none'], root)).err, /no directory of an experiment/);
});
