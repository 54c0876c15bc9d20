// npm run study [-- --small] [NAME…]
//
// Runs the experiments of examples/study to their end (or what is still missing of them) and writes their reports anew:
// a page in each language beside each spec.
//   --small   two seeds, two settings a tuning, one epoch: only whether everything works; the reports go to out/study-small
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/prepare.mjs';
import { root, run, script } from './lib/process.mjs';
import { chosenStudies, cli, runStudy } from './lib/studies.mjs';

const folder = path.join(root, 'examples/study');

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false } },
  });
  const names = chosenStudies(['boxes', 'cars'], positionals);
  await build();
  const out = path.join(root, values.small ? 'out/study-small' : 'out/study');
  fs.mkdirSync(out, { recursive: true });
  for (const name of names) {
    const directory = path.join(out, name);
    await runStudy(folder, name, directory, values);
    for (const [language, ending] of [
      ['en', '.md'],
      ['zh', '.zh-CN.md'],
    ]) {
      const file = path.join(out, `${name}${ending}`);
      const words = ['report', directory, '--out', file, '--format', 'markdown', '--lang', String(language)];
      await run(`The report on ${name}`, process.execPath, [cli, ...words]);
      if (!values.small) fs.copyFileSync(file, path.join(folder, `${name}${ending}`));
    }
  }
  console.log(`\nThe reports are in ${path.relative(root, values.small ? out : folder)}.`);
  return 0;
});
