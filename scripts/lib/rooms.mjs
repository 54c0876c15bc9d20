// Who may know whom: the one table behind the import rules of test/unit/architecture.test.ts.

/**
 * @typedef {object} Room
 * @property {readonly string[]} rooms other rooms that it may import from
 * @property {readonly string[]} [types] rooms of which it may import types alone
 * @property {readonly string[] | 'all'} packages what else it may import: package names, `node` for node:*, `vscode`
 */

const tfjs = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
];

/**
 * Keyed by the folder.
 * @type {Readonly<Record<string, Room>>}
 */
export const rooms = {
  'src/common': { rooms: [], packages: [] },
  'src/files': { rooms: ['src/common'], packages: ['node'] },
  'src/numbers': { rooms: [], packages: ['node'] },
  'src/spec': { rooms: ['src/common'], packages: ['jsonc-parser', 'typebox'] },
  'src/plan': { rooms: ['src/common', 'src/spec'], packages: [] },
  'src/data': {
    rooms: ['src/common', 'src/files', 'src/spec'],
    packages: ['node', 'csv-parse', 'fflate', 'iconv-lite'],
  },
  'src/runs': { rooms: ['src/common', 'src/files', 'src/spec', 'src/plan'], packages: ['node'] },
  'src/runtime': { rooms: ['src/common', 'src/files'], packages: ['node'] },
  'src/weighting': { rooms: ['src/common', 'src/numbers', 'src/spec'], packages: [] },
  'src/samples': {
    rooms: ['src/common', 'src/files', 'src/numbers', 'src/spec', 'src/plan', 'src/data'],
    packages: ['node'],
  },
  'src/engine': {
    rooms: ['src/common', 'src/runtime'],
    packages: ['node', 'fflate', ...tfjs, '@tensorflow/tfjs-node-gpu'],
  },
  'src/trainer': {
    rooms: [
      ...['src/common', 'src/files', 'src/numbers', 'src/spec', 'src/plan', 'src/data', 'src/runs', 'src/runtime'],
      ...['src/weighting', 'src/samples', 'src/engine'],
    ],
    packages: ['node', ...tfjs],
  },
  'src/experiment': {
    rooms: ['src/common', 'src/files', 'src/numbers', 'src/spec', 'src/plan', 'src/runs', 'src/runtime'],
    packages: ['node'],
  },
  'src/export': {
    rooms: ['src/common', 'src/spec', 'src/plan', 'src/runs', 'src/samples'],
    packages: ['node', ...tfjs],
  },
  'src/messages': {
    rooms: ['src/common'],
    types: ['src/spec', 'src/plan', 'src/runs', 'src/experiment'],
    packages: [],
  },
  'src/editor': {
    rooms: [
      ...['src/common', 'src/files', 'src/spec', 'src/plan', 'src/data', 'src/runs', 'src/runtime', 'src/experiment'],
      'src/messages',
    ],
    packages: ['node', 'vscode', 'jsonc-parser'],
  },
  'src/cli': {
    rooms: [
      ...['src/common', 'src/files', 'src/numbers', 'src/spec', 'src/plan', 'src/data', 'src/runs', 'src/runtime'],
      ...['src/weighting', 'src/samples', 'src/engine', 'src/trainer', 'src/experiment', 'src/export'],
    ],
    packages: ['node', 'fflate'],
  },
  webview: {
    rooms: ['src/common', 'src/messages'],
    types: ['src/spec', 'src/plan', 'src/runs', 'src/experiment'],
    packages: ['mermaid', 'uplot', '@vscode/webview-ui-toolkit'],
  },
};

/**
 * Folders, and files, that know less than their room. Of a step, only an executor knows an engine, so that what a step
 * means and what executors share serve every one of them; charts are given words and sources, so that they serve every page.
 * @type {readonly { readonly folders: readonly string[], readonly never: readonly string[] }[]}
 */
export const walls = [
  {
    folders: [
      ...['src/trainer/training', 'src/trainer/step/methods', 'src/trainer/step/passes', 'src/trainer/step/recorded'],
      ...['contract', 'check', 'rehearsal', 'table'].map((name) => `src/trainer/step/executors/${name}.ts`),
    ],
    never: ['src/engine/native', 'src/engine/wasm', '@tensorflow'],
  },
  { folders: ['webview/charts'], never: ['webview/losses', 'webview/diagram', 'webview/experiment'] },
];

/** The toolkit of buttons and sliders has one importer, so that it can be replaced in one place. */
export const toolkit = { package: '@vscode/webview-ui-toolkit', importer: 'webview/controls.ts' };

/**
 * The room that a file lies in.
 * @param {string} file relative to the repository, with forward slashes
 * @returns {string | undefined}
 */
export function roomOf(file) {
  return Object.keys(rooms).find((folder) => file.startsWith(`${folder}/`));
}

/**
 * The package of an import that is no path: `node` for Node's own modules.
 * @param {string} specifier
 */
export function packageOf(specifier) {
  if (specifier.startsWith('node:')) return 'node';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
