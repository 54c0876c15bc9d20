/**
 * What the language knows and this version does not execute yet: the error `not-available`. A list that shrinks to
 * nothing; taking a line out makes the thing available everywhere (problems, completion, documentation).
 */
const layers = [
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
];

const tasks = [
  'multilabel',
  'ordinal',
  'detection',
  'segmentation',
  'translation',
  'tagging',
  'survival',
  'similarity',
];

const keys = [
  ...['sources', 'split.folds', 'split.group', 'split.time'],
  ...['denoise', 'augment', 'weightsFrom', 'experiment'],
];

const formats = ['parquet', 'idx'];

export const notAvailable: ReadonlySet<string> = new Set([
  ...layers.map((name) => `layer/${name}`),
  ...tasks.map((name) => `task/${name}`),
  ...['text', 'audio', 'sequence'].map((name) => `input/${name}`),
  ...['proportional', 'temperature', 'round-robin'].map((name) => `sampling/${name}`),
  ...keys.map((name) => `key/${name}`),
  ...formats.map((name) => `format/${name}`),
  'report/mean',
]);
