// Tests as a few big files instead of hundreds of small ones: Node then reads a test with all that it imports at once,
// which takes a third of the time that a suite needs otherwise. Packages stay outside.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMaker, withEar } from './heard.mjs';
import { root } from './process.mjs';

const folder = path.join(root, '.cache/tests');

/**
 * A module goes on being where its source is: what it reads beside itself lies there. What makes sentences is listened to.
 * @type {import('esbuild').Plugin}
 */
const ownPlace = {
  name: 'own-place',
  setup(build) {
    build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, 'utf8');
      if (isMaker(file)) return { contents: withEar(text), loader: 'ts' };
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
 * How many tests one process runs, a file after the other: to start Node and to load what they share takes longer than most
 * of them.
 */
const together = 8;

/** Every test of a process, or what all of them share, is changed. */
const changesOthers = [
  /^(before|after)Each\(/m,
  /process\.env\[[^\]]+\] = |delete process\.env|process\.chdir\(/,
  // Node's own functions: modules that import them by name may keep the replacement.
  /syncBuiltinESMExports|mock\.(method|timers)|full-disk\.ts/,
  /^Object\.assign\(/m,
];

/**
 * Whether a test has to be by itself, since it changes what others meet.
 * @param {string} file relative to the repository
 */
function isAlone(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return changesOthers.some((pattern) => pattern.test(text));
}

/**
 * Whether a bundle reaches TensorFlow.js, of which a process has one, with one engine.
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {string} output
 * @param {Set<string>} seen
 * @returns {boolean}
 */
function reachesEngine(outputs, output, seen = new Set()) {
  if (seen.has(output)) return false;
  seen.add(output);
  const imports = outputs[output]?.imports ?? [];
  return imports.some(({ path: name, external }) =>
    external === true ? name.startsWith('@tensorflow/') : reachesEngine(outputs, name, seen),
  );
}

/**
 * Writes the files that make one process run several tests.
 * @param {string} target where they go
 * @param {readonly string[]} bundles
 * @returns {string[]}
 */
function grouped(target, bundles) {
  const groups = Array.from({ length: Math.ceil(bundles.length / together) }, (_, index) =>
    bundles.slice(index * together, (index + 1) * together),
  );
  return groups.map((group, index) => {
    const file = path.join(target, `group-${index + 1}.mjs`);
    const lines = group.map((bundle) => `import ${JSON.stringify(pathToFileURL(bundle).href)};\n`);
    fs.writeFileSync(file, lines.join(''));
    return file;
  });
}

/**
 * @param {string} suite a folder of test/
 * @param {readonly string[]} files its tests, relative to the repository
 * @returns {Promise<string[]>} what Node is given to run them: bundles, and files that take several of them together
 */
export async function bundleTests(suite, files) {
  const target = path.join(folder, suite);
  fs.rmSync(target, { recursive: true, force: true });
  // Not before it is there: `npm test` installs it.
  const { default: esbuild } = await import('esbuild');
  const { metafile } = await esbuild.build({
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
    metafile: true,
    plugins: [ownPlace],
    logLevel: 'warning',
  });
  const bundleOf = (/** @type {string} */ file) =>
    path.join(folder, path.relative('test', file)).replace(/\.ts$/, '.mjs');
  const outputOf = (/** @type {string} */ file) => path.relative(root, bundleOf(file)).split(path.sep).join('/');
  const alone = files.filter((file) => isAlone(file) || reachesEngine(metafile.outputs, outputOf(file)));
  const others = files.filter((file) => !alone.includes(file));
  return [...alone.map(bundleOf), ...grouped(target, others.map(bundleOf))];
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
