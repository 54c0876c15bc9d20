// What is built from what, for esbuild.mjs and for the test that looks into the bundles.
import path from 'node:path';
import { inParts } from './parts.mjs';
import { root } from './process.mjs';

const nodeBundles = {
  extension: 'src/editor/extension.ts',
  cli: 'src/cli/main.ts',
  driver: 'src/experiment/main.ts',
  comparison: 'src/editor/experiments/comparison-worker.ts',
  trainer: 'src/trainer/main.ts',
  worker: 'src/trainer/worker.ts',
  reader: 'src/samples/stream/reader.ts',
};
/** Of these, parts are loaded when they are needed. */
const parted = new Set(['extension']);
const pages = {
  diagram: 'webview/diagram/main.ts',
  losses: 'webview/losses/main.ts',
  experiment: 'webview/experiment/main.ts',
  doctor: 'webview/doctor/main.ts',
};

/**
 * @param {{production: boolean}} mode
 * @returns {import('esbuild').BuildOptions}
 */
function common({ production }) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  };
}

const nodePackage = '@tensorflow/tfjs-node-gpu';

/**
 * tfjs-node from its TypeScript: its JavaScript is ES5, which cannot extend the classes of tfjs-core's ES modules. What it
 * imports as `@tensorflow/tfjs` are the parts of it that are here anyway. Of saved models and TensorBoard, which need
 * protocol buffers, only names are asked for.
 * @type {import('esbuild').Plugin}
 */
const tfjsNode = {
  name: 'tfjs-node',
  setup(build) {
    build.onResolve({ filter: /^@tensorflow\/tfjs-node-gpu\/dist\// }, ({ path: asked }) => {
      const source = asked.replace(`${nodePackage}/dist`, `${nodePackage}/src`).replace(/\.js$/, '.ts');
      return { path: path.join(root, 'node_modules', source) };
    });
    build.onResolve({ filter: /^@tensorflow\/tfjs$/ }, () => ({
      path: path.join(root, 'src/engine/native/union.ts'),
    }));
    build.onResolve({ filter: /^\.\/proto\/api_pb$/ }, () => ({ path: 'api_pb', namespace: 'empty' }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * A bundle for Node as those that are shipped; the benchmark makes its own.
 * @param {string} entry
 * @param {string} outfile
 * @param {{production: boolean}} mode
 * @returns {import('esbuild').BuildOptions}
 */
export function forNode(entry, outfile, mode) {
  return {
    ...common(mode),
    entryPoints: [entry],
    outfile,
    platform: 'node',
    format: 'cjs',
    // Names are kept as they are, for the stacks in log.txt. (Not by `keepNames`: that costs time at each closure made.)
    minifyWhitespace: mode.production,
    minifySyntax: mode.production,
    target: 'node20',
    external: ['vscode'],
    plugins: [tfjsNode],
    // The packages' ES modules throughout: one copy of tfjs-core, whoever imports it.
    mainFields: ['module', 'main'],
    // The bundles are CommonJS; a module's own address is its file.
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { ...common(mode).define, 'import.meta.url': 'importMetaUrl' },
  };
}

/**
 * @param {string} entry
 * @param {string} outfile
 * @param {{production: boolean}} mode
 * @returns {import('esbuild').BuildOptions}
 */
function forWebview(entry, outfile, mode) {
  return {
    ...common(mode),
    entryPoints: [entry],
    outfile,
    platform: 'browser',
    format: 'iife',
    minify: mode.production,
    target: 'es2022',
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'text' },
    assetNames: '[name]',
  };
}

/**
 * Every bundle with esbuild's options for it.
 * @param {{production: boolean}} mode
 */
export function allBuilds(mode) {
  const node = Object.entries(nodeBundles).map(([name, entry]) => {
    const options = forNode(entry, `dist/${name}.cjs`, mode);
    return { name, entry, options: parted.has(name) ? inParts(options) : options };
  });
  const web = Object.entries(pages).map(([name, entry]) => ({
    name: `webview-${name}`,
    entry,
    options: forWebview(entry, `dist/webview/${name}.js`, mode),
  }));
  return [...node, ...web];
}
