// The packaged extension.
import fs from 'node:fs';
import os from 'node:os';
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
 * Text of a page as the package holds it: an installed extension's page shows pictures from the network alone, and the
 * repository's are not there; the words around them stay.
 * @param {string} markdown
 */
export function withoutPictures(markdown) {
  return markdown.replaceAll(/^!\[[^\]]*\]\([^)]*\)[ \t]*\n+/gm, '');
}

/**
 * Copies what .vscodeignore lets through to a folder of its own.
 * @param {string} vsce
 * @param {string} folder
 * @returns {Promise<number>} how many files
 */
async function stage(vsce, folder) {
  const listed = await capture(process.execPath, [vsce, 'ls', '--no-dependencies']);
  if (listed.code !== 0) throw new ScriptError(`Listing the package's files failed:\n${listed.stderr}`);
  const files = listed.stdout.trim().split(/\r?\n/);
  for (const file of files) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, file), target);
    if (/^README.*\.md$/.test(file)) fs.writeFileSync(target, withoutPictures(fs.readFileSync(target, 'utf8')));
  }
  return files.length;
}

/**
 * Builds and packages.
 * @returns {Promise<{file: string, path: string, bytes: number, entries: number}>}
 */
export async function vsixFile() {
  await build({ production: true });
  const target = vsixPath();
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-package-'));
  try {
    const entries = await stage(vsce, folder);
    fs.writeFileSync(path.join(folder, '.vscodeignore'), '# Everything here is meant to ship.\n');
    // Without dependencies: everything is inside the bundles. Relative links in the README stay as they are.
    const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
    await run('Packaging', process.execPath, [vsce, 'package', ...options, '--out', target], { cwd: folder });
    const bytes = fs.statSync(target).size;
    if (bytes > largestBytes) {
      throw new ScriptError(
        `${path.basename(target)} has ${bytes} bytes; at most ${largestBytes} are allowed. See what is in it with: npx vsce ls --tree --no-dependencies`,
      );
    }
    return { file: path.basename(target), path: target, bytes, entries };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
