/**
 * What Keras, PyTorch, scikit-learn and LibMTL call the things of this language. A name is here only where a value written
 * for it means the same under ours (PyTorch's `weight_decay` is not: it is twice our `l2`).
 */

import { extraOf } from '../schema/build.ts';
import { strategies } from '../schema/strategies.ts';
import { nearestName } from './nearest.ts';

/** Our word → foreign ones, folded: lower case, without spaces, `-` and `_`. */
const words: Readonly<Record<string, string>> = {
  // Sections and keys.
  network: 'model architecture',
  data: 'dataset datasets',
  tasks: 'heads outputs',
  weights: 'lossweights taskweights',
  inputs: 'features x',
  source: 'file filename csvfile datapath',
  target: 'label labels y targets output',
  from: 'columns column',
  learningRate: 'lr stepsize eta',
  epochs: 'numepochs nepochs maxepochs nbepoch',
  batchSize: 'bs minibatch minibatchsize',
  schedule: 'scheduler lrscheduler lrschedule',
  earlyStopping: 'callbacks',
  clipNorm: 'gradclip gradientclipping maxgradnorm clipgradnorm gradientclipval',
  accumulate: 'gradientaccumulation accumulategradbatches gradaccumulation gradientaccumulationsteps',
  seed: 'randomseed randomstate manualseed',
  loss: 'criterion lossfunction lossfn objective',
  classes: 'numclasses nclasses',
  classWeights: 'classweight weight',
  labelSmoothing: 'smoothing',
  sampleWeight: 'sampleweights',
  validation: 'val valid dev validationsplit valsplit',
  monitor: 'metric',
  units: 'outfeatures hiddensize hiddenunits neurons hiddendim nunits',
  filters: 'outchannels channels',
  dilationRate: 'dilation',
  rate: 'p dropoutrate drop',
  epsilon: 'eps',
  outputDim: 'embeddingdim embeddingsize dim',
  inputDim: 'numembeddings vocabsize',
  experts: 'numexperts nexperts',
  useBias: 'bias',
  strides: 'stride',
  // Layers.
  dense: 'linear fc fullyconnected lazylinear mlp',
  batchNormalization: 'batchnorm batchnorm1d batchnorm2d bn',
  layerNormalization: 'layernorm ln',
  maxPooling1d: 'maxpool1d',
  maxPooling2d: 'maxpool2d maxpool',
  averagePooling1d: 'avgpool1d averagepool1d',
  averagePooling2d: 'avgpool2d avgpool averagepool2d',
  globalAveragePooling1d: 'globalavgpool1d adaptiveavgpool1d globalaveragepool1d',
  globalAveragePooling2d: 'globalavgpool2d adaptiveavgpool2d globalaveragepool2d gap',
  globalMaxPooling1d: 'globalmaxpool1d adaptivemaxpool1d',
  globalMaxPooling2d: 'globalmaxpool2d adaptivemaxpool2d',
  conv2dTranspose: 'convtranspose2d deconv2d transposedconv2d',
  upSampling2d: 'upsample upsamplingnearest2d',
  activation: 'relu sigmoid tanh softmax gelu elu selu leakyrelu',
  simpleRNN: 'rnn',
  // Losses.
  'cross-entropy':
    'crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy nllloss ce softmaxcrossentropy bceloss bcewithlogitsloss binarycrossentropy logloss',
  'binary-cross-entropy': 'bceloss bcewithlogitsloss binarycrossentropy bce multilabelsoftmarginloss',
  'weighted-cross-entropy': 'weightedce',
  mse: 'mseloss meansquarederror l2loss',
  mae: 'l1loss meanabsoluteerror l1',
  huber: 'huberloss smoothl1loss',
  'smooth-l1': 'smoothl1loss huberloss',
  'log-cosh': 'logcoshloss',
  quantile: 'pinball pinballloss quantileloss',
  poisson: 'poissonnllloss poissonloss',
  focal: 'focalloss sigmoidfocalloss categoricalfocalcrossentropy binaryfocalcrossentropy',
  giou: 'giouloss generalizedboxiouloss generalizediou',
  diou: 'diouloss distanceboxiouloss',
  ciou: 'ciouloss completeboxiouloss completeiou',
  iou: 'iouloss jaccard',
  // Metrics.
  accuracy: 'acc categoricalaccuracy sparsecategoricalaccuracy binaryaccuracy',
  macroF1: 'f1score f1macro f1',
  microF1: 'f1micro',
  rocAuc: 'auc auroc rocaucscore',
  rmse: 'rootmeansquarederror',
  r2: 'r2score rsquared',
  topK: 'topkaccuracy topkcategoricalaccuracy top5',
  meanIoU: 'miou iou',
  logLoss: 'crossentropy nll',
  // Optimizers and schedules.
  sgd: 'stochasticgradientdescent',
  cosine: 'cosineannealinglr cosinedecay cosineannealing',
  step: 'steplr multisteplr',
  exponential: 'exponentiallr exponentialdecay',
  plateau: 'reducelronplateau',
  'one-cycle': 'onecyclelr',
  polynomial: 'polynomiallr polynomialdecay',
  'warmup-cosine': 'cosinewithwarmup warmup',
  // Types of inputs and tasks.
  number: 'numeric numerical continuous float float32 integer',
  category: 'categorical nominal enum',
  classification: 'classifier multiclass binary categorical binaryclassification multiclassclassification',
  regression: 'regressor continuous',
  multilabel: 'multilabelclassification',
  box: 'bbox boundingbox boxregression',
  detection: 'objectdetection',
  segmentation: 'semanticsegmentation',
  standard: 'standardscaler zscore standardize standardscore',
  minmax: 'minmaxscaler',
  robust: 'robustscaler',
  // Weighting strategies say it in their words.
  ...Object.fromEntries(
    Object.entries(strategies).map(([name, word]) => [name, (extraOf(word).strategy?.alsoCalled ?? []).join(' ')]),
  ),
};

const prefixes =
  /^(?:torch\.|tf\.|keras\.|nn\.|functional\.|f\.|optim\.|layers\.|losses\.|metrics\.|optimizers\.|lr_scheduler\.)+/i;

const fold = (name: string): string =>
  name
    .replace(prefixes, '')
    .toLowerCase()
    .replace(/[\s_-]/g, '');

const meanings: ReadonlyMap<string, readonly string[]> = (() => {
  const found = new Map<string, string[]>();
  for (const [word, names] of Object.entries(words)) {
    for (const name of names.split(' ').filter(Boolean)) found.set(name, [...(found.get(name) ?? []), word]);
  }
  return found;
})();

/** The nearest of several words of this language, which another library may call quite differently. */
export function nearestWord(name: string, candidates: readonly string[]): string | undefined {
  return foreignName(name, candidates) ?? nearestName(name, candidates);
}

/** The one of `candidates` that another library's name means; ours itself behind a module's name such as `nn.` counts too. */
function foreignName(name: string, candidates: readonly string[]): string | undefined {
  const folded = fold(name);
  const wanted = meanings.get(folded) ?? [];
  return (
    wanted.find((word) => candidates.includes(word)) ??
    (prefixes.test(name) ? candidates.find((candidate) => fold(candidate) === folded) : undefined)
  );
}
