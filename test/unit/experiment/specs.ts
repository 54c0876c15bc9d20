/** A small spec of two tasks, with the section `experiment` that a test is about. */
export const spec = (experiment: unknown, rest: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(
    {
      data: {
        source: 'a.csv',
        inputs: { x: { type: 'number', from: ['p', 'q'] } },
      },
      network: {
        trunk: { input: 'x', layers: [{ type: 'dense', units: 8 }] },
        own: { input: 'trunk', layers: [{ type: 'dense', units: 4 }] },
      },
      tasks: {
        kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
        size: { type: 'regression', target: 'size', input: 'own', metrics: ['mae', 'r2'] },
      },
      weights: { kind: 0.5, size: 0.5 },
      training: { epochs: 10, seed: 3 },
      ...rest,
      experiment,
    },
    null,
    2,
  );

export const surroundings = {
  engine: { name: 'wasm', version: '4.22.0' },
  files: new Map([['a.csv', 'f00d']]),
};
