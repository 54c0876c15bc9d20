/** For each kind of thing that has a table: a member nobody needs, to see which files have to know of it. */

/** Text put before a place that stands once in a file. */
export interface Insertion {
  readonly file: string;
  readonly before: string;
  readonly text: string;
}

export interface NewFile {
  readonly file: string;
  readonly text: string;
}

export interface Probe {
  /** As CONTRIBUTING calls it. */
  readonly kind: string;
  /** Stands in no file of ours. */
  readonly name: string;
  /** What makes it known: its word, or its row where there is no word. */
  readonly word: readonly (Insertion | NewFile)[];
  /** What the compiler then asks for. */
  readonly rest: readonly (Insertion | NewFile)[];
}

const about = `{ title: { en: 'Probe', zh: '探针' }, text: { en: 'A probe.', zh: '探针。' }, source: 'none' }`;

const layer: Probe = {
  kind: 'layer',
  name: 'probeLayer',
  word: [
    {
      file: 'src/spec/schema/layers-core.ts',
      before: "dense: layerEntry(\n    'dense',",
      text: `probeLayer: layerEntry('probeLayer', {}, ${about}),\n  `,
    },
  ],
  rest: [
    { file: 'src/plan/layers/table.ts', before: 'dense,\n  conv1d,', text: 'probeLayer: dropout,\n  ' },
    { file: 'src/trainer/model/layers.ts', before: 'dense,\n  conv2d,', text: 'probeLayer: flatten,\n  ' },
  ],
};

const format: Probe = {
  kind: 'data format',
  name: 'probeFormat',
  word: [
    {
      file: 'src/spec/schema/formats.ts',
      before: "csv: { extensions: ['.csv'",
      text: "probeFormat: { extensions: ['.probe'] },\n  ",
    },
  ],
  rest: [
    {
      file: 'src/data/formats/probe.ts',
      text: `import type { FormatRow } from './contract.ts';\nimport { csv } from './csv.ts';\nexport const probe: FormatRow = { ...csv };\n`,
    },
    {
      file: 'src/data/formats/table.ts',
      before: 'export const formats:',
      text: "import { probe } from './probe.ts';\n",
    },
    { file: 'src/data/formats/table.ts', before: 'csv, tsv, jsonl', text: 'probeFormat: probe, ' },
  ],
};

const verb: Probe = {
  kind: 'verb',
  name: 'probeVerb',
  word: [
    {
      file: 'src/cli/verbs/table.ts',
      before: "check: () => import('./check.ts'),",
      text: "probe: () => import('./probeVerb.ts'),\n  ",
    },
  ],
  rest: [
    {
      file: 'src/cli/verbs/probeVerb.ts',
      text: `import type { Verb } from '../arguments.ts';
export const verb: Verb = { usage: 'probe', help: { en: 'A probe.', zh: '探针。' }, options: {}, words: [0, 0], run: () => Promise.resolve(0) };
`,
    },
  ],
};

const tab: Probe = {
  kind: 'tab',
  name: 'probeTab',
  word: [
    { file: 'webview/losses/strings.ts', before: "'losses' | 'weights'", text: "'probeTab' | " },
    { file: 'webview/losses/strings.ts', before: "losses: 'Losses', weights", text: "probeTab: 'Probe', " },
    { file: 'webview/losses/strings.ts', before: "losses: '损失', weights", text: "probeTab: '探针', " },
  ],
  rest: [
    {
      file: 'webview/losses/probe-view.ts',
      text: `import { NormsView } from './norms-view.ts';\nexport class ProbeView extends NormsView {}\n`,
    },
    { file: 'webview/losses/tabs.ts', before: 'const rows:', text: "import { ProbeView } from './probe-view.ts';\n" },
    {
      file: 'webview/losses/tabs.ts',
      before: 'losses: (frame) => new LossesView(frame),',
      text: 'probeTab: (frame) => new ProbeView(frame),\n  ',
    },
  ],
};

const executor: Probe = {
  kind: 'executor',
  name: 'probeExecutor',
  word: [
    {
      file: 'src/trainer/step/executors/table.ts',
      before: '/** In the order in which they are tried',
      text: "import { probe } from './probeExecutor/row.ts';\n",
    },
    { file: 'src/trainer/step/executors/table.ts', before: 'captured, eager];', text: 'probe, ' },
  ],
  rest: [
    {
      file: 'src/trainer/step/executors/probeExecutor/row.ts',
      text: `import type { ExecutorRow } from '../contract.ts';
import { eager } from '../eager/row.ts';
export const probe: ExecutorRow = { ...eager, name: 'probe' };
`,
    },
  ],
};

export const probes: readonly Probe[] = [layer, format, verb, tab, executor];
