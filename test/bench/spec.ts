// How long one keystroke in a long spec takes: text → values → plan → problems.
import { parse } from 'jsonc-parser';
import { makePlan } from '../../src/plan/index.ts';
import { readSpec } from '../../src/spec/index.ts';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { median, timesOf } from './times.ts';

/** A tree of `blocks` blocks in chains of ten, a task at the end of each; four lines a block, five a task. */
function longSpec(blocks: number): string {
  const network: string[] = [];
  const tasks: string[] = [];
  const weights: string[] = [];
  for (let index = 0; index < blocks; index += 1) {
    const input = index % 10 === 0 ? 'measures' : `block ${String(index - 1)}`;
    network.push(
      `    // Chain ${String(Math.floor(index / 10))}\n    "block ${String(index)}": {\n      "input": "${input}",\n      "layers": [{ "type": "dense", "units": 16, "activation": "relu" }]\n    }`,
    );
    if (index % 10 === 9) {
      const task = `task ${String(tasks.length)}`;
      tasks.push(
        `    "${task}": {\n      "type": "regression",\n      "target": "y",\n      "input": "block ${String(index)}"\n    }`,
      );
      weights.push(`    "${task}": 0.5`);
    }
  }
  return `{
  "data": {
    "source": "table.csv",
    "inputs": { "measures": { "type": "number", "from": ["a", "b", "c"] } }
  },
  "network": {
${network.join(',\n')}
  },
  "tasks": {
${tasks.join(',\n')}
  },
  "weights": {
${weights.join(',\n')}
  }
}
`;
}

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
