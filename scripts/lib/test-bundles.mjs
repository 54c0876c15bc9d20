// Tests as a few big files instead of hundreds of small ones: Node then reads a test with all that it imports at once,
// which takes a third of the time that a suite needs otherwise. Packages stay outside.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './process.mjs';

const folder = path.join(root, '.cache/tests');

/**
 * A module goes on being where its source is: what it reads beside itself lies there.
 * @type {import('esbuild').Plugin}
 */
const ownPlace = {
  name: 'own-place',
  setup(build) {
    build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, 'utf8');
      if (!text.includes('import.meta.')) return undefined;
      // Not where it is a text.
      const contents = text
        .replace(/(?<!['"`])\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(file).href))
        .replace(/(?<!['"`])\bimport\.meta\.dirname\b/g, JSON.stringify(path.dirname(file)));
      return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};

/**
 * @param {string} suite a folder of test/
 * @param {readonly string[]} files its tests, relative to the repository
 * @returns {Promise<string[]>} the same tests, bundled
 */
export async function bundleTests(suite, files) {
  const target = path.join(folder, suite);
  fs.rmSync(target, { recursive: true, force: true });
  // Not before it is there: `npm test` installs it.
  const { default: esbuild } = await import('esbuild');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...files],
    outbase: 'test',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: `${suite}/shared/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    plugins: [ownPlace],
    logLevel: 'warning',
  });
  return files.map((file) => path.join(folder, path.relative('test', file)).replace(/\.ts$/, '.mjs'));
}

/**
 * The test that a bundle was made of; any other file as it is.
 * @param {string} file
 */
export function sourceOfTest(file) {
  const inside = path.relative(folder, file);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return file;
  return path.join(root, 'test', inside).replace(/\.mjs$/, '.ts');
}
