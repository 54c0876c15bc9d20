/** Metrics of classes, as sklearn computes them; all but rocAuc from one confusion matrix and two sums. */
import type { Json } from '../../../common/checks.ts';
import { listNames } from '../../../data/table.ts';
import { Confusion } from './confusion.ts';
import { areasUnderRoc } from './roc.ts';
import { fieldsOf, FloatList, numberFrom } from './state.ts';
import type { MetricResult, MetricSums, MetricWarning } from './types.ts';
import { unlabelled, undefinedBecause } from './warnings.ts';

/** What is known of a prediction: every class's probability, or the most probable class alone. */
export type ClassAnswers = 'probabilities' | 'classes';

/** Metrics that need no more than the most probable class. */
const ofClasses: ReadonlySet<string> = new Set(['accuracy', 'macroF1', 'microF1']);

/** The least that these metrics need. */
export function answersOf(metrics: readonly string[]): ClassAnswers {
  return metrics.every((metric) => ofClasses.has(metric)) ? 'classes' : 'probabilities';
}

export interface ClassificationOptions {
  readonly metrics: readonly string[];
  /** What `update` is given: probabilities [n, K] where nothing is said, or classes [n]. */
  readonly answers?: ClassAnswers;
  readonly classes: readonly string[];
  /** Guesses that count for topK. */
  readonly k: number;
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

  update(answers: ArrayLike<number>, target: ArrayLike<number>, labelled: ArrayLike<number>): void {
    if (this.#options.answers === 'classes') this.#addClasses(answers, target, labelled);
    else this.#addProbabilities(answers, target, labelled);
  }

  #addClasses(classes: ArrayLike<number>, target: ArrayLike<number>, labelled: ArrayLike<number>): void {
    for (let row = 0; row < labelled.length; row++) {
      if ((labelled[row] ?? 0) > 0) this.#confusion.add(target[row] ?? NaN, classes[row] ?? NaN);
    }
  }

  #addProbabilities(predicted: ArrayLike<number>, target: ArrayLike<number>, labelled: ArrayLike<number>): void {
    const keepsScores = this.#options.metrics.includes('rocAuc');
    for (let row = 0; row < labelled.length; row++) {
      if (!((labelled[row] ?? 0) > 0)) continue;
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
      if (above < this.#options.k) this.#topHits++;
      this.#logLoss -= Math.log(Math.min(Math.max(own, smallest), 1));
    }
  }

  result(): MetricResult {
    const warnings: MetricWarning[] = [];
    const { total } = this.#confusion;
    const values = new Map<string, number | null>();
    for (const metric of this.#options.metrics) {
      const value = total === 0 ? null : this.#value(metric, warnings);
      if (total === 0) warnings.push(unlabelled(metric));
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

  #value(metric: string, warnings: MetricWarning[]): number | null {
    const { total, hits } = this.#confusion;
    switch (metric) {
      case 'topK':
        return this.#topHits / total;
      case 'logLoss':
        return this.#logLoss / total;
      case 'macroF1':
        return this.#macroF1(warnings);
      case 'rocAuc':
        return this.#rocAuc(warnings);
      default:
        // accuracy, and microF1, which equals it where every sample has exactly one class.
        return hits / total;
    }
  }

  /** Mean of 2·TP / (2·TP + FP + FN) over the classes that occur, as truth or as prediction. */
  #macroF1(warnings: MetricWarning[]): number | null {
    const scores: number[] = [];
    const absent: string[] = [];
    this.#options.classes.forEach((name, k) => {
      const { truths, guesses, hits } = this.#confusion.of(k);
      if (truths === 0) absent.push(name);
      if (truths + guesses > 0) scores.push((2 * hits) / (truths + guesses));
    });
    if (absent.length > 0) warnings.push(absentClasses('macroF1', absent));
    return mean(scores);
  }

  /** One class against the rest, mean over the classes with both signs. */
  #rocAuc(warnings: MetricWarning[]): number | null {
    const found = areasUnderRoc(this.#scores.values(), this.#labels.values(), this.#size);
    const areas = found.filter((area) => area !== null);
    const absent = this.#options.classes.filter((_, k) => found[k] === null);
    if (areas.length === 0)
      warnings.push(undefinedBecause('rocAuc', 'all samples are of one class', '所有样本同属一类'));
    else if (absent.length > 0) warnings.push(absentClasses('rocAuc', absent));
    return mean(areas);
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
