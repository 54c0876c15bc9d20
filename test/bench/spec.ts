// How long one keystroke in a long spec takes: text → values → plan → problems.
import { parse } from 'jsonc-parser';
import { makePlan } from '../../src/plan/index.ts';
import { readSpec } from '../../src/spec/index.ts';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { longSpec } from './long-spec.ts';
import { median, timesOf } from './times.ts';

export function run(): Promise<Measurement[]> {
  const text = longSpec(440);
  const lines = text.split('\n').length;
  let problems = 0;
  const times = timesOf(30, () => {
    const { spec, tree, problems: found } = readSpec(text);
    if (spec === undefined) throw new Error(found[0]?.message.en ?? 'the spec could not be read');
    problems = found.length + makePlan(spec, tree).problems.filter(({ severity }) => severity === 'error').length;
  });
  if (problems > 0) throw new Error(`${String(problems)} problems in the benchmark's own spec`);
  const parsing = timesOf(30, () => {
    parse(text);
  });
  const name = `validate a spec of ${String(lines)} lines`;
  return Promise.resolve([
    { name: `${name}, first time`, value: times[0] ?? Number.NaN, unit: 'ms', note: 'code not yet compiled' },
    { name, value: median(times), unit: 'ms', note: 'aim: under 30 ms' },
    { name: `${name}: jsonc-parser's parse alone`, value: median(parsing), unit: 'ms', note: 'values without meaning' },
  ]);
}
