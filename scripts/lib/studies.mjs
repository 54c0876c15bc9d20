// Experiments of examples/ run to their end, as `npm run study` and `npm run results` do.
import fs from 'node:fs';
import path from 'node:path';
import { root, runToEnd, ScriptError } from './process.mjs';

export const cli = path.join(root, 'dist/cli.cjs');

/**
 * The same experiment, as small as it can be. Where a thing stands in the text is known: it is ours.
 * @param {string} text
 */
function small(text) {
  const smaller = text
    .replace(/"epochs": \d+/, '"epochs": 1')
    .replace(/"runs": \d+/g, '"runs": 2')
    .replace(/"points": \d+/, '"points": 2')
    .replace(/"n": \d+/, '"n": 2');
  if (smaller === text) throw new ScriptError('The specs of the studies do not look as this script thinks.');
  return smaller;
}

/**
 * Whether no run of an experiment is still to come.
 * @param {string} directory
 */
function allEnded(directory) {
  /** @type {{pending: number, arms: readonly {running: number, waiting: number}[]}} */
  const { pending, arms } = JSON.parse(fs.readFileSync(path.join(directory, 'status.json'), 'utf8'));
  return pending === 0 && arms.every(({ running, waiting }) => running === 0 && waiting === 0);
}

/**
 * Runs what is missing of an experiment; one engine for everybody, so that the numbers are the same wherever they are made.
 * @param {string} folder of examples/
 * @param {string} name of the spec in it, without its ending
 * @param {string} directory where the experiment's directory is
 * @param {{small: boolean}} options `small`: two seeds, two settings a tuning, one epoch
 */
export async function runStudy(folder, name, directory, options) {
  const own = path.join(folder, `${name}.mtl.json`);
  // Its data are named relative to it: the small one must lie beside it.
  const spec = options.small ? path.join(folder, `.small-${name}.mtl.json`) : own;
  if (options.small) fs.writeFileSync(spec, small(fs.readFileSync(own, 'utf8')));
  try {
    const words = ['experiment', spec, '--dir', directory, '--engine', 'wasm', '--root', root];
    const code = await runToEnd(process.execPath, [cli, ...words]);
    // Runs that failed for good are part of what is found; anything else that goes wrong leaves some undone.
    if (code === 0 || (code === 1 && allEnded(directory))) return;
    throw new ScriptError(`The experiment ${name} failed (exit status ${code}); what it said is above.`);
  } finally {
    if (options.small) fs.rmSync(spec, { force: true });
  }
}

/**
 * The names that a person asks for, all where none is given.
 * @param {readonly string[]} known
 * @param {readonly string[]} asked
 */
export function chosenStudies(known, asked) {
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ScriptError(`There is no study "${unknown}". There are: ${known.join(', ')}.`);
  return asked.length > 0 ? asked : known;
}
