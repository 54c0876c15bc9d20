// npm run lint: rules, formatting and types. All three are run, so that one call shows everything.
import { installDependencies } from './lib/prepare.mjs';
import { root, runToEnd, script } from './lib/process.mjs';
import path from 'node:path';

const bin = (/** @type {string} */ file) => path.join(root, 'node_modules', file);
const checks = [
  { name: 'Rules (eslint)', args: [bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'] },
  { name: 'Formatting (prettier; npm run format mends it)', args: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
  {
    name: 'What nothing uses: files, exports, packages (knip)',
    args: [bin('knip/bin/knip.js'), '--no-progress'],
  },
  {
    name: 'Types of the extension, the trainer, unit tests and scripts',
    args: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  },
  { name: 'Types of the webviews', args: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.webview.json'] },
  { name: 'Types of tests in a browser', args: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.browser.json'] },
];

await script(async () => {
  await installDependencies();
  let failed = 0;
  for (const { name, args } of checks) {
    console.log(name);
    if ((await runToEnd(process.execPath, args)) !== 0) failed += 1;
  }
  console.log(failed === 0 ? 'Nothing to complain about.' : `${failed} of ${checks.length} checks complain.`);
  return failed === 0 ? 0 : 1;
});
