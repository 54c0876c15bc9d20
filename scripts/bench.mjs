// npm run bench [-- WORD…]: runs the benchmarks of test/bench (those whose name contains a WORD), prints one table and
// writes out/bench.json. Each file exports `run(): Promise<{name, value, unit, note?}[]>`.
import { build } from './lib/prepare.mjs';
import { root, run, script } from './lib/process.mjs';
import path from 'node:path';

await script(async () => {
  await build({ production: true });
  const runner = path.join(root, 'scripts/lib/bench-runner.ts');
  await run('The benchmark', process.execPath, ['--import', 'tsx', runner, ...process.argv.slice(2)]);
});
