// The packaged extension.
import fs from 'node:fs';
import path from 'node:path';
import { build } from './prepare.mjs';
import { capture, root, run, ScriptError } from './process.mjs';

const largestBytes = 8e6;

/** Where the package of this version lies, whether or not it is there. */
export function vsixPath() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(root, `${name}-${version}.vsix`);
}

/**
 * Builds and packages.
 * @returns {Promise<{file: string, path: string, bytes: number, entries: number}>}
 */
export async function vsixFile() {
  await build({ production: true });
  const target = vsixPath();
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  // Without dependencies: everything is inside the bundles. Relative links in the README stay as they are.
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run('Packaging', process.execPath, [vsce, 'package', ...options, '--out', target]);
  const bytes = fs.statSync(target).size;
  const listed = await capture(process.execPath, [vsce, 'ls', '--no-dependencies']);
  if (bytes > largestBytes) {
    throw new ScriptError(
      `${path.basename(target)} has ${bytes} bytes; at most ${largestBytes} are allowed. See what is in it with: npx vsce ls --tree --no-dependencies`,
    );
  }
  return { file: path.basename(target), path: target, bytes, entries: listed.stdout.trim().split('\n').length };
}
