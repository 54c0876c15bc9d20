// npm run study [-- --small] [NAME…]
//
// Runs the experiments of examples/study to their end (or what is still missing of them) and writes their reports anew:
// a page in each language beside each spec. On two cores the whole takes less than twenty minutes.
//   --small   two seeds, two settings a tuning, one epoch: only whether everything works; the reports go to out/study-small
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/prepare.mjs';
import { root, run, script, ScriptError } from './lib/process.mjs';

const folder = path.join(root, 'examples/study');
const cli = path.join(root, 'dist/cli.cjs');
const studies = ['boxes', 'cars'];

/**
 * The same experiment, as small as it can be. Where a thing stands in the text is known: it is ours.
 * @param {string} text
 */
function small(text) {
  const smaller = text
    .replace(/"epochs": \d+/, '"epochs": 1')
    .replace(/"runs": 7/g, '"runs": 2')
    .replace(/"points": 7/, '"points": 2')
    .replace(/"n": 8/, '"n": 2');
  if (smaller === text) throw new ScriptError('The specs of examples/study do not look as this script thinks.');
  return smaller;
}

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false } },
  });
  const unknown = positionals.find((name) => !studies.includes(name));
  if (unknown !== undefined) throw new ScriptError(`There is no study "${unknown}". There are: ${studies.join(', ')}.`);
  await build();
  const out = path.join(root, values.small ? 'out/study-small' : 'out/study');
  fs.mkdirSync(out, { recursive: true });
  for (const name of positionals.length > 0 ? positionals : studies) {
    const own = path.join(folder, `${name}.mtl.json`);
    // Its data are named relative to it: the small one must lie beside it.
    const spec = values.small ? path.join(folder, `.small-${name}.mtl.json`) : own;
    if (values.small) fs.writeFileSync(spec, small(fs.readFileSync(own, 'utf8')));
    try {
      const directory = path.join(out, name);
      // One engine for everybody: the report is the same wherever it is made.
      const asked = ['--dir', directory, '--engine', 'wasm', '--root', root];
      await run(`The experiment ${name}`, process.execPath, [cli, 'experiment', spec, ...asked]);
      for (const [language, ending] of [
        ['en', '.md'],
        ['zh', '.zh-CN.md'],
      ]) {
        const file = path.join(out, `${name}${ending}`);
        const words = ['report', directory, '--out', file, '--format', 'markdown', '--lang', String(language)];
        await run(`The report on ${name}`, process.execPath, [cli, ...words]);
        if (!values.small) fs.copyFileSync(file, path.join(folder, `${name}${ending}`));
      }
    } finally {
      if (values.small) fs.rmSync(spec, { force: true });
    }
  }
  console.log(`\nThe reports are in ${path.relative(root, values.small ? out : folder)}.`);
  return 0;
});
