// The packaged extension: one package for every platform, and one for each platform whose addon is built here.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pinnedPlatforms, prebuiltPlatforms } from './addon.mjs';
import { build } from './prepare.mjs';
import { capture, root, run, ScriptError } from './process.mjs';

const largestBytes = 8e6;

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
/**
 * Whether the repository has an address: then links and pictures of the pages lead there, as a registry shows them. Without
 * one links stay as they are, and pictures that nobody could see are left out.
 */
const published = manifest.repository !== undefined;

/**
 * Where a package of this version lies, whether or not it is there.
 * @param {string | null} platform null for the one for every platform
 */
export function pathOf(platform) {
  const { name, version } = manifest;
  return path.join(root, `${[name, ...(platform === null ? [] : [platform]), version].join('-')}.vsix`);
}

/** The package that this machine takes: its platform's own, else the one for every platform. */
export function vsixPath() {
  const own = `${process.platform}-${process.arch}`;
  return pathOf(prebuiltPlatforms().includes(own) ? own : null);
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
 * Whether a package takes a file: an addon goes into its platform's package alone.
 * @param {string} file
 * @param {string | null} platform
 */
export function belongsTo(file, platform) {
  const addon = /^dist\/native\/([^/]+)\/tfjs_binding\.node$/.exec(file)?.[1];
  return addon === undefined || addon === platform;
}

/**
 * Copies what .vscodeignore lets through to a folder of its own.
 * @param {readonly string[]} files
 * @param {string} folder
 */
function stage(files, folder) {
  for (const file of files) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, file), target);
    if (!published && /^README.*\.md$/.test(file))
      fs.writeFileSync(target, withoutPictures(fs.readFileSync(target, 'utf8')));
  }
}

/**
 * @typedef {object} Package
 * @property {string | null} platform
 * @property {string} file
 * @property {string} path
 * @property {number} bytes
 * @property {number} entries
 */

const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');

/**
 * Everything that .vscodeignore lets through, addons of all platforms included.
 * @returns {Promise<string[]>}
 */
export async function shippedFiles() {
  const listed = await capture(process.execPath, [vsce, 'ls', '--no-dependencies']);
  if (listed.code !== 0) throw new ScriptError(`Listing the package's files failed:\n${listed.stderr}`);
  return listed.stdout.trim().split(/\r?\n/);
}

/**
 * @param {string | null} platform
 * @param {readonly string[]} all
 * @returns {Promise<Package>}
 */
async function packageFor(platform, all) {
  const target = pathOf(platform);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-package-'));
  try {
    const files = all.filter((file) => belongsTo(file, platform));
    stage(files, folder);
    fs.writeFileSync(path.join(folder, '.vscodeignore'), '# Everything here is meant to ship.\n');
    // Without dependencies: everything is inside the bundles.
    const asTheyAre = published ? [] : ['--allow-missing-repository', '--no-rewrite-relative-links'];
    const options = ['--no-dependencies', ...asTheyAre];
    const aim = platform === null ? [] : ['--target', platform];
    await run('Packaging', process.execPath, [vsce, 'package', ...options, ...aim, '--out', target], { cwd: folder });
    const bytes = fs.statSync(target).size;
    if (bytes > largestBytes) {
      throw new ScriptError(
        `${path.basename(target)} has ${bytes} bytes; at most ${largestBytes} are allowed. See what is in it with: npx vsce ls --tree --no-dependencies`,
      );
    }
    return { platform, file: path.basename(target), path: target, bytes, entries: files.length };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds and makes every package: the one for every platform first.
 * @returns {Promise<Package[]>}
 */
export async function vsixFiles() {
  await build({ production: true });
  const all = await shippedFiles();
  const made = [];
  // One of an earlier build would be taken for this one's.
  for (const platform of pinnedPlatforms()) fs.rmSync(pathOf(platform), { force: true });
  for (const platform of [null, ...prebuiltPlatforms()]) made.push(await packageFor(platform, all));
  return made;
}

/**
 * Builds and makes the package that this machine takes.
 * @returns {Promise<Package>}
 */
export async function vsixFile() {
  await build({ production: true });
  const own = `${process.platform}-${process.arch}`;
  return packageFor(prebuiltPlatforms().includes(own) ? own : null, await shippedFiles());
}
