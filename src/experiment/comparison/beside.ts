/** Runs side by side, each by itself: what they reached, where their specs differ, and why a difference may not be theirs. Pure. */
import { isLive } from '../../common/run-state.ts';
import { text, type Text } from '../../common/text.ts';
import { differences, higherIsBetter, orderedText, parsePointer, toOrdered, type Ordered } from '../../spec/index.ts';
import type { Measure } from '../contract.ts';
import { unlikeArms } from '../unlike.ts';
import type { BesideRow, BesideRun, BesideValue, Difference, RunsBeside } from './contract.ts';
import { differentOrigins, distinct } from './origins.ts';
import { keptCell, splitOf, type PlainRun } from './plain-run.ts';

/** @param runs in the order in which they were picked; all of them are shown, twins too */
export function runsBeside(runs: readonly PlainRun[]): RunsBeside {
  const reference = runs.find(({ pinned }) => pinned) ?? runs[0];
  const measures = measuresOf(runs);
  return {
    reference: reference?.id ?? '',
    runs: labeled(runs),
    rows: measures.flatMap((measure) => [
      row(measure, 'test', runs.map((run) => testValue(run, measure))), // prettier-ignore
      row(measure, 'validation', runs.map((run) => bestValidation(run, measure))), // prettier-ignore
    ]),
    differences: reference === undefined ? [] : differencesTo(reference, runs),
    caveats: caveatsOf(runs, measures),
  };
}

function labeled(runs: readonly PlainRun[]): readonly BesideRun[] {
  const names = runs.map(({ name, id }) => (name === '' ? id : name));
  return runs.map(({ id, created, state, pinned, spec, engine, fork }, at) => {
    const name = names[at] ?? id;
    const twice = names.filter((one) => one === name).length > 1;
    return {
      ...{ id, created, state, pinned, engine, seed: spec.training.seed },
      label: twice ? `${name} #${id.slice(-4)}` : name,
      strategy: spec.strategy.name,
      fork: fork === null ? null : { run: fork.run, step: fork.step },
    };
  });
}

/** Every metric of every task that any of the runs has, in the order of their specs. */
function measuresOf(runs: readonly PlainRun[]): readonly Measure[] {
  const byTask = new Map<string, Map<string, Measure>>();
  for (const { spec } of runs) {
    for (const [task, { type, metrics }] of spec.tasks) {
      const own = byTask.get(task) ?? new Map<string, Measure>();
      byTask.set(task, own);
      for (const { type: metric } of metrics) {
        if (!own.has(metric))
          own.set(metric, { task, type, metric, higherIsBetter: higherIsBetter(type, metric), margin: null });
      }
    }
  }
  return [...byTask.values()].flatMap((own) => [...own.values()]);
}

const row = (
  { task, metric, higherIsBetter: higher }: Measure,
  split: BesideRow['split'],
  values: readonly BesideValue[],
): BesideRow => ({ task, metric, higherIsBetter: higher, split, values });

const without = (state: Exclude<BesideValue['state'], 'value'>): BesideValue => ({ state, value: null, epoch: null });

function testValue(run: PlainRun, measure: Measure): BesideValue {
  if (!run.spec.tasks.has(measure.task)) return without('absent');
  // A run without a test split has no value there, which is not an undefined one.
  if (run.result !== null && splitOf(run.result, 'test') === undefined) return without('missing');
  return { ...keptCell(run, measure, 'test'), epoch: null };
}

function bestValidation({ spec, epochs, state }: PlainRun, measure: Measure): BesideValue {
  const { task, metric } = measure;
  if (!spec.tasks.has(task)) return without('absent');
  let best: BesideValue | null = null;
  let told = false;
  for (const { epoch, metrics } of epochs) {
    const of = Object.hasOwn(metrics, task) ? metrics[task] : undefined;
    const value = of !== undefined && Object.hasOwn(of, metric) ? of[metric] : undefined;
    told ||= value !== undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    const before = best?.value ?? null;
    if (before === null || (measure.higherIsBetter ? value > before : value < before))
      best = { state: 'value', value, epoch };
  }
  if (best !== null) return best;
  if (told) return without('undefined');
  return without(state === 'failed' || state === 'crashed' ? 'failed' : 'missing');
}

type Row = Map<number, string | null>;

/** Places where any of the runs differs from the reference. */
function differencesTo(reference: PlainRun, runs: readonly PlainRun[]): readonly Difference[] {
  const forms = runs.map(({ spec }) => toOrdered(spec));
  const own = runs.indexOf(reference);
  const rows = new Map<string, Row>();
  runs.forEach(({ spec }, at) => {
    for (const { pointer, before, after } of differences(reference.spec, spec)) {
      // How runs are planned is not what one of them trains.
      if (pointer === '/experiment' || pointer.startsWith('/experiment/')) continue;
      const known = rows.get(pointer) ?? new Map<number, string | null>();
      rows.set(pointer, known.set(own, written(before)).set(at, written(after)));
    }
  });
  return [...rows].map(([pointer, known]) => ({
    pointer,
    values: forms.map((form, at) =>
      known.has(at) ? (known.get(at) ?? null) : elsewhere(form, pointer, known.get(own)),
    ),
  }));
}

/** Of a run that does not differ just there: what it has, or, where the order of names is told, that of the reference. */
function elsewhere(form: Ordered, pointer: string, ofReference: string | null | undefined): string | null {
  const value = valueAt(form, pointer);
  return value instanceof Map && ofReference?.startsWith('[') === true ? ofReference : written(value);
}

const written = (value: Ordered | undefined): string | null => (value === undefined ? null : orderedText(value));

function valueAt(form: Ordered, pointer: string): Ordered | undefined {
  let inner: Ordered | undefined = form;
  for (const token of parsePointer(pointer) ?? []) {
    if (inner instanceof Map) inner = (inner as ReadonlyMap<string, Ordered>).get(token);
    else inner = Array.isArray(inner) ? (inner as readonly Ordered[])[Number(token)] : undefined;
  }
  return inner;
}

const list = (words: readonly string[]): Text => text(words.join(', '), words.join('、'));

/** The same whichever of the runs is the reference. */
function caveatsOf(runs: readonly PlainRun[], measures: readonly Measure[]): readonly Text[] {
  const [first] = runs;
  if (first === undefined || runs.length < 2) return [];
  const measured = runs.map(({ id, spec }) => ({ id, specs: [spec] }));
  const places = distinct(unlikeArms(measured, first.id, measures, true).flatMap((one) => one.places));
  return [
    ...(places.length > 0 ? [unlike(places)] : []),
    ...differentOrigins(runs),
    ...seeds(runs),
    ...forks(runs),
    ...unfinished(runs),
  ];
}

function unlike(places: readonly string[]): Text {
  const { en, zh } = list(places);
  return text(`The runs do not have the same rows, labels or metrics: ${en} differ.`, `这些运行的样本、标签或指标不同：${zh} 不一致。`); // prettier-ignore
}

/** Of training: that of the split is one of the rows. */
function seeds(runs: readonly PlainRun[]): readonly Text[] {
  const own = runs.map(({ spec: { training } }) => training);
  if (distinct(own.map(({ seed, seeds: each }) => orderedText(toOrdered([seed, each ?? null])))).length < 2) return [];
  const { en, zh } = list(distinct(own.map(({ seed }) => String(seed))));
  return [text(`The seeds differ (${en}): a difference may be chance alone.`, `种子不同（${zh}）：差异可能只是偶然。`)];
}

/** A fork and its parent are one run up to a step. */
function forks(runs: readonly PlainRun[]): readonly Text[] {
  const names = new Map(labeled(runs).map(({ id, label }) => [id, label]));
  return labeled(runs).flatMap(({ label, fork }) => {
    if (fork === null) return [];
    const parent = names.get(fork.run) ?? fork.run;
    return [text(`"${label}" is a fork: up to step ${fork.step} it is the run "${parent}".`, `“${label}”是分支：到第 ${fork.step} 步为止，它就是运行“${parent}”。`)]; // prettier-ignore
  });
}

function unfinished(runs: readonly PlainRun[]): readonly Text[] {
  const named = (wanted: (state: PlainRun['state']) => boolean): readonly string[] =>
    labeled(runs).flatMap(({ label, state }) => (wanted(state) ? [label] : []));
  const say = (names: readonly string[], en: string, zh: string): readonly Text[] => {
    if (names.length === 0) return [];
    const all = list(names);
    return [text(`${en}: ${all.en}.`, `${zh}：${all.zh}。`)];
  };
  return [
    ...say(named(isLive), 'Still training', '仍在训练'),
    ...say(named((state) => state === 'stopped'), 'Stopped before the end', '在结束前被停止'), // prettier-ignore
    ...say(named((state) => state === 'failed' || state === 'crashed'), 'Failed', '失败'), // prettier-ignore
  ];
}
