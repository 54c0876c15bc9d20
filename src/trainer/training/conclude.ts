/** The end of a run: model and result of one that is through, and the `end` record. */
import type { Engine } from '../../engine/contract.ts';
import type { SplitName } from '../../plan/index.ts';
import type { EventInput } from '../../runs/events.ts';
import { acceptedRecord } from '../../runs/fingerprints.ts';
import { forkFacts } from '../../runs/fork/record.ts';
import { writeResult } from '../../runs/result.ts';
import { counted, text } from '../../common/text.ts';
import { waitsText } from '../../samples/stream/texts.ts';
import { countParameters, engineRecord, sampleCounts, splitRecord, splitSummary } from '../output/records.ts';
import { save } from '../output/save.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { Ending } from '../process/messages.ts';
import type { PassResult } from '../state/totals.ts';
import { tellAverages } from './averages.ts';
import type { Begun } from './begin.ts';
import type { Training } from './training.ts';
import { warningFields, type ToldWarning } from './warnings.ts';

type EndRecord = Extract<EventInput, { readonly kind: 'end' }>;
type Results = ReadonlyMap<SplitName, PassResult>;

/**
 * The last words. A run that was stopped gets its `end` record alone: it can be resumed.
 *
 * @param fallbacks operations that the engine lacks, asked once all is computed
 */
export async function conclude(begun: Begun, status: Ending, fallbacks: Engine['fallbacks']): Promise<void> {
  const { training, destination } = begun;
  const end = endRecord(training, status);
  if (status !== 'stopped') {
    training.selection.tellAfter(training.progress);
    // Last state first: a run killed from here on is resumed to the same end without training again.
    await save(training, destination);
    training.selection.takeReported();
    const results = evaluateSplits(training);
    tellResults(training, results, fallbacks());
    writeResult(destination.directory, resultOf(begun, status, end, results));
    const test = results.get('test');
    destination.writer.append({ ...end, ...(test ? { test: splitRecord(test) } : {}) });
  } else destination.writer.append(end);
  closeData(training.prepared);
}

/** The `end` record, so far without the test split. */
function endRecord({ progress, selection, seconds }: Training, status: Ending): EndRecord {
  const { best } = progress.selection;
  return {
    ...{ kind: 'end', status },
    seconds: Math.round(seconds * 1000) / 1000,
    ...(best ? { best: { ...best, monitor: selection.judge.monitor.text } } : {}),
  };
}

/** Losses and metrics of every split that has rows. */
function evaluateSplits(training: Training): Results {
  const { splits } = training.prepared.data;
  const names = (['train', 'validation', 'test'] as const).filter((split) => splits[split].n > 0);
  return new Map(names.map((split) => [split, training.evaluate(split)]));
}

/** What metrics, moving averages and engine have to say of the results. */
function tellResults(training: Training, results: Results, fallbacks: ReadonlyMap<string, number>): void {
  for (const [split, result] of results) training.tellMetrics(result, split);
  tellAverages(training);
  for (const { code, message } of fallbackWarnings(fallbacks)) training.warnings.warn(code, message);
}

function resultOf(
  { training, description, fork, accepted }: Begun,
  status: Exclude<Ending, 'stopped'>,
  { seconds, best }: EndRecord,
  results: Results,
): Parameters<typeof writeResult>[1] {
  const { data, tasks, model, spec } = training.prepared;
  return {
    ...{ v: 1, status },
    seed: spec.training.seed,
    engine: engineRecord(description),
    epochs: training.progress.epoch - 1,
    seconds,
    parameters: countParameters(model),
    samples: sampleCounts(data.samples, tasks),
    best: best ?? null,
    ...(fork === undefined ? {} : { fork: forkFacts(fork) }),
    ...(accepted.length === 0 ? {} : { acceptedChanges: accepted.map(acceptedRecord) }),
    splits: new Map([...results].map(([split, result]) => [split, splitSummary(data.splits[split].n, result)])),
    warnings: training.warnings.all().map(warningFields),
  };
}

/** Operations that the engine left to the plain cpu backend, keyed by their name with how often. */
export function fallbackWarnings(fallbacks: ReadonlyMap<string, number>): ToldWarning[] {
  return [...fallbacks].map(([operation, count]) => ({
    code: 'engine-fallback',
    message: text(
      `${operation} ran ${counted(count, 'time')} on the plain cpu backend: the engine lacks it.`,
      `${operation} 在普通 cpu 后端上运行了 ${String(count)} 次：引擎没有此运算。`,
    ),
  }));
}

/** Closes the data; log.txt gets how long their disk kept the training waiting. */
function closeData({ data }: Prepared): void {
  const waits = data.waits();
  if (waits) console.log(waitsText(waits));
  data.close();
}
