// npm run package: builds for production and makes the .vsix files, one for every platform and one for each platform
// that has a prebuilt addon; refuses one that has grown too big.
import { vsixFiles } from './lib/vsix.mjs';
import { script } from './lib/process.mjs';

await script(async () => {
  for (const { file, bytes, entries, platform } of await vsixFiles()) {
    const whom = platform === null ? 'every platform, no addon' : `${platform}, with its addon`;
    console.log(`${file}: ${(bytes / 1e6).toFixed(2)} MB, ${entries} files, for ${whom}`);
  }
});
