// npm run package: builds for production and makes the .vsix; refuses one that has grown too big.
import { vsixFile } from './lib/vsix.mjs';
import { script } from './lib/process.mjs';

await script(async () => {
  const { file, bytes, entries } = await vsixFile();
  console.log(`${file}: ${(bytes / 1e6).toFixed(2)} MB, ${entries} files`);
});
