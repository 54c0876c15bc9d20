/** The table of metrics; a task type lists those it may have. */
import type { Static, TObject, TProperties } from 'typebox';
import { text } from '../../common/text.ts';
import { integer, list, tagged, typeEntry, within } from './build.ts';
import type { About, Members } from './build.ts';
import type { MetricTraits } from './row-traits.ts';

const metric = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
  traits: MetricTraits<Static<TObject<Fields>>> = {},
) => typeEntry(name, fields, { higherIsBetter: true, ...about, metric: traits, feature: `metric/${name}` });

/** A metric without parameters. */
const row = <const Name extends string>(
  name: Name,
  en: string,
  zh: string,
  { source, called = name, formula, higherIsBetter = true, ...traits }: Row,
) =>
  metric(
    name,
    {},
    {
      title: { en: name, zh: called },
      text: { en, zh },
      source,
      higherIsBetter,
      ...(formula === undefined ? {} : { formula }),
    },
    traits,
  );

interface Row extends MetricTraits<object> {
  readonly source: string;
  /** Its name in Chinese, where that is another one than in a spec. */
  readonly called?: string;
  readonly formula?: string;
  readonly higherIsBetter?: boolean;
}

const accuracy = row('accuracy', 'Share of right classes.', '预测正确的比例（准确率）。', {
  called: '准确率',
  source: 'sklearn accuracy_score',
  bounded: true,
});
const topK = metric(
  'topK',
  { k: integer('How many guesses.', '允许的猜测数。', { minimum: 1, fallback: 5 }) },
  {
    title: { en: 'topK', zh: '前 k 准确率' },
    text: { en: 'Share of samples whose class is among the k most probable.', zh: '正确类别位于概率前 k 的比例。' },
    source: 'sklearn top_k_accuracy_score',
  },
  { bounded: true, guesses: ({ k }) => k },
);
const macroF1 = row('macroF1', 'Mean F1 of the classes.', '各类 F1 的平均（宏平均 F1）。', {
  called: '宏平均 F1',
  source: 'sklearn f1_score(average="macro", zero_division=0)',
  bounded: true,
});
const microF1 = row('microF1', 'F1 of all decisions together.', '所有判断合计的 F1。', {
  called: '微平均 F1',
  source: 'sklearn f1_score(average="micro")',
  bounded: true,
});
const rocAuc = row(
  'rocAuc',
  'Area under the ROC curve, one class against the rest, mean over classes present.',
  'ROC 曲线下面积；一对多，对出现的类别取平均。',
  {
    called: 'ROC 曲线下面积',
    source: 'sklearn roc_auc_score(multi_class="ovr", average="macro")',
    bounded: true,
    chance: 0.5,
  },
);
const logLoss = row('logLoss', 'Mean negative log-probability of the right class.', '正确类别的平均负对数概率。', {
  called: '对数损失',
  source: 'sklearn log_loss',
  higherIsBetter: false,
});
const f1 = row('f1', 'Mean F1 of the labels.', '各标签 F1 的平均。', {
  called: 'F1',
  source: 'sklearn f1_score(average="macro")',
  bounded: true,
});
const meanAveragePrecision = row(
  'meanAveragePrecision',
  'Mean over labels with a positive of the area under precision and recall.',
  '对有正例的标签取平均精度的均值。',
  { called: '平均精度均值', source: 'sklearn average_precision_score', bounded: true },
);
const hamming = row('hamming', 'Share of wrong labels.', '判断错误的标签比例。', {
  called: '汉明损失',
  source: 'sklearn hamming_loss',
  higherIsBetter: false,
});
const mae = row('mae', 'Mean absolute error in the unit of the target.', '平均绝对误差，以目标的原单位计。', {
  called: '平均绝对误差',
  source: 'sklearn mean_absolute_error',
  formula: 'mean |ŷ − y|',
  higherIsBetter: false,
});
const rmse = row(
  'rmse',
  'Root mean squared error in the unit of the target; per column, then mean.',
  '均方根误差，以目标的原单位计；逐列后平均。',
  { called: '均方根误差', source: 'sklearn root_mean_squared_error', formula: '√mean (ŷ − y)²', higherIsBetter: false },
);
const mse = row('mse', 'Mean squared error in the squared unit of the target.', '均方误差。', {
  called: '均方误差',
  source: 'sklearn mean_squared_error',
  formula: 'mean (ŷ − y)²',
  higherIsBetter: false,
});
const r2 = row(
  'r2',
  'Share of variance explained; per column, then mean. Not defined for a constant target.',
  '被解释的方差比例；逐列后平均。目标为常数时无定义。',
  { called: 'R²', source: 'sklearn r2_score', formula: '1 − Σ(ŷ − y)² / Σ(y − ȳ)²', chance: 0 },
);
const pinball = row(
  'pinball',
  'Mean pinball loss over the quantiles, in the unit of the target.',
  '各分位数的平均分位数损失，以目标的原单位计。',
  {
    called: '分位数损失',
    source: 'sklearn mean_pinball_loss',
    formula: 'mean max(q e, (q − 1) e)',
    higherIsBetter: false,
    ofLoss: { name: 'quantile', because: text('measures quantiles', '衡量分位数') },
  },
);
const quadraticKappa = row(
  'quadraticKappa',
  'Agreement beyond chance, far errors count more.',
  '超出偶然的一致性，误差越远罚得越重。',
  { called: '二次加权 Kappa', source: 'sklearn cohen_kappa_score(weights="quadratic")', chance: 0 },
);
const meanIoU = row('meanIoU', 'Mean overlap of predicted and true box.', '预测框与真实框的平均交并比。', {
  called: '平均交并比',
  source: 'torchvision box_iou',
  formula: 'mean |A ∩ B| / |A ∪ B|',
  bounded: true,
});
const iou50 = row('iou50', 'Share of boxes with an overlap of at least 0.5.', '交并比至少 0.5 的比例。', {
  called: '交并比达标率',
  source: 'torchvision box_iou',
  bounded: true,
});
const ap = row('ap', 'Average precision over overlaps 0.50…0.95.', '交并比 0.50…0.95 的平均精度。', {
  called: '平均精度',
  source: 'pycocotools',
  bounded: true,
});
const ap50 = row('ap50', 'Average precision at overlap 0.5.', '交并比 0.5 的平均精度。', {
  called: '平均精度（交并比 0.5）',
  source: 'pycocotools',
  bounded: true,
});
const mIoU = row(
  'mIoU',
  'Mean over classes of the overlap of masks, from one confusion matrix.',
  '各类掩码交并比的平均，由总混淆矩阵计算。',
  { called: '平均交并比', source: 'sklearn jaccard_score', bounded: true },
);
const pixelAccuracy = row('pixelAccuracy', 'Share of right pixels.', '预测正确的像素比例。', {
  called: '像素准确率',
  source: 'sklearn accuracy_score',
  bounded: true,
});
const dice = row('dice', 'Mean over classes of 2|A ∩ B| / (|A| + |B|).', '各类 2|A ∩ B| / (|A| + |B|) 的平均。', {
  called: 'Dice 系数',
  source: 'MONAI DiceMetric',
  bounded: true,
});
const chrF = row('chrF', 'F-score of character n-grams.', '字符 n 元组的 F 分数。', { source: 'sacrebleu chrF2' });
const exactMatch = row(
  'exactMatch',
  'Share of texts that are right as a whole (NFC).',
  '整段文本完全正确的比例 (NFC)。',
  { called: '完全匹配率', source: 'definition', bounded: true },
);
const tokenAccuracy = row(
  'tokenAccuracy',
  'Share of right tokens; padding does not count.',
  '预测正确的词元比例；填充不计。',
  {
    called: '词元准确率',
    source: 'definition',
    bounded: true,
  },
);
const bleu = row('bleu', 'Overlap of word n-grams.', '词 n 元组的重合度。', {
  called: 'BLEU',
  source: 'sacrebleu BLEU',
});
const spanF1 = row('spanF1', 'F1 of whole spans.', '完整片段的 F1。', {
  called: '片段 F1',
  source: 'seqeval (strict)',
  bounded: true,
});
const cIndex = row('cIndex', 'Share of comparable pairs in the right order.', '可比较对中次序正确的比例。', {
  called: '一致性指数',
  source: 'sksurv concordance_index_censored',
  bounded: true,
  chance: 0.5,
});
const brier = row('brier', 'Integrated squared error of the survival curves.', '生存曲线的积分平方误差。', {
  called: 'Brier 分数',
  source: 'sksurv integrated_brier_score',
  higherIsBetter: false,
});
const recallAtK = metric(
  'recallAtK',
  { k: integer('How many neighbors.', '近邻数。', { minimum: 1, fallback: 1 }) },
  {
    title: { en: 'recallAtK', zh: '前 k 召回率' },
    text: {
      en: 'Share of queries with a right one among the k nearest, the query left out.',
      zh: 'k 个最近邻中含同类的查询比例（不含自身）。',
    },
    source: 'definition',
  },
  { bounded: true },
);

/** Task type → its metrics. */
export const metrics = {
  classification: within('class', { accuracy, macroF1, microF1, rocAuc, logLoss, topK }),
  multilabel: { f1, meanAveragePrecision, hamming },
  regression: within('real', { mae, rmse, mse, r2, pinball }),
  ordinal: { mae, quadraticKappa, accuracy },
  box: within('box', { meanIoU, iou50, mse }),
  detection: { ap, ap50 },
  segmentation: { mIoU, pixelAccuracy, dice },
  translation: { chrF, exactMatch, tokenAccuracy, bleu },
  tagging: { tokenAccuracy, spanF1 },
  survival: { cIndex, brier },
  similarity: { recallAtK },
};

/** A list of metrics of a table; by default those named in `defaults`. */
export const metricsOf = <Table extends Members>(table: Table, defaults: readonly (keyof Table & string)[]) =>
  list(
    tagged('type', table, 'A metric: a key or `{type, …}`.', '指标：键名或 `{type, …}`。'),
    'What is measured on validation and test rows, in original units; the first is the primary one.',
    '在验证与测试行上计算的指标，以原单位计；第一个为主要指标。',
    {
      single: true,
      minItems: 1,
      fallback: defaults,
    },
  );
