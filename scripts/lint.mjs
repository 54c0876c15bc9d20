// npm run lint [-- WORD…]
//
// Rules, formatting and types. All are run (or those whose name has a WORD), two at a time, so that one call shows everything.
// The compiler and the rules that ask it are native programs.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies } from './lib/prepare.mjs';
import { capture, root, script, ScriptError } from './lib/process.mjs';

const bin = (/** @type {string} */ file) => path.join(root, 'node_modules', file);
const tsc = (/** @type {string} */ project) => [bin('typescript-7/bin/tsc'), '--noEmit', '-p', project];

/** The longest first: the others are done beside it. */
const checks = [
  { name: 'Formatting (prettier; npm run format mends it)', args: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
  { name: 'Types of the extension, the trainer, unit tests and scripts', args: tsc('tsconfig.json') },
  { name: 'Rules (oxlint)', args: [bin('oxlint/bin/oxlint'), '--deny-warnings'] },
  { name: 'What nothing uses: files, exports, packages (knip)', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'Types of the webviews', args: tsc('webview') },
  { name: 'Types of tests in a browser', args: tsc('tsconfig.browser.json') },
];
const atOnce = 2;

await script(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  await installDependencies();
  const chosen = checks.filter(
    ({ name }) =>
      positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())),
  );
  if (chosen.length === 0) throw new ScriptError(`No check has ${positionals.join(' or ')} in its name.`);
  const waiting = [...chosen];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const began = performance.now();
      const { code, stdout, stderr } = await capture(process.execPath, check.args);
      console.log(`${check.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      if (code !== 0) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(failed === 0 ? 'Nothing to complain about.' : `${failed} of ${chosen.length} checks complain.`);
  return failed === 0 ? 0 : 1;
});
