// A bundle in parts: an entry, and beside it what is loaded when it is needed. esbuild splits where `import()` stands, and
// keeps every module once, so that none has a state of its own in two places; but what comes of it are a hundred small ES
// modules, and to read a file takes longer than to evaluate it. So what is loaded together is bundled once more into one
// CommonJS file, as an editor that loads its extensions by `require` has it.
import path from 'node:path';
import esbuild from 'esbuild';

/** What a file of the bundle gives to the others: its chunks by name. */
const shared = 'chunks';

/**
 * @typedef {object} Pack
 * @property {string} file that it becomes
 * @property {readonly string[]} chunks outputs of the first pass
 */

/**
 * Where `import()` stands in the source, a part begins: a file in a folder named as the entry is.
 * @param {import('esbuild').BuildOptions} options for one entry in one CommonJS file
 * @returns {import('esbuild').BuildOptions}
 */
export function inParts({ outfile = '', entryPoints = [], banner: _, define, plugins = [], ...options }) {
  const { dir, name, ext } = path.parse(outfile);
  // A part's own address would be another one than the entry's.
  const { 'import.meta.url': __, ...defined } = define ?? {};
  const both = { ...options, sourcemap: options.sourcemap === false ? false : /** @type {const} */ ('inline') };
  return {
    ...both,
    entryPoints,
    define: defined,
    outdir: dir,
    entryNames: name,
    chunkNames: `${name}/[name]-[hash]`,
    outExtension: { '.js': ext },
    format: 'esm',
    splitting: true,
    write: false,
    plugins: [...plugins, packing(outfile, both)],
  };
}

/**
 * @param {string} entry output of the entry
 * @param {import('esbuild').BuildOptions} options for what comes of the chunks
 * @returns {import('esbuild').Plugin}
 */
function packing(entry, options) {
  const root = options.absWorkingDir ?? process.cwd();
  return {
    name: 'packing',
    setup(build) {
      build.onEnd(async ({ outputFiles, metafile, errors }) => {
        if (outputFiles === undefined || metafile === undefined || errors.length > 0) return;
        const nameOf = (/** @type {string} */ file) => path.relative(root, file).replaceAll(path.sep, '/');
        const texts = new Map(outputFiles.map(({ path: file, text }) => [nameOf(file), text]));
        const packs = packsOf(metafile, entry);
        const builds = packs.map((pack) =>
          esbuild.build({
            ...{ ...options, format: 'cjs', write: false, metafile: false, outfile: pack.file },
            stdin: { contents: doorOf(pack, packs, metafile, entry), resolveDir: root, sourcefile: 'door' },
            plugins: [chunksOf(pack, packs, texts, metafile)],
          }),
        );
        const files = (await Promise.all(builds)).flatMap((result) => result.outputFiles ?? []);
        outputFiles.splice(0, outputFiles.length, ...files);
      });
    },
  };
}

/**
 * The outputs that are loaded with one: what it imports and what that imports, without what `import()` loads later.
 * @param {import('esbuild').Metafile} metafile of one entry
 * @param {string} output
 * @returns {string[]}
 */
export function loadedWith({ outputs }, output) {
  const found = new Set([output]);
  for (const one of found) {
    for (const { path: file, kind, external } of outputs[one]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) found.add(file);
    }
  }
  return [...found];
}

/**
 * The files: the entry's first, then of each part, of the largest first, what is in none of those before.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 * @returns {Pack[]}
 */
function packsOf(metafile, entry) {
  const { outputs } = metafile;
  const { dir, name: folder, ext } = path.posix.parse(entry);
  const bytes = (/** @type {readonly string[]} */ files) =>
    files.reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  const parts = Object.entries(outputs)
    .filter(([file, { entryPoint }]) => entryPoint !== undefined && file !== entry)
    .map(([file, { entryPoint = '' }]) => {
      const name = entryPoint.replace(/^src\/(editor\/)?|\.ts$/g, '').replaceAll('/', '-');
      return { file: `${dir}/${folder}/${name}${ext}`, chunks: loadedWith(metafile, file) };
    })
    .sort((one, other) => bytes(other.chunks) - bytes(one.chunks) || (one.file < other.file ? -1 : 1));
  const taken = new Set();
  const packs = [];
  for (const { file, chunks } of [{ file: entry, chunks: loadedWith(metafile, entry) }, ...parts]) {
    const own = chunks.filter((chunk) => !taken.has(chunk));
    if (own.length > 0) packs.push({ file, chunks: own });
    for (const chunk of own) taken.add(chunk);
  }
  return packs;
}

/**
 * What the file of a pack exports: the entry's own, and the chunks that are imported from other files.
 * @param {Pack} pack
 * @param {readonly Pack[]} packs
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 */
function doorOf(pack, packs, { outputs }, entry) {
  const elsewhere = packs
    .filter((other) => other !== pack)
    .flatMap(({ chunks }) => chunks.flatMap((chunk) => (outputs[chunk]?.imports ?? []).map((each) => each.path)));
  const asked = pack.chunks.filter((chunk) => elsewhere.includes(chunk));
  const names = asked.map((chunk) => JSON.stringify(chunk));
  if (pack.file === entry) {
    // All of it is evaluated now.
    return [
      `export * from ${JSON.stringify(entry)};`,
      ...names.map((chunk, index) => `import * as chunk${index} from ${chunk};`),
      `export const ${shared} = { ${names.map((chunk, index) => `${chunk}: chunk${index}`).join(', ')} };`,
    ].join('\n');
  }
  // Another part may ask for a little of it; the rest is evaluated when it is asked for.
  return `export const ${shared} = { ${names.map((chunk) => `get ${chunk}() { return require(${chunk}); }`).join(', ')} };`;
}

/**
 * Finds chunks: those of the pack as they are, those of another one in its file.
 * @param {Pack} pack
 * @param {readonly Pack[]} packs
 * @param {ReadonlyMap<string, string>} texts
 * @param {import('esbuild').Metafile} metafile
 * @returns {import('esbuild').Plugin}
 */
function chunksOf(pack, packs, texts, { outputs }) {
  return {
    name: 'chunks',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path: asked, importer, namespace }) => {
        if (namespace === 'elsewhere') return { path: asked, external: true };
        const chunk = asked.startsWith('.') ? path.posix.join(path.posix.dirname(importer), asked) : asked;
        if (!texts.has(chunk)) return undefined;
        return { path: chunk, namespace: pack.chunks.includes(chunk) ? 'chunk' : 'elsewhere' };
      });
      build.onLoad({ filter: /./, namespace: 'chunk' }, ({ path: chunk }) => ({ contents: texts.get(chunk) ?? '' }));
      build.onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path: chunk }) => {
        const target = packs.find(({ chunks }) => chunks.includes(chunk))?.file ?? '';
        const place = path.posix.relative(path.posix.dirname(pack.file), target);
        const file = JSON.stringify(place.startsWith('.') ? place : `./${place}`);
        // Everything there has been evaluated, and nothing that is exported is set anew.
        const names = (outputs[chunk]?.exports ?? []).join(', ');
        return {
          contents: `import { ${shared} } from ${file};\nexport const { ${names} } = ${shared}[${JSON.stringify(chunk)}];`,
        };
      });
    },
  };
}
