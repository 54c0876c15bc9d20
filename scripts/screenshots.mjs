// npm run screenshots: the README's pictures, taken while the end-to-end test drives a real VS Code.
import fs from 'node:fs';
import path from 'node:path';
import { chineseFont } from './lib/fonts.mjs';
import { installDependencies } from './lib/prepare.mjs';
import { root, run, script } from './lib/process.mjs';

/** Pictures of the end-to-end tests that the READMEs show. */
const shown = [
  ...['problem', 'diagram', 'training', 'runs', 'conflict', 'weights', 'suggest-preview'],
  ...['experiment-lens', 'comparison', 'testing-view'],
  ...['training-zh', 'conflict-zh', 'weights-zh'],
];

await script(async () => {
  await installDependencies();
  const env = { ...process.env, ...(await chineseFont()), MTL_E2E_EPOCHS: '30', MTL_E2E_REPLICATES: '8' };
  await run(
    'The end-to-end test',
    process.execPath,
    ['scripts/test.mjs', 'e2e', 'spine', 'strategies', 'experiments', 'chinese'],
    {
      env,
    },
  );
  const target = path.join(root, 'media/screenshots');
  fs.mkdirSync(target, { recursive: true });
  for (const name of shown)
    fs.copyFileSync(path.join(root, `out/screenshots/${name}.png`), path.join(target, `${name}.png`));
  console.log(`${shown.length} pictures in ${path.relative(root, target)}`);
});
