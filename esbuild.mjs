// Builds everything that is shipped: node esbuild.mjs [--production] [--watch]
//
//   dist/extension.cjs   the extension host's side               src/editor/extension.ts
//   dist/cli.cjs         the `mtl` command                       src/cli/main.ts
//   dist/trainer.cjs     a training run's main thread            src/trainer/main.ts
//   dist/worker.cjs      its thread that trains, with tfjs       src/trainer/worker.ts
//   dist/*.wasm          the embedded engine's binaries, copied
//   dist/webview/*.js,css  one bundle a page                     webview/<page>/main.ts
//   dist/meta/*.json     what went into each bundle; read by tests, not shipped
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';
import { writeNotices } from './scripts/lib/notices.mjs';
import { root, script, ScriptError } from './scripts/lib/process.mjs';

const nodeBundles = {
  extension: 'src/editor/extension.ts',
  cli: 'src/cli/main.ts',
  trainer: 'src/trainer/main.ts',
  worker: 'src/trainer/worker.ts',
};
const pages = { diagram: 'webview/diagram/main.ts', losses: 'webview/losses/main.ts' };
const wasmFolder = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

/**
 * @param {{production: boolean}} mode
 * @returns {import('esbuild').BuildOptions}
 */
function common({ production }) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    minify: production,
    // Names of functions and classes are kept: tfjs registers layers and kernels by them, logs show them.
    keepNames: true,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  };
}

/**
 * @param {string} entry
 * @param {string} outfile
 * @param {{production: boolean}} mode
 * @returns {import('esbuild').BuildOptions}
 */
function forNode(entry, outfile, mode) {
  return {
    ...common(mode),
    entryPoints: [entry],
    outfile,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
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
    target: 'es2022',
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'text' },
    assetNames: '[name]',
  };
}

/** @param {{production: boolean}} mode */
function allBuilds(mode) {
  const node = Object.entries(nodeBundles).map(([name, entry]) => ({
    name,
    entry,
    options: forNode(entry, `dist/${name}.cjs`, mode),
  }));
  const web = Object.entries(pages).map(([name, entry]) => ({
    name: `webview-${name}`,
    entry,
    options: forWebview(entry, `dist/webview/${name}.js`, mode),
  }));
  return [...node, ...web].filter(({ entry }) => {
    const exists = fs.existsSync(path.join(root, entry));
    if (!exists) console.log(`${entry} is not written yet: left out`);
    return exists;
  });
}

/**
 * @param {string} name
 * @param {import('esbuild').Metafile} metafile
 */
function writeMetafile(name, metafile) {
  fs.mkdirSync(path.join(root, 'dist/meta'), { recursive: true });
  fs.writeFileSync(path.join(root, `dist/meta/${name}.json`), JSON.stringify(metafile));
}

function copyWasm() {
  const binaries = fs.readdirSync(wasmFolder).filter((file) => file.endsWith('.wasm'));
  if (binaries.length === 0) throw new ScriptError(`No .wasm file in ${path.relative(root, wasmFolder)}; run npm ci.`);
  for (const file of binaries) fs.copyFileSync(path.join(wasmFolder, file), path.join(root, 'dist', file));
}

/** @param {import('esbuild').Metafile} metafile */
function sizes({ outputs }) {
  return Object.entries(outputs)
    .filter(([file]) => !file.endsWith('.map'))
    .map(([file, { bytes }]) => `${file} ${(bytes / 1024).toFixed(0)} KB`)
    .join('  ');
}

/** @param {{production: boolean}} mode */
async function buildAll(mode) {
  fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  copyWasm();
  const metafiles = [];
  for (const { name, options } of allBuilds(mode)) {
    const { metafile } = await esbuild.build({ ...options, metafile: true });
    writeMetafile(name, metafile);
    metafiles.push(metafile);
    console.log(sizes(metafile));
  }
  writeNotices(metafiles, path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'));
}

/** @param {{production: boolean}} mode */
async function watchAll(mode) {
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  copyWasm();
  for (const { name, options } of allBuilds(mode)) {
    /** @type {import('esbuild').Plugin} */
    const report = {
      name: 'report',
      setup(build) {
        // The two lines that the problem matcher of .vscode/tasks.json waits for.
        build.onStart(() => console.log(`[watch] ${name} build started`));
        build.onEnd(({ errors, metafile }) => {
          if (metafile !== undefined) writeMetafile(name, metafile);
          console.log(`[watch] ${name} build finished${errors.length > 0 ? ` with ${errors.length} errors` : ''}`);
        });
      },
    };
    const context = await esbuild.context({ ...options, plugins: [...(options.plugins ?? []), report] });
    await context.watch();
  }
}

await script(async () => {
  const { values } = parseArgs({ options: { production: { type: 'boolean' }, watch: { type: 'boolean' } } });
  const mode = { production: values.production ?? false };
  await (values.watch === true ? watchAll(mode) : buildAll(mode));
});
