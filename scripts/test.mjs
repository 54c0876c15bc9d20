// npm test [-- WORD… --no-e2e --reuse-build]
//
// Installs, builds, packages and runs every suite of test/. A WORD that names a suite (unit, webview, e2e, …) runs that
// suite; any other word keeps the files whose path contains it. Node 20 has no file patterns for --test, so the files
// are listed here.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installDependencies } from './lib/prepare.mjs';
import { capture, root, run, runToEnd, script } from './lib/process.mjs';
import { bundleTests } from './lib/test-bundles.mjs';

/** @typedef {import('./lib/reporter.mjs').Totals} Totals */

/**
 * Suites in their order, with how many files run at once: browsers and whole editors one at a time.
 * @type {Readonly<Record<string, number>>}
 */
const suites = { unit: 2, golden: 2, oracles: 2, fuzz: 2, editor: 1, webview: 1, e2e: 1 };
/** Browsers and editors are mostly waited for: these run beside the others, and are told when they have ended. */
const beside = new Set(['editor', 'webview', 'e2e']);
/** Suites of which each test loads a large part of the code. */
const bundled = new Set(['unit', 'golden', 'oracles', 'fuzz']);
/** Of a process with its tests; a machine that does other things besides takes several times as long as an idle one. */
const timeoutMinutes = 40;

/** @param {string} suite */
function filesOf(suite) {
  const folder = path.join(root, 'test', suite);
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join('test', suite, name))
    .sort();
}

/**
 * What Node is given to run; null where the tests cannot be bundled, as where one imports what is not there.
 * @param {string} suite
 * @param {string[]} files
 */
async function entriesOf(suite, files) {
  return bundled.has(suite) ? bundleTests(suite, files).catch(() => null) : files;
}

/**
 * @param {string} suite
 * @param {string[]} files
 * @param {boolean} later whether what it says is kept until it has ended
 * @returns {Promise<Totals>}
 */
async function runSuite(suite, files, later) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-test-'));
  const target = path.join(folder, 'totals.json');
  const began = performance.now();
  const head = `\n${suite}: ${files.length} files`;
  if (!later) console.log(head);
  const reporter = new URL('./lib/reporter.mjs', import.meta.url).href;
  const entries = await entriesOf(suite, files);
  if (entries === null) {
    const what = `${suite}: none of its tests ran, since they cannot be bundled (what esbuild said is above)`;
    return { passed: 0, failed: 1, skipped: [], failures: [what] };
  }
  const args = [
    ...['--enable-source-maps', ...(bundled.has(suite) ? [] : ['--import', 'tsx'])],
    ...['--import', new URL('../test/setup.mjs', import.meta.url).href],
    ...['--test', `--test-reporter=${reporter}`, `--test-concurrency=${suites[suite] ?? 1}`],
    ...[`--test-timeout=${timeoutMinutes * 60_000}`, ...entries],
  ];
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...environment } = process.env;
  /** @type {import('node:child_process').SpawnOptions} */
  const options = {
    env: {
      ...environment,
      MTL_TEST_TOTALS: target,
      // Native tests look for the installed engine; for all others there is none, whatever the machine has.
      MTL_TEST_RUNTIME_DIR: process.env['MTL_RUNTIME_DIR'] ?? '',
      MTL_RUNTIME_DIR: path.join(folder, 'no-runtime'),
      // The command as it was built just now: to compile it anew for each of a thousand starts takes most of their time.
      MTL_TEST_CLI: path.join(root, 'dist/cli.cjs'),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  };
  const code = later ? await runAndTell(head, args, options) : await runToEnd(process.execPath, args, options);
  /** @type {Totals} */
  const totals = fs.existsSync(target)
    ? JSON.parse(fs.readFileSync(target, 'utf8'))
    : { passed: 0, failed: 0, skipped: [], failures: [] };
  fs.rmSync(folder, { recursive: true, force: true });
  console.log(`${suite}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  if (code !== 0 && totals.failed === 0) {
    totals.failed = 1;
    totals.failures.push(`${suite}: the test runner ended with status ${code} without a failed test`);
  }
  return totals;
}

/**
 * @param {string} head
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
async function runAndTell(head, args, options) {
  const { code, stdout, stderr } = await capture(process.execPath, args, options);
  console.log(`${head}\n${stdout}${stderr}`);
  return code;
}

/** @param {readonly Totals[]} all */
function conclude(all) {
  const passed = all.reduce((sum, each) => sum + each.passed, 0);
  const skipped = all.flatMap((each) => each.skipped);
  const failures = all.flatMap((each) => each.failures);
  let requiredButSkipped = 0;
  const native = skipped.filter(({ reason }) => /native engine/.test(reason)).length;
  if (native > 0) {
    console.log(`\n${'!'.repeat(100)}`);
    console.log(`${native} suites and tests of the native engine DID NOT RUN: it is not installed.`);
    console.log('Captured steps and native training are untested. Run "mtl runtime install", then the tests again.');
    console.log('!'.repeat(100));
    // Where it was installed so that its tests run (.ci/run), not running them is a failure.
    if (process.env['MTL_REQUIRE_NATIVE'] === '1') {
      requiredButSkipped = 1;
      failures.push(`${native} suites and tests of the native engine were skipped, though it was installed for them`);
    }
  }
  const failed = all.reduce((sum, each) => sum + each.failed, 0) + requiredButSkipped;
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const { name, reason } of skipped) console.log(`  ${name}: ${reason}`);
  if (failures.length > 0) console.log('\nFailed:');
  for (const failure of failures) console.log(`  ${failure}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'no-e2e': { type: 'boolean' }, 'reuse-build': { type: 'boolean' } },
  });
  const named = positionals.filter((word) => word in suites);
  const words = positionals.filter((word) => !(word in suites));
  const chosen = Object.keys(suites)
    .filter((suite) => (named.length === 0 || named.includes(suite)) && !(suite === 'e2e' && values['no-e2e'] === true))
    .map((suite) => ({
      suite,
      files: filesOf(suite).filter((file) => words.length === 0 || words.some((word) => file.includes(word))),
    }))
    .filter(({ files }) => files.length > 0);
  try {
    if (values['reuse-build'] === true) await installDependencies();
    else if (chosen.some(({ suite }) => suite === 'e2e'))
      await run('Packaging', process.execPath, ['scripts/package.mjs', '--as-it-is']);
    else await build({ production: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return conclude([{ passed: 0, failed: 1, skipped: [], failures: [message] }]);
  }
  /** @param {typeof chosen} lane @param {boolean} later */
  const runLane = async (lane, later) => {
    const totals = [];
    for (const { suite, files } of lane) totals.push(await runSuite(suite, files, later));
    return totals;
  };
  const computing = chosen.filter(({ suite }) => !beside.has(suite));
  const waiting = chosen.filter(({ suite }) => beside.has(suite));
  const lanes = [runLane(computing, false), runLane(waiting, computing.length > 0)];
  return conclude((await Promise.all(lanes)).flat());
});
