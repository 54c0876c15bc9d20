/** Metrics of classes, as sklearn computes them; all but rocAuc from one confusion matrix and two sums. */
import type { Json } from '../../../common/checks.ts';
import { listNames } from '../../../data/table.ts';
import { Confusion } from './confusion.ts';
import { areasUnderRoc } from './roc.ts';
import { fieldsOf, FloatList, numberFrom } from './state.ts';
import type { MetricName } from '../../../spec/resolved.ts';
import type { MetricResult, MetricSums, MetricTable, MetricWarning, Warn } from './contract.ts';
import { unlabeled, undefinedBecause } from './warnings.ts';

/** What is known of a prediction: every class's probability, or the most probable class alone. */
export type ClassAnswers = 'probabilities' | 'classes';

/** What is summed up over the samples. */
interface ClassTotals {
  readonly classes: readonly string[];
  readonly confusion: Confusion;
  readonly logLoss: number;
  /** Samples whose class is among the k most probable. */
  readonly topHits: number;
  /** Area under the ROC curve of each class against the rest; null where one of the signs is missing. */
  areas(): readonly (number | null)[];
}

interface Row {
  readonly answers: ClassAnswers;
  /** All probabilities have to be kept. */
  readonly keepsScores?: true;
  readonly value: (totals: ClassTotals, warn: Warn) => number | null;
}

const shareRight = ({ confusion: { hits, total } }: ClassTotals): number => hits / total;

const table: MetricTable<'classification', Row> = {
  accuracy: { answers: 'classes', value: shareRight },
  macroF1: { answers: 'classes', value: macroF1 },
  // Equals accuracy where every sample has exactly one class.
  microF1: { answers: 'classes', value: shareRight },
  rocAuc: { answers: 'probabilities', keepsScores: true, value: rocAuc },
  logLoss: { answers: 'probabilities', value: ({ logLoss, confusion: { total } }) => logLoss / total },
  topK: { answers: 'probabilities', value: ({ topHits, confusion: { total } }) => topHits / total },
};

/** Mean of 2·TP / (2·TP + FP + FN) over the classes that occur, as truth or as prediction. */
function macroF1({ classes, confusion }: ClassTotals, warn: Warn): number | null {
  const scores: number[] = [];
  const absent: string[] = [];
  classes.forEach((name, k) => {
    const { truths, guesses, hits } = confusion.of(k);
    if (truths === 0) absent.push(name);
    if (truths + guesses > 0) scores.push((2 * hits) / (truths + guesses));
  });
  if (absent.length > 0) warn(absentClasses('macroF1', absent));
  return mean(scores);
}

/** One class against the rest, mean over the classes with both signs. */
function rocAuc(totals: ClassTotals, warn: Warn): number | null {
  const found = totals.areas();
  const areas = found.filter((area) => area !== null);
  const absent = totals.classes.filter((_, k) => found[k] === null);
  if (areas.length === 0) warn(undefinedBecause('rocAuc', 'all samples are of one class', '所有样本同属一类'));
  else if (absent.length > 0) warn(absentClasses('rocAuc', absent));
  return mean(areas);
}

/** The least that these metrics need. */
export function answersOf(metrics: readonly MetricName<'classification'>[]): ClassAnswers {
  return metrics.every((metric) => table[metric].answers === 'classes') ? 'classes' : 'probabilities';
}

export interface ClassificationOptions {
  readonly metrics: readonly MetricName<'classification'>[];
  /** What `update` is given: probabilities [n, K] where nothing is said, or classes [n]. */
  readonly answers?: ClassAnswers;
  readonly classes: readonly string[];
  /** Guesses that count for topK, where that is measured. */
  readonly k?: number | undefined;
}

/** Probabilities are float32: sklearn's log_loss clips at the ε of that type. */
const smallest = 2 ** -23;

export class ClassificationSums implements MetricSums {
  readonly #options: ClassificationOptions;
  readonly #size: number;
  readonly #confusion: Confusion;
  #logLoss = 0;
  #topHits = 0;
  readonly #labels = new FloatList();
  readonly #scores = new FloatList();

  constructor(options: ClassificationOptions) {
    this.#options = options;
    this.#size = options.classes.length;
    this.#confusion = new Confusion(this.#size);
  }

  update(answers: ArrayLike<number>, target: ArrayLike<number>, labeled: ArrayLike<number>): void {
    if (this.#options.answers === 'classes') this.#addClasses(answers, target, labeled);
    else this.#addProbabilities(answers, target, labeled);
  }

  #addClasses(classes: ArrayLike<number>, target: ArrayLike<number>, labeled: ArrayLike<number>): void {
    for (let row = 0; row < labeled.length; row++) {
      if ((labeled[row] ?? 0) > 0) this.#confusion.add(target[row] ?? NaN, classes[row] ?? NaN);
    }
  }

  #addProbabilities(predicted: ArrayLike<number>, target: ArrayLike<number>, labeled: ArrayLike<number>): void {
    const { metrics, k: guesses = 0 } = this.#options;
    const keepsScores = metrics.some((metric) => table[metric].keepsScores);
    for (let row = 0; row < labeled.length; row++) {
      if (!((labeled[row] ?? 0) > 0)) continue;
      const start = row * this.#size;
      const label = target[row] ?? 0;
      const own = predicted[start + label] ?? 0;
      let best = 0;
      let above = 0;
      for (let k = 0; k < this.#size; k++) {
        const p = predicted[start + k] ?? 0;
        if (p > (predicted[start + best] ?? 0)) best = k;
        // Of equal probabilities the class that comes later counts as more probable, as in sklearn's top_k_accuracy_score.
        if (p > own || (p === own && k > label)) above++;
      }
      if (keepsScores) {
        this.#labels.push(label);
        this.#scores.append(predicted, start, this.#size);
      }
      this.#confusion.add(label, best);
      if (above < guesses) this.#topHits++;
      this.#logLoss -= Math.log(Math.min(Math.max(own, smallest), 1));
    }
  }

  result(): MetricResult {
    const warnings: MetricWarning[] = [];
    const { total } = this.#confusion;
    const totals: ClassTotals = {
      ...{ classes: this.#options.classes, confusion: this.#confusion },
      ...{ logLoss: this.#logLoss, topHits: this.#topHits },
      areas: () => areasUnderRoc(this.#scores.values(), this.#labels.values(), this.#size),
    };
    const values = new Map<string, number | null>();
    for (const metric of this.#options.metrics) {
      const value = total === 0 ? null : table[metric].value(totals, (warning) => warnings.push(warning));
      if (total === 0) warnings.push(unlabeled(metric));
      values.set(metric, value);
    }
    const confusion = this.#confusion;
    // Made when somebody asks: a matrix has the square of the classes.
    const details = {
      get confusion(): Json {
        return confusion.matrix();
      },
    };
    return { values, warnings, details };
  }

  state(): Json {
    return {
      confusion: this.#confusion.state(),
      logLoss: this.#logLoss,
      topHits: this.#topHits,
      labels: this.#labels.state(),
      scores: this.#scores.state(),
    };
  }

  restore(state: Json): void {
    const fields = fieldsOf(state);
    this.#confusion.restore(fields['confusion']);
    this.#logLoss = numberFrom(fields['logLoss']);
    this.#topHits = numberFrom(fields['topHits']);
    this.#labels.restore(fields['labels']);
    this.#scores.restore(fields['scores']);
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function absentClasses(metric: string, names: readonly string[]): MetricWarning {
  return {
    code: 'classes-absent',
    metric,
    message: {
      en: `${metric}: no sample of ${listNames(names)} in this split.`,
      zh: `${metric}：该划分中没有 ${listNames(names, 'zh')} 的样本。`,
    },
  };
}
