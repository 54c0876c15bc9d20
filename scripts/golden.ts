// npm run golden -- [DIR] [--verbose]
//
// Runs every reference vector below DIR (the project's own copy by default) against the code, and prints for each method
// how many cases pass with the largest error. The last line is "N passed, N failed"; the exit status says the same.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tf } from '../src/engine/tfjs.ts';
import { lines, runFolder, verdict } from '../test/golden/runner/run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
});
const own = fileURLToPath(new URL('../test/golden/reference', import.meta.url));
await tf.setBackend('cpu');
const outcomes = await runFolder(positionals[0] ?? own);
for (const line of lines(outcomes, values.verbose)) console.log(line);
console.log(verdict(outcomes));
process.exitCode = outcomes.length === 0 || outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
