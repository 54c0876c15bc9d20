/** Specs that the tests share, as they stand in the design of the language. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const golden = (name: 'smallest' | 'article' | 'experiment'): string =>
  readFileSync(fileURLToPath(new URL(`../../golden/spec/${name}.mtl.json`, import.meta.url)), 'utf8');

/** A spec of every input, layer and task type that a test puts something into. */
export const withParts = (parts: { data?: string; network?: string; tasks?: string; rest?: string }): string => {
  const {
    data = '"source": "a.csv", "inputs": { "x": { "type": "number", "from": ["a", "b"] } }',
    network = '"trunk": { "input": "x", "layers": [{ "type": "dense", "units": 4 }] }',
    tasks = '"t": { "type": "regression", "target": "y", "input": "trunk" }',
    rest = '',
  } = parts;
  return `{ "data": { ${data} }, "network": { ${network} }, "tasks": { ${tasks} }${rest === '' ? '' : `, ${rest}`} }`;
};

export const withLayer = (layer: string): string =>
  withParts({ network: `"trunk": { "input": "x", "layers": [${layer}] }` });
