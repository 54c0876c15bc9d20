// npm run results [-- SAMPLE… --small]
//
// Every strategy on three samples: runs the experiments of examples/results (or what is still missing of them), then measures
// what an epoch of each strategy costs, one training at a time, and writes the pages of results in docs/.
//   SAMPLE    of these alone; the pages keep what is known of the others (docs/results/) and name what is not known
//   --small   two seeds, two settings a tuning, one epoch: only whether everything works; the pages go to out/results-small
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/prepare.mjs';
import { capture, root, script, ScriptError } from './lib/process.mjs';
import { kept, resultsPage } from './lib/results-page.mjs';
import { chosenStudies, cli, runStudy } from './lib/studies.mjs';

const folder = path.join(root, 'examples/results');
const samples = ['cars', 'digits', 'penguins'];
/** The sample whose epochs are timed: its steps are long enough to be told apart. */
const timed = 'digits';

/**
 * The comparison of an experiment's arms with one of them.
 * @param {string} directory
 * @param {string} baseline
 */
async function comparisonOf(directory, baseline) {
  const words = ['compare', directory, '--json', '--baseline', baseline];
  const { code, stdout, stderr } = await capture(process.execPath, [cli, ...words]);
  if (code !== 0) throw new ScriptError(`mtl compare ${directory} ended with status ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/**
 * Milliseconds of the quickest epoch but the first, with one training at a time.
 * @param {Record<string, unknown>} settings what an arm changes
 * @param {string} scratch
 * @param {number} epochs
 */
async function epochOf(settings, scratch, epochs) {
  fs.rmSync(scratch, { recursive: true, force: true });
  const all = { ...settings, '/training/epochs': epochs };
  const set = Object.entries(all).flatMap(([pointer, value]) => ['--set', `${pointer}=${JSON.stringify(value)}`]);
  const spec = path.join(folder, `${timed}.mtl.json`);
  const words = ['train', spec, '--run-dir', scratch, '--engine', 'wasm', '--root', root, ...set];
  const { code, stderr } = await capture(process.execPath, [cli, ...words]);
  if (code !== 0) throw new ScriptError(`mtl train ${spec} ${set.join(' ')} ended with status ${code}: ${stderr}`);
  const ends = fs
    .readFileSync(path.join(scratch, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'epoch')
    .map(({ t }) => t);
  return Math.min(...ends.slice(1).map((end, index) => end - ends[index]));
}

/**
 * Milliseconds an epoch by arm, of the arms that change nothing but the strategy.
 * @param {string} out
 * @param {boolean} small
 * @returns {Promise<Record<string, number>>}
 */
async function costsOf(out, small) {
  const file = path.join(out, 'costs.json');
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8'));
  const { parse } = await import('jsonc-parser');
  const spec = parse(fs.readFileSync(path.join(folder, `${timed}.mtl.json`), 'utf8'));
  /** @type {Record<string, number>} */
  const costs = {};
  for (const { id, auto, set = {} } of spec.experiment.arms) {
    if (auto !== undefined) continue;
    costs[id] = await epochOf(set, path.join(out, 'cost'), small ? 2 : 4);
    console.log(`${id}: ${costs[id]} ms an epoch`);
  }
  fs.writeFileSync(file, JSON.stringify(costs));
  return costs;
}

/**
 * What the pages are written from is kept beside them, so that one sample can be run anew without the others.
 * @param {string} folder
 * @param {string} name
 * @param {unknown} value
 */
function write(folder, name, value) {
  fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(value)}\n`);
}

/** @param {string} folder @param {string} name */
function read(folder, name) {
  const file = path.join(folder, `${name}.json`);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false } },
  });
  const names = chosenStudies(samples, positionals);
  await build({ production: true });
  const out = path.join(root, values.small ? 'out/results-small' : 'out/results');
  fs.mkdirSync(out, { recursive: true });
  const pages = values.small ? out : path.join(root, 'docs');
  const figures = path.join(pages, 'results');
  fs.mkdirSync(figures, { recursive: true });
  for (const name of names) {
    const directory = path.join(out, name);
    await runStudy(folder, name, directory, values);
    const [single, frontier] = [await comparisonOf(directory, 'single'), await comparisonOf(directory, 'frontier')];
    write(figures, name, { name, single: kept(single), frontier: kept(frontier) });
  }
  if (names.includes(timed)) write(figures, 'costs', await costsOf(out, values.small));
  const studies = samples.map((name) => read(figures, name)).filter((study) => study !== undefined);
  const left = samples.filter((name) => !studies.some((study) => study.name === name));
  const costs = read(figures, 'costs') ?? {};
  fs.writeFileSync(path.join(pages, 'results.md'), resultsPage(studies, left, costs, 'en'));
  fs.writeFileSync(path.join(pages, 'results.zh-CN.md'), resultsPage(studies, left, costs, 'zh'));
  console.log(`\nThe pages are in ${path.relative(root, pages)}.`);
  return 0;
});
