// `mtl compare`, `mtl verify` and `mtl report` of an experiment's directory, whose runs have ended without training.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { experimentPaths } from '../../../../src/experiment/layout.ts';
import { encodeLedger } from '../../../../src/experiment/driver/ledger.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import { readExperiment } from '../../../../src/experiment/read.ts';
import { parseXml, all } from '../../experiment/report/xml.ts';
import { live, makePlace, quickFolder, specText } from '../../experiment/workplace.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

const claims = {
  H1: { id: 'H1', claim: 'superior', measure: 'kind', arms: ['joint', 'single'] },
  H2: { id: 'H2', claim: 'superior', measure: 'y', arms: ['joint', 'single'] },
  H3: { id: 'H3', claim: 'non-inferior', measure: 'y', arms: ['joint', 'single'] },
};

/**
 * Accuracy of the joint runs is higher, and so is their error, by about 10 and 30.
 *
 * @param seeds so many have ended
 */
async function experiment(
  context: TestContext,
  hypotheses: readonly object[],
  seeds = 4,
  rest: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly directory: string; readonly more: (seeds: number) => Promise<void> }> {
  const text = specText({ replicates: { n: 4, hold: 'split' }, hypotheses, ...rest });
  const here = makePlace(quickFolder(context), text);
  const { directory, plan, folder: root, specFile } = here;
  const forms = new Forms();
  const more = async (until: number): Promise<void> => {
    const { expansion, directoryOf, outcomes } = readExperiment(directory);
    for (const run of expansion.runs) {
      if (outcomes.has(run.id) || run.seed > until) continue;
      makeRun({ plan, root, specFile }, run, directoryOf(run.id), forms.of(run));
      const value = 0.5 + run.seed / 100 + (run.task === null ? 0.1 + run.seed / 1000 : run.task === 'y' ? 0.003 : 0);
      await live(directoryOf(run.id), 'done', { value, seed: run.seed });
    }
  };
  await more(seeds);
  return { directory, more };
}

test('verify: 0 all supported, 1 one refuted, 3 undecided, 1 for both; JUnit beside', async (context) => {
  const codes: readonly (readonly [readonly object[], number])[] = [
    [[claims.H1], 0],
    [[claims.H1, claims.H2], 1],
    [[claims.H1, claims.H3], 3],
    [[claims.H3, claims.H2], 1],
  ];
  for (const [hypotheses, expected] of codes) {
    const { directory } = await experiment(context, hypotheses);
    const file = path.join(directory, 'junit.xml');
    const { code, out } = await within(['verify', directory, '--junit', file]);
    assert.equal(code, expected, out);
    assert.equal(all(parseXml(fs.readFileSync(file, 'utf8')), 'testcase').length, hypotheses.length);
    const json = await within(['verify', directory, '--json']);
    assert.equal(json.code, expected);
    assert.equal((JSON.parse(json.out) as { hypotheses: unknown[] }).hypotheses.length, hypotheses.length);
  }
  const none = await experiment(context, []);
  const { code, err } = await within(['verify', none.directory]);
  assert.equal(code, 2);
  assert.match(err, /has no hypotheses/);
});

test('verify: what cannot be judged is 2, never a verdict; where JUnit cannot be written, what came out is said', async (context) => {
  const { directory } = await experiment(context, [claims.H1, claims.H2]);
  const file = path.join(directory, 'plan.json');
  for (const word of [file, path.join(file, 'below'), path.join(directory, 'nothing')]) {
    const { code, err } = await within(['verify', word]);
    assert.equal(code, 2, word);
    assert.match(err, /is no directory of an experiment\. Name the one that "mtl experiment" printed/);
  }
  const unwritten = await within(['verify', directory, '--junit', path.join(file, 'junit.xml')]);
  assert.equal(unwritten.code, 2);
  assert.match(unwritten.out, /^H1 /m);
  fs.writeFileSync(file, '{');
  assert.equal((await within(['verify', directory])).code, 2);
});

test('a plan that was changed after its beginning is told beside every verdict and every table', async (context) => {
  const { directory } = await experiment(context, [claims.H1]);
  const { ledger } = experimentPaths(directory);
  const seq = fs.existsSync(ledger) ? fs.readFileSync(ledger, 'utf8').split('\n').length - 1 : 0;
  const mark = { sha256: 'a', analysisHash: 'b', engine: 'c', files: 'd' };
  const changes = { en: 'hypotheses', zh: '假设' };
  const record = encodeLedger(seq, 1, { kind: 'deviation', before: mark, after: mark, changes, counted: 8, of: 8 });
  fs.appendFileSync(ledger, `${record}\n`);
  const told = /hypotheses/;
  const file = path.join(directory, 'junit.xml');
  const verified = await within(['verify', directory, '--junit', file]);
  assert.equal(verified.code, 0);
  assert.match(verified.err, /^warning: .*hypotheses/m);
  assert.match(all(parseXml(fs.readFileSync(file, 'utf8')), 'system-out').at(-1)?.text ?? '', told);
  const { deviations } = JSON.parse((await within(['verify', directory, '--json'])).out) as { deviations: object[] };
  assert.equal(deviations.length, 1);
  for (const format of ['--csv', '--markdown', '--latex'])
    assert.match((await within(['compare', directory, format])).err, /^warning: .*hypotheses/m, format);
});

test('compare: values of the test split, parameters, looks that are counted', async (context) => {
  const { directory, more } = await experiment(context, [claims.H1], 3);
  const json = async () =>
    JSON.parse((await within(['compare', directory, '--json'])).out) as {
      arms: {
        id: string;
        parameters: number;
        measures: Record<string, { values: (number | null)[]; delta: { verdict: string } | null }>;
      }[];
      baseline: string;
      looks: { count: number };
    };
  const first = await json();
  assert.deepEqual(first.arms.map(({ id, parameters }) => [id, parameters]), [['joint', 5], ['single', 10]]); // prettier-ignore
  const { values, delta } = first.arms[0]?.measures['kind'] ?? {};
  assert.deepEqual([values?.length, values?.[3], delta?.verdict, first.looks.count], [4, null, 'undecided', 1]);
  // The test split's numbers are a hundred times the value, the validation split's ten times.
  assert.ok(Math.abs((values?.[0] ?? 0) - 100 * (0.5 + 0.01 + 0.101)) < 1e-9);
  assert.equal((await json()).looks.count, 1);
  await more(4);
  const second = await json();
  assert.deepEqual([second.looks.count, second.arms[0]?.measures['kind']?.delta?.verdict], [2, 'helps']);
  const told = await within(['verify', directory]);
  assert.equal(told.code, 0);
  assert.match(told.err, /^warning: The test split has been looked at 2 times/);
  assert.match((await within(['compare', directory, '--lang', 'zh'])).out, /测试集已在结果不同的情况下被查看 2 次/);
});

test('several experiments: arms by both names, looks counted in each; one twice, or a run among them, is refused', async (context) => {
  const [one, other] = [await experiment(context, []), await experiment(context, [claims.H1])];
  const { code, out } = await within(['compare', one.directory, other.directory, '--json']);
  assert.equal(code, 0);
  const { arms, baseline } = JSON.parse(out) as { arms: { id: string; parameters: number }[]; baseline: string };
  assert.deepEqual(
    arms.map(({ id }) => id),
    ['tried 1/joint', 'tried 1/single', 'tried 2/joint', 'tried 2/single'],
  );
  assert.deepEqual([baseline, arms[2]?.parameters], ['tried 1/single', 5]);
  for (const { directory } of [one, other]) assert.ok(fs.existsSync(path.join(directory, 'looks.ndjson')));
  const chosen = await within(['compare', one.directory, other.directory, '--baseline', 'tried 2/joint', '--json']);
  assert.equal((JSON.parse(chosen.out) as { baseline: string }).baseline, 'tried 2/joint');
  const report = await within(['report', one.directory, other.directory, '--format', 'markdown']);
  assert.equal(report.code, 0);
  assert.match(report.out, /tried 2\/single/);
  assert.match(report.out, /Arms of several experiments are compared, which no plan foresaw/);
  const twice = await within(['compare', one.directory, one.directory]);
  assert.equal(twice.code, 2);
  assert.match(twice.err, /same experiment is named twice/);
  const [run = ''] = fs.readdirSync(path.join(one.directory, 'runs'));
  const mixed = await within(['compare', path.join(one.directory, 'runs', run), one.directory]);
  assert.equal(mixed.code, 2);
  assert.match(mixed.err, /is an experiment and ".*" is a run/);
});

test('verify: family all says whether the hypotheses hold together, unpaired arms that they are', async (context) => {
  const { directory } = await experiment(context, [claims.H1], 4, { analysis: { family: 'all' } });
  assert.match(
    (await within(['verify', directory])).out,
    /All hypotheses together hold \(intersection–union, largest p/,
  );
  const { together, paired } = JSON.parse((await within(['verify', directory, '--json'])).out) as {
    together: { holds: boolean };
    paired: boolean;
  };
  assert.deepEqual([together.holds, paired], [true, true]);
  const own = await experiment(context, [claims.H1], 8, { replicates: { n: 4, hold: 'split', paired: false } });
  assert.match((await within(['verify', own.directory])).out, /Unpaired: the arms have seeds of their own/);
  const any = await experiment(context, [claims.H1]);
  const { out } = await within(['verify', any.directory]);
  assert.doesNotMatch(out, /together|Unpaired/);
});

test('a report of an experiment has its curves and methods', async (context) => {
  const { directory } = await experiment(context, [claims.H1]);
  const { code, out } = await within(['report', directory, '--lang', 'zh']);
  assert.equal(code, 0);
  for (const expected of [
    /<h1>tried<\/h1>/,
    /验证集 accuracy 随轮次的变化/,
    /Holm 校正/,
    /固定不变：数据划分/,
    /table\.csv [0-9a-f]{12}/,
  ])
    assert.match(out, expected);
  // A run of one task is asked for that task's metric alone.
  const latex = await within(['report', directory, '--format', 'latex']);
  assert.match(latex.out, /single,kind,accuracy,1,4,0\.525,/);
  assert.match(latex.out, /single,y,mae,1,4,1\.584,/);
});
