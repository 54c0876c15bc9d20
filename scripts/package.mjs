// npm run package [-- --as-it-is]
//
// Builds for production and makes the .vsix files: one for every platform, with the addon's source, and one for each
// platform whose addon is built here; refuses one that has grown too big. Before that the addon is built, where a Python
// with pip can fetch the compiler and TensorFlow (375 MB, once); a machine with Node alone makes the package for every
// platform, which compiles the addon when the native engine is installed. --as-it-is builds no addon.
import { parseArgs } from 'node:util';
import { buildMissingAddons, pinnedPlatforms } from './lib/addon.mjs';
import { installDependencies } from './lib/prepare.mjs';
import { script } from './lib/process.mjs';

await script(async () => {
  const { values } = parseArgs({ options: { 'as-it-is': { type: 'boolean' } } });
  await installDependencies();
  if (values['as-it-is'] !== true) await buildMissingAddons();
  const { vsixFiles } = await import('./lib/vsix.mjs');
  const made = await vsixFiles();
  for (const { file, bytes, entries, platform } of made) {
    const whom =
      platform === null ? 'every platform: the addon is compiled on installation' : `${platform}, with its addon`;
    console.log(`${file}: ${(bytes / 1e6).toFixed(2)} MB, ${entries} files, for ${whom}`);
  }
  for (const platform of pinnedPlatforms().filter((name) => made.every((each) => each.platform !== name))) {
    console.log(`None for ${platform} alone: its addon is not built here (npm run build:addon).`);
  }
});
