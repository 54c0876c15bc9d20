// Builds everything that is shipped, or the bundles named: node esbuild.mjs [--production] [--watch] [NAME…]
//
//   dist/extension.cjs   the extension host's side               src/editor/extension.ts
//   dist/extension/*.cjs its parts that are loaded when they are needed
//   dist/comparison.cjs  its thread that compares                src/editor/experiments/comparison-worker.ts
//   dist/cli.cjs         the `mtl` command                       src/cli/main.ts
//   dist/driver.cjs      the process that runs an experiment   src/experiment/main.ts
//   dist/trainer.cjs     a training run's main thread            src/trainer/main.ts
//   dist/worker.cjs      its thread that trains, with tfjs       src/trainer/worker.ts
//   dist/reader.cjs      its thread that reads data ahead        src/samples/stream/reader.ts
//   dist/*.wasm          the embedded engine's binaries, copied
//   dist/native/source/* the source of the native engine's addon, copied
//   dist/native/*/*      the addons that are built here (npm run build:addon), copied
//   dist/webview/*.js,css  one bundle a page                     webview/<page>/main.ts
//   dist/meta/*.json     what went into each bundle; read by tests, not shipped
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';
import { builtAddon, prebuiltPlatforms } from './scripts/lib/addon.mjs';
import { allBuilds } from './scripts/lib/bundles.mjs';
import { noticesOf } from './scripts/lib/notices.mjs';
import { Output } from './scripts/lib/output.mjs';
import { root, script, ScriptError } from './scripts/lib/process.mjs';

const wasmFolder = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
// The threaded build is of no use in Node: tfjs switches it off there.
const wasmBinaries = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

const dist = path.join(root, 'dist');

/**
 * @param {Output} output
 * @param {string} name
 * @param {import('esbuild').Metafile} metafile
 */
function writeMetafile(output, name, metafile) {
  output.put(`meta/${name}.json`, JSON.stringify(metafile));
}

/** @param {Output} output */
function copyWasm(output) {
  for (const file of wasmBinaries) {
    const source = path.join(wasmFolder, file);
    if (!fs.existsSync(source)) throw new ScriptError(`${path.relative(root, source)} is missing; run npm ci.`);
    output.copy(file, source);
  }
}

/**
 * The source always goes along (src/runtime/addon.ts says where from): `mtl runtime install` compiles it where there is
 * no addon, and fetches the libraries and headers that it needs.
 * @param {Output} output
 */
function copyAddon(output) {
  for (const platform of prebuiltPlatforms()) {
    const file = builtAddon(platform);
    output.copy(path.join('native', platform, path.basename(file)), file);
  }
  const modules = path.join(root, 'node_modules');
  const parts = { binding: '@tensorflow/tfjs-node-gpu/binding', napi: 'node-api-headers/include' };
  for (const [place, from] of Object.entries(parts)) {
    output.copy(path.join('native/source', place), path.join(modules, from));
  }
  output.copy('native/source/napi/LICENSE', path.join(modules, 'node-api-headers/LICENSE'));
  output.removeOthers('native');
}

/** @param {readonly import('esbuild').OutputFile[]} files */
function sizes(files) {
  return files
    .filter(({ path: file }) => !file.endsWith('.map'))
    .map(({ path: file, contents }) => `${path.relative(root, file)} ${(contents.length / 1024).toFixed(0)} KB`)
    .join('  ');
}

/**
 * @param {Output} output
 * @param {readonly import('esbuild').OutputFile[]} files
 */
function write(output, files) {
  for (const { path: file, contents } of files) {
    // A command can be started by its name.
    const isCommand = contents[0] === 0x23 && contents[1] === 0x21;
    output.put(path.relative(dist, file), contents, isCommand ? 0o777 : 0o666);
  }
}

/**
 * @param {{production: boolean}} mode
 * @param {readonly string[]} names bundles to build; all of them when empty
 */
async function buildAll(mode, names) {
  const everything = names.length === 0;
  const output = new Output(dist);
  copyWasm(output);
  copyAddon(output);
  const metafiles = [];
  const failed = [];
  for (const { name, options } of allBuilds(mode)) {
    if (!everything && !names.includes(name)) continue;
    // esbuild prints what is wrong; the other bundles are built all the same, so that one call shows everything.
    const result = await esbuild.build({ ...options, metafile: true, write: false }).catch(() => undefined);
    if (result === undefined) {
      failed.push(name);
      continue;
    }
    write(output, result.outputFiles);
    // Parts of an earlier build.
    output.removeOthers(name);
    writeMetafile(output, name, result.metafile);
    metafiles.push(result.metafile);
    console.log(sizes(result.outputFiles));
  }
  if (failed.length > 0) throw new ScriptError(`Not built, for the reasons above: ${failed.join(', ')}.`);
  if (!everything) return;
  output.put('THIRD-PARTY-NOTICES.txt', noticesOf(metafiles));
  if (mode.production) output.removeOthers();
}

/** @param {{production: boolean}} mode */
async function watchAll(mode) {
  const output = new Output(dist);
  copyWasm(output);
  copyAddon(output);
  for (const { name, options } of allBuilds(mode)) {
    /** @type {import('esbuild').Plugin} */
    const report = {
      name: 'report',
      setup(build) {
        // The two lines that the problem matcher of .vscode/tasks.json waits for.
        build.onStart(() => console.log(`[watch] ${name} build started`));
        build.onEnd(({ errors, metafile, outputFiles }) => {
          // Only what esbuild has not written itself.
          write(output, outputFiles ?? []);
          if (metafile !== undefined) writeMetafile(output, name, metafile);
          console.log(`[watch] ${name} build finished${errors.length > 0 ? ` with ${errors.length} errors` : ''}`);
        });
      },
    };
    const context = await esbuild.context({ ...options, plugins: [...(options.plugins ?? []), report] });
    await context.watch();
  }
}

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { production: { type: 'boolean' }, watch: { type: 'boolean' } },
  });
  const mode = { production: values.production ?? false };
  await (values.watch === true ? watchAll(mode) : buildAll(mode, positionals));
});
