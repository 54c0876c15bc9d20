/**
 * What the language knows and this version does not execute yet: the error `not-available`. Lists that shrink to
 * nothing; taking a name out makes the thing available everywhere (problems, completion, documentation), and the compiler
 * then names the tables that lack its row.
 */
const missing = {
  layer: [
    'conv1d',
    'separableConv2d',
    'depthwiseConv2d',
    'conv2dTranspose',
    'upSampling2d',
    'maxPooling1d',
    'averagePooling1d',
    'globalAveragePooling1d',
    'globalMaxPooling1d',
    'spatialDropout1d',
    'layerNormalization',
    'reshape',
    'lstm',
    'gru',
    'simpleRNN',
    'bidirectional',
    'multiHeadAttention',
    'positionalEncoding',
    'residual',
  ],
  task: ['multilabel', 'ordinal', 'detection', 'segmentation', 'translation', 'tagging', 'survival', 'similarity'],
  input: ['text', 'audio', 'sequence'],
  sampling: ['proportional', 'temperature', 'round-robin'],
  key: [
    ...(['sources', 'split.folds', 'split.group', 'split.time'] as const),
    ...(['denoise', 'augment', 'weightsFrom'] as const),
  ],
  format: ['parquet', 'idx'],
  report: ['mean'],
} as const;

/** Names of a kind that this version does not execute. */
export type NotAvailable<Kind extends keyof typeof missing> = (typeof missing)[Kind][number];

/** As `kind/name`: `layer/conv1d`. */
export const notAvailable: ReadonlySet<string> = new Set(
  Object.entries(missing).flatMap(([kind, names]) => names.map((name) => `${kind}/${name}`)),
);
