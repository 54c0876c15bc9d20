// A spec as long as nobody writes by hand.

/** A tree of `blocks` blocks in chains of ten, a task at the end of each; four lines a block, five a task. */
export function longSpec(blocks: number): string {
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
