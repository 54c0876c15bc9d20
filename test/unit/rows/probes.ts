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

const experimentExecutor: Probe = {
  kind: 'executor of experiments',
  name: 'probePlace',
  word: [
    {
      file: 'src/experiment/executors/contract.ts',
      before: 'readonly local: LocalSettings;',
      text: 'readonly probePlace: LocalSettings;\n  ',
    },
  ],
  rest: [
    {
      file: 'src/experiment/executors/probe-place.ts',
      text: `import type { Executor, LocalSettings } from './contract.ts';
import { localExecutor } from './local.ts';
export const probe = (settings: LocalSettings): Executor => localExecutor(settings);
`,
    },
    {
      file: 'src/experiment/executors/table.ts',
      before: 'export const executors:',
      text: "import { probe } from './probe-place.ts';\n",
    },
    { file: 'src/experiment/executors/table.ts', before: 'local: localExecutor,', text: 'probePlace: probe,\n  ' },
  ],
};

const strategy: Probe = {
  kind: 'strategy',
  name: 'probeStrategy',
  word: [
    {
      file: 'src/spec/schema/strategies/probe.ts',
      text: `import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';
export const probe = strategy('probeStrategy', lossKeys, {
  title: { en: 'Probe', zh: '探针' }, text: { en: 'A probe.', zh: '探针。' }, formula: 'L', reads: 'losses', weights: 'multiply', equalTasks: 'sum',
});
`,
    },
    {
      file: 'src/spec/schema/strategies.ts',
      before: '/** Every strategy but the wrapper',
      text: "import { probe } from './strategies/probe.ts';\n",
    },
    { file: 'src/spec/schema/strategies.ts', before: 'static: staticWeights,', text: 'probeStrategy: probe,\n  ' },
  ],
  rest: [
    {
      file: 'src/weighting/losses/probe.ts',
      text: `import { equalWeights } from '../parts/equal-weights.ts';
import type { StrategyRow } from '../contract.ts';
export const probe: StrategyRow<'probeStrategy'> = equalWeights(() => 1);
`,
    },
    {
      file: 'src/weighting/table.ts',
      before: 'const strategies:',
      text: "import { probe } from './losses/probe.ts';\n",
    },
    { file: 'src/weighting/table.ts', before: 'static: staticWeights,', text: 'probeStrategy: probe,\n  ' },
  ],
};

const input: Probe = {
  kind: 'input type',
  name: 'probeInput',
  word: [
    {
      file: 'src/spec/schema/inputs.ts',
      before: "number: entry(\n    'number',",
      text: `probeInput: entry('probeInput', {}, ${about}),\n  `,
    },
  ],
  rest: [
    {
      file: 'src/plan/inputs/probe.ts',
      text: `import type { InputRule } from './contract.ts';
export const probe: InputRule<'probeInput'> = { shape: () => [1] };
`,
    },
    {
      file: 'src/plan/inputs/table.ts',
      before: '/** In the order in which',
      text: "import { probe } from './probe.ts';\n",
    },
    { file: 'src/plan/inputs/table.ts', before: 'image, number, category,', text: 'probeInput: probe, ' },
    {
      file: 'src/samples/inputs/probe.ts',
      text: `import type { InputRow } from './contract.ts';
import { numberInput, type FittedNumber, type NumberSettings } from './number.ts';
type Probed<T> = Omit<T, 'type'> & { readonly type: 'probeInput' };
export const probe = numberInput as unknown as InputRow<'probeInput', Probed<NumberSettings>, Probed<FittedNumber>>;
`,
    },
    { file: 'src/samples/inputs/table.ts', before: 'const table = {', text: "import { probe } from './probe.ts';\n" },
    { file: 'src/samples/inputs/table.ts', before: 'number: numberInput,', text: 'probeInput: probe,\n  ' },
  ],
};

const task: Probe = {
  kind: 'task type',
  name: 'probeTask',
  word: [
    {
      file: 'src/spec/schema/tasks.ts',
      before: "classification: entry(\n    'classification',",
      text: `probeTask: entry('probeTask', { target: target('Column.', '列。'), loss: lossOf(losses.probeTask), metrics: metricsOf(metrics.probeTask, ['recallAtK']) }, ${about}),\n  `,
    },
    { file: 'src/spec/schema/losses.ts', before: 'similarity: { triplet,', text: 'probeTask: { triplet },\n  ' },
    { file: 'src/spec/schema/metrics.ts', before: 'similarity: { recallAtK }', text: 'probeTask: { recallAtK },\n  ' },
  ],
  rest: [
    {
      file: 'src/plan/heads/probe.ts',
      text: `import { listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';
export const probe: HeadRule<TaskOf<'probeTask'>> = { axes: 1, units: () => 1, target: listed };
`,
    },
    { file: 'src/plan/heads/table.ts', before: 'const table = {', text: "import { probe } from './probe.ts';\n" },
    { file: 'src/plan/heads/table.ts', before: 'classification,\n  multilabel,', text: 'probeTask: probe,\n  ' },
    {
      file: 'src/trainer/tasks/losses/table.ts',
      before: 'classification, regression, box }',
      text: "probeTask: { triplet: () => iou({ type: 'iou' }, { width: 4 }) }, ",
    },
    {
      file: 'src/samples/targets/probe.ts',
      text: `import type { TargetRow } from './contract.ts';
import { regressionTarget, type FittedRegression, type RegressionSettings } from './regression.ts';
type Probed<T> = Omit<T, 'type'> & { readonly type: 'probeTask' };
export type FittedProbe = Probed<FittedRegression>;
export const probe = regressionTarget as unknown as TargetRow<'probeTask', Probed<RegressionSettings>, FittedProbe>;
`,
    },
    { file: 'src/samples/targets/table.ts', before: 'const table = {', text: "import { probe } from './probe.ts';\n" },
    {
      file: 'src/samples/targets/table.ts',
      before: 'classification: classificationTarget,',
      text: 'probeTask: probe,\n  ',
    },
    {
      file: 'src/trainer/tasks/probe.ts',
      text: `import type { FittedProbe } from '../../samples/targets/probe.ts';
import { regression } from './regression.ts';
import type { TaskTypeRow } from './row.ts';
export const probe = regression as unknown as TaskTypeRow<FittedProbe>;
`,
    },
    { file: 'src/trainer/tasks/table.ts', before: 'const table = {', text: "import { probe } from './probe.ts';\n" },
    { file: 'src/trainer/tasks/table.ts', before: 'classification, regression, box }', text: 'probeTask: probe, ' },
  ],
};

const loss: Probe = {
  kind: 'loss',
  name: 'probeLoss',
  word: [
    {
      file: 'src/spec/schema/losses.ts',
      before: "mse, mae, huber, 'log-cosh'",
      text: `probeLoss: loss('probeLoss', {}, ${about}), `,
    },
  ],
  rest: [
    {
      file: 'src/trainer/tasks/losses/probe.ts',
      text: `import type { LossRow } from './contract.ts';
import { logCosh } from './residual.ts';
export const probe: LossRow<'regression', 'probeLoss'> = (_parameters, context) => logCosh({ type: 'log-cosh' }, context);
`,
    },
    {
      file: 'src/trainer/tasks/losses/table.ts',
      before: 'type LossTable<',
      text: "import { probe } from './probe.ts';\n",
    },
    { file: 'src/trainer/tasks/losses/table.ts', before: "mse, mae, huber, 'log-cosh'", text: 'probeLoss: probe, ' },
  ],
};

const metric: Probe = {
  kind: 'metric of numbers',
  name: 'probeMetric',
  word: [
    {
      file: 'src/spec/schema/metrics.ts',
      before: 'mae, rmse, mse, r2, pinball }',
      text: `probeMetric: metric('probeMetric', {}, ${about}), `,
    },
  ],
  rest: [
    {
      file: 'src/trainer/tasks/metrics/regression.ts',
      before: 'mae: average(',
      text: 'probeMetric: () => null,\n  ',
    },
  ],
};

const optimizer: Probe = {
  kind: 'optimizer',
  name: 'probeOptimizer',
  word: [
    {
      file: 'src/spec/schema/optimizers.ts',
      before: "adam: optimizer(\n    'adam',",
      text: `probeOptimizer: optimizer('probeOptimizer', {}, ${about}, { memory: () => ({ slots: 0, scratch: 2 }) }),\n  `,
    },
  ],
  rest: [
    {
      file: 'src/trainer/optimizers/probe.ts',
      text: `import type { OptimizerRow } from './contract.ts';
import { sgd } from './sgd.ts';
export const probe: OptimizerRow<'probeOptimizer'> = (_constants, conventions) => sgd({ name: 'sgd' }, conventions);
`,
    },
    {
      file: 'src/trainer/optimizers/table.ts',
      before: 'const optimizers:',
      text: "import { probe } from './probe.ts';\n",
    },
    { file: 'src/trainer/optimizers/table.ts', before: 'adam,\n  sgd,', text: 'probeOptimizer: probe,\n  ' },
  ],
};

export const probes: readonly Probe[] = [
  ...[strategy, task, input, layer, format, verb, tab, executor],
  ...[loss, metric, optimizer, experimentExecutor],
];
