/** A run directory → what the run has come to. */
import { joined, text, type Text } from '../../common/text.ts';
import { recordsBackward } from '../../runs/backward.ts';
import type { EndEvent, EpochEvent, JsonNumber } from '../../runs/events.ts';
import { readFingerprints } from '../../runs/fingerprints.ts';
import type { OrderedValue } from '../../runs/json.ts';
import { readResult } from '../../runs/result.ts';
import type { Failure, Metrics, Outcome } from '../contract.ts';

const noMetrics: Metrics = new Map();

/** An outcome without numbers. */
export function failedOutcome(failure: Failure, reason: Text, seconds = 0, epochs = 0): Outcome {
  return {
    ...{ state: 'failed', failure, reason, seconds, epochs },
    ...{ validation: noMetrics, test: noMetrics, scores: new Map(), samples: null },
  };
}

/** The outcome of a run that was cut while it was explored. */
export function prunedOutcome(directory: string, reason: Text): Outcome {
  const { seconds, epochs } = spentOn(directory);
  return { ...failedOutcome('crash', reason, seconds, epochs), state: 'pruned', failure: null };
}

/** Seconds and epochs of a run that has no result. */
export function spentOn(directory: string): { readonly seconds: number; readonly epochs: number } {
  let seconds: number | null = null;
  for (const record of recordsBackward(directory)) {
    if (record.kind === 'end') seconds ??= record.seconds;
    if (record.kind === 'epoch') return { seconds: seconds ?? record.epoch * record.seconds, epochs: record.epoch };
    if (record.kind === 'start') break;
  }
  return { seconds: seconds ?? 0, epochs: 0 };
}

/** The newest `end` record; null when the newest start has none. */
export function lastEnd(directory: string): EndEvent | null {
  for (const record of recordsBackward(directory)) {
    if (record.kind === 'end') return record;
    if (record.kind === 'start') return null;
  }
  return null;
}

/**
 * The outcome of a run that has completed; null where it has no readable `result.json`.
 *
 * @param files SHA-256 by path, as the plan has them: a run on other data is another run
 */
export function collectOutcome(directory: string, files: ReadonlyMap<string, string>): Outcome | null {
  const result = readResult(directory);
  if (result === null) return null;
  const outcome = outcomeOf(result, keptEpoch(directory, numberOf(mapOf(result.get('best')).get('epoch'))));
  const changed = changedData(directory, files);
  if (changed !== null) return failedOutcome('data-changed', changed, outcome.seconds, outcome.epochs);
  return outcome;
}

function outcomeOf(result: ReadonlyMap<string, OrderedValue>, epoch: EpochEvent | null): Outcome {
  const splits = mapOf(result.get('splits'));
  const [validation, test] = [splitOf(splits.get('validation')), splitOf(splits.get('test'))];
  const seconds = numberOf(result.get('seconds')) ?? 0;
  const epochs = numberOf(result.get('epochs')) ?? 0;
  const broken = [...validation.broken, ...test.broken];
  if (broken.length > 0) return failedOutcome('nan', brokenText(broken), seconds, epochs);
  return {
    ...{ state: 'done', failure: null, reason: null, seconds, epochs },
    validation: validation.metrics,
    test: test.metrics,
    scores: scoresOf(epoch),
    samples: samplesOf(mapOf(result.get('samples'))),
  };
}

function brokenText(names: readonly string[]): Text {
  const list = [...new Set(names)].join(', ');
  return text(`No finite number came out for ${list}.`, `${list} 未得到有限的数值。`);
}

type Fields = ReadonlyMap<string, OrderedValue>;
const nothing: Fields = new Map();

function mapOf(value: OrderedValue | undefined): Fields {
  return value instanceof Map ? (value as Fields) : nothing;
}

const numberOf = (value: OrderedValue | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A number that is none, as our files write it. */
const isBroken = (value: OrderedValue | undefined): boolean =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity';

/** Metrics by task, the loss among them where no metric is called so; what is not finite is named. */
function splitOf(value: OrderedValue | undefined): { readonly metrics: Metrics; readonly broken: readonly string[] } {
  const split = mapOf(value);
  const losses = mapOf(split.get('losses'));
  const broken: string[] = [];
  const metrics = new Map(
    [...mapOf(split.get('metrics'))].map(([task, of]) => {
      const own = new Map(mapOf(of));
      if (!own.has('loss') && losses.has(task)) own.set('loss', losses.get(task) ?? null);
      for (const [metric, number] of own) if (isBroken(number)) broken.push(`${task} ${metric}`);
      return [task, new Map([...own].map(([metric, number]) => [metric, numberOf(number)]))] as const;
    }),
  );
  return { metrics, broken };
}

function samplesOf(counts: Fields): Outcome['samples'] {
  const [train, validation, test] = [counts.get('train'), counts.get('validation'), counts.get('test')].map(numberOf);
  if (typeof train !== 'number' || typeof validation !== 'number' || typeof test !== 'number') return null;
  return { train, validation, test };
}

const finite = (value: JsonNumber | null): number | null => (typeof value === 'number' ? value : null);

function scoresOf(epoch: EpochEvent | null): Outcome['scores'] {
  const validation = epoch?.validation ?? null;
  if (validation === null) return new Map();
  const { skill, total } = validation;
  return new Map([
    ['validation/skill', finite(skill)],
    ['validation/total', finite(total)],
  ]);
}

/** The record of the epoch whose model was kept: the best, or the last where none was chosen. */
function keptEpoch(directory: string, best: number | null): EpochEvent | null {
  for (const record of recordsBackward(directory, '"kind":"epoch"')) {
    if (record.kind === 'epoch' && (best === null || record.epoch === best)) return record;
  }
  return null;
}

/** Which files of the plan the run has read in another state; null where all are the same. */
function changedData(directory: string, files: ReadonlyMap<string, string>): Text | null {
  const known = readFingerprints(directory);
  // Without fingerprints it was never started by a version that runs experiments.
  if (known === null || known === 'damaged') {
    return text(
      'Its fingerprints.json cannot be read: on which data it was trained is not known.',
      '无法读取其 fingerprints.json：不知其在哪些数据上训练。',
    );
  }
  const others = known.files.filter(({ path, sha256 }) => files.get(path) !== undefined && files.get(path) !== sha256);
  if (others.length === 0) return null;
  const names = joined(others.map(({ path }) => text(path, path)));
  return text(
    `It was trained on another state of ${names.en} than the plan was made of. Put the data back and delete this run to repeat it.`,
    `训练时 ${names.zh} 的内容与制定计划时不同。请恢复数据，并删除此运行以便重做。`,
  );
}
