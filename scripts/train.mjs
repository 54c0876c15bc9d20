// npm run train [-- OPTIONS]: trains the sample in this terminal, with a live table of the tasks, and ends.
// Options go to `mtl train`; a first word that is no option names another spec.
import fs from 'node:fs';
import path from 'node:path';
import { build } from './lib/prepare.mjs';
import { root, runToEnd, script } from './lib/process.mjs';

const sample = 'examples/digits/article.mtl.json';

await script(async () => {
  const given = process.argv.slice(2);
  const [first] = given;
  const spec = first !== undefined && !first.startsWith('-') ? first : sample;
  await build();
  const options = spec === first ? given.slice(1) : given;
  const file = fs.existsSync(spec) ? path.resolve(spec) : path.join(root, spec);
  console.log(`\nmtl train ${path.relative(root, file)} ${options.join(' ')}`);
  // Ctrl-C reaches the training, too: it makes a checkpoint and ends; this script waits for that.
  process.on('SIGINT', () => undefined);
  return runToEnd(process.execPath, [path.join(root, 'dist/cli.cjs'), 'train', file, ...options]);
});
