/** Metrics of classes, as sklearn computes them; all but rocAuc from one confusion matrix and two sums. */
import { fieldsOf, fillFrom, FloatList, numberFrom } from './state.ts';
import type { Json, MetricResult, MetricSums, MetricWarning } from './types.ts';
import { unlabelled, undefinedBecause } from './warnings.ts';

export interface ClassificationOptions {
  readonly metrics: readonly string[];
  readonly classes: readonly string[];
  /** Guesses that count for topK. */
  readonly k: number;
}

/** Probabilities are float32: sklearn's log_loss clips at the ε of that type. */
const smallest = 2 ** -23;

export class ClassificationSums implements MetricSums {
  readonly #options: ClassificationOptions;
  readonly #size: number;
  /** Rows true, columns predicted. */
  readonly #confusion: Float64Array;
  #logLoss = 0;
  #topHits = 0;
  readonly #labels = new FloatList();
  readonly #scores = new FloatList();

  constructor(options: ClassificationOptions) {
    this.#options = options;
    this.#size = options.classes.length;
    this.#confusion = new Float64Array(this.#size * this.#size);
  }

  update(predicted: ArrayLike<number>, target: ArrayLike<number>, labelled: ArrayLike<number>): void {
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
        if (keepsScores) this.#scores.push(p);
      }
      if (keepsScores) this.#labels.push(label);
      this.#confusion[label * this.#size + best] = (this.#confusion[label * this.#size + best] ?? 0) + 1;
      if (above < this.#options.k) this.#topHits++;
      this.#logLoss -= Math.log(Math.min(Math.max(own, smallest), 1));
    }
  }

  result(): MetricResult {
    const warnings: MetricWarning[] = [];
    const total = this.#confusion.reduce((sum, count) => sum + count, 0);
    const hits = this.#classes().reduce((sum, k) => sum + this.#count(k, k), 0);
    const values = new Map<string, number | null>();
    for (const metric of this.#options.metrics) {
      const value = total === 0 ? null : this.#value(metric, total, hits, warnings);
      if (total === 0) warnings.push(unlabelled(metric));
      values.set(metric, value);
    }
    const confusion = this.#classes().map((row) => this.#classes().map((column) => this.#count(row, column)));
    return { values, warnings, details: { confusion } };
  }

  state(): Json {
    return {
      confusion: [...this.#confusion],
      logLoss: this.#logLoss,
      topHits: this.#topHits,
      labels: this.#labels.state(),
      scores: this.#scores.state(),
    };
  }

  restore(state: Json): void {
    const fields = fieldsOf(state);
    fillFrom(this.#confusion, fields['confusion'], 'confusion');
    this.#logLoss = numberFrom(fields['logLoss']);
    this.#topHits = numberFrom(fields['topHits']);
    this.#labels.restore(fields['labels']);
    this.#scores.restore(fields['scores']);
  }

  #value(metric: string, total: number, hits: number, warnings: MetricWarning[]): number | null {
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
    for (const k of this.#classes()) {
      const truth = this.#classes().reduce((sum, other) => sum + this.#count(k, other), 0);
      const guesses = this.#classes().reduce((sum, other) => sum + this.#count(other, k), 0);
      if (truth === 0) absent.push(this.#options.classes[k] ?? String(k));
      if (truth + guesses > 0) scores.push((2 * this.#count(k, k)) / (truth + guesses));
    }
    if (absent.length > 0) warnings.push(absentClasses('macroF1', absent));
    return mean(scores);
  }

  /** One class against the rest by the rank sum (Mann–Whitney, ties count half), mean over classes with both signs. */
  #rocAuc(warnings: MetricWarning[]): number | null {
    const areas: number[] = [];
    const absent: string[] = [];
    for (const k of this.#classes()) {
      const area = this.#area(k);
      if (area === null) absent.push(this.#options.classes[k] ?? String(k));
      else areas.push(area);
    }
    if (areas.length === 0)
      warnings.push(undefinedBecause('rocAuc', 'all samples are of one class', '所有样本同属一类'));
    else if (absent.length > 0) warnings.push(absentClasses('rocAuc', absent));
    return mean(areas);
  }

  #area(k: number): number | null {
    const n = this.#labels.length;
    const order = Array.from({ length: n }, (_, row) => row);
    const score = (row: number): number => this.#scores.at(row * this.#size + k);
    order.sort((a, b) => score(a) - score(b));
    let positives = 0;
    let rankSum = 0;
    for (let start = 0; start < n;) {
      let end = start + 1;
      while (end < n && score(order[end] ?? 0) === score(order[start] ?? 0)) end++;
      const rank = (start + end + 1) / 2;
      for (let at = start; at < end; at++) {
        if (this.#labels.at(order[at] ?? 0) !== k) continue;
        positives++;
        rankSum += rank;
      }
      start = end;
    }
    const negatives = n - positives;
    if (positives === 0 || negatives === 0) return null;
    return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
  }

  #classes(): readonly number[] {
    return this.#options.classes.map((_, index) => index);
  }

  #count(truth: number, guess: number): number {
    return this.#confusion[truth * this.#size + guess] ?? 0;
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
      en: `${metric}: no sample of ${names.join(', ')} in this split.`,
      zh: `${metric}：该划分中没有 ${names.join('、')} 的样本。`,
    },
  };
}
