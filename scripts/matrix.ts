// npm run matrix [-- WORD…] [--verbose]
//
// Every combination of strategy, mechanism, task type, partial labels and engine (those whose name contains all WORDs):
// three real steps with finite numbers, or a refusal before launch with its reason. `npm test` has every pair of them; this
// is the full product. The last line is "N passed, N failed"; the exit status says the same.
import { parseArgs } from 'node:util';
import { runtimeFolder } from '../src/runtime/layout.ts';
import { currentRuntime } from '../src/runtime/installed.ts';
import { openEngine } from '../src/engine/open.ts';
import { attempt } from '../test/unit/matrix/attempt.ts';
import { caseOf, nameOf, sizes, type Case, type EngineName } from '../test/unit/matrix/cases.ts';
import { product } from '../test/unit/matrix/pairwise.ts';
import { assetsDirectory } from '../test/unit/engine/support.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
});
const wanted = [...product(sizes)]
  .map(caseOf)
  .filter((each) => positionals.every((word) => nameOf(each).includes(word)));

let [passed, failed] = [0, 0];
const refused = new Map<string, number>();

async function runOn(engine: EngineName, cases: readonly Case[]): Promise<void> {
  const opened = await openEngine(engine === 'wasm' ? 'wasm' : 'native', {
    assetsDirectory,
    runtimeFolder: runtimeFolder(),
  });
  const began = performance.now();
  for (const [index, each] of cases.entries()) {
    try {
      const outcome = await attempt(each, opened);
      passed++;
      if (outcome === 'refused') {
        const pair = `${each.strategy} × ${each.mechanism}`;
        refused.set(pair, (refused.get(pair) ?? 0) + 1);
      }
      if (values.verbose) console.log(`${outcome.padEnd(8)} ${nameOf(each)}`);
    } catch (error) {
      failed++;
      console.log(`FAILED   ${error instanceof Error ? error.message : String(error)}`);
    }
    if ((index + 1) % 250 === 0) {
      const rate = (performance.now() - began) / (index + 1);
      const left = Math.round(((cases.length - index - 1) * rate) / 60_000);
      console.log(`${engine}: ${String(index + 1)} of ${String(cases.length)}, ${String(left)} minutes to go`);
    }
  }
  opened.dispose();
}

for (const engine of ['wasm', 'native', 'captured'] as const) {
  const cases = wanted.filter((each) => each.engine === engine);
  if (cases.length === 0) continue;
  if (engine !== 'wasm' && currentRuntime(runtimeFolder()) === null) {
    console.log(
      `${String(cases.length)} combinations skipped: the native engine is not installed (mtl runtime install)`,
    );
    continue;
  }
  await runOn(engine, cases);
}
if (refused.size > 0) {
  console.log('Refused before launch, with a reason (strategy × mechanism: combinations):');
  for (const [pair, count] of refused) console.log(`  ${pair}: ${String(count)}`);
}
console.log(`${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
