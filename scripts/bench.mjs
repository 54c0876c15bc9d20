// npm run bench [-- WORD…]
//   runs the benchmarks of test/bench (those whose name contains a WORD), prints one table and writes out/bench.json.
//   Each file exports `run(): Promise<{name, value, unit, note?}[]>`.
// npm run bench -- --peers [WORD…] [--rounds N] [--slice MILLISECONDS]
//   training steps beside PyTorch and plain tfjs-node (test/bench/peers); a WORD is a part of a cell: mlp, cnn/64, imtl-g.
//   MTL_BENCH_PYTHON names a Python that has torch. Writes out/bench-peers.json.
// npm run bench -- --strategies [WORD…] [--rounds N] [--slice MILLISECONDS]
//   the cost of every strategy's step on every engine, and of its arithmetic alone. Writes out/bench-strategies.json.
// npm run bench -- --long [--steps N] [--rows N] [--memory SIZE] [--batch N] [--engine auto|native|wasm]
//   one run of 50,000 steps with data from disk, and the memory of its process meanwhile. Writes out/bench-long.json.
// npm run bench -- --editor
//   what the extension does between a keystroke in a long spec and its squiggles, completions and hints, and in a real
//   window of VS Code: activation, a keystroke there, panels that are opened and closed. Writes out/bench-editor.json.
//   --arithmetic leaves the window out; --panels N and --keystrokes N say how often.
import path from 'node:path';
import { build, installDependencies } from './lib/prepare.mjs';
import { root, run, script } from './lib/process.mjs';

await script(async () => {
  const args = process.argv.slice(2);
  const own = ['--peers', '--strategies', '--long', '--editor'].find((flag) => args.includes(flag));
  if (own === undefined || own === '--long') await build({ production: true });
  else await installDependencies();
  // What a person would install is what is measured.
  if (own === '--editor' && !args.includes('--arithmetic')) {
    await run('Packaging', process.execPath, ['scripts/package.mjs', '--as-it-is']);
  }
  const runner = own === undefined ? 'scripts/lib/bench-runner.ts' : `test/bench/${own.slice('--'.length)}/main.ts`;
  const rest = args.filter((arg) => arg !== own);
  await run('The benchmark', process.execPath, ['--import', 'tsx', path.join(root, runner), ...rest]);
});
