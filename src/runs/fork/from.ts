/** A new run from a checkpoint of another one: what it takes along, or by name why it cannot. */
import { text, type Text } from '../../common/text.ts';
import { differences, readSpecValue, type Spec } from '../../spec/index.ts';
import { listCheckpoints, readCheckpoint, type CheckpointInfo } from '../checkpoints.ts';
import { RunError } from '../error.ts';
import { formerEngine, lastStart, readFingerprints, type Fingerprints } from '../fingerprints.ts';
import { readFrozen, readRunRecord, resolvedText, sha256 } from '../frozen.ts';
import { carryOver } from './carry.ts';
import { forkChange, type ForkRecord } from './record.ts';
import { refusedText } from './texts.ts';

/** What the directory of a fork is made with. */
export interface NewFork {
  readonly record: ForkRecord;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The parent's spec relative to its root, which the paths of fingerprints go by. */
  readonly specName: string;
  /** What the parent depends on; null where it was started by a version that kept none. */
  readonly fingerprints: Fingerprints | null;
}

type Place = Omit<CheckpointInfo, 'bytes'>;

/** The spec of a run in its long form, with what this version fills in. */
export function specOfRun(directory: string): Spec {
  const { spec, problems } = readSpecValue(readFrozen(directory).resolved);
  if (spec && problems.every(({ severity }) => severity !== 'error')) return spec;
  throw refuse(text('its frozen spec cannot be read by this version', '当前版本无法读取其冻结的实验描述文件'));
}

/**
 * @param step of the checkpoint; the newest where it is not given
 * @param spec what the fork is trained by
 * @throws RunError `no-checkpoint`, `fork`, `damaged`, `not-a-run`
 */
export function forkFrom(directory: string, step: number | undefined, spec: Spec): NewFork {
  const { id, spec: specName } = readRunRecord(directory);
  const frozen = readFrozen(directory);
  const parent = specOfRun(directory);
  const place = choose(id, listCheckpoints(directory), step);
  const start = lastStart(directory);
  const fingerprints = readFingerprints(directory);
  if (start === null || fingerprints === 'damaged') throw notTold(id);
  const { stepsPerEpoch } = start;
  const midEpoch = stepsPerEpoch > 0 && place.step % stepsPerEpoch !== 0;
  const { changes, refused, notCarried } = carryOver(differences(parent, spec), { parent, midEpoch });
  if (refused.length > 0) throw refuse(refusedText(refused));
  refuseEnded(place, spec, stepsPerEpoch);
  const { files } = readCheckpoint(directory, place.step);
  const record: ForkRecord = {
    ...{ run: id, step: place.step, checkpoint: place.path },
    ...{ changes: changes.map(forkChange), notCarried },
    ...{ spec: sha256(resolvedText(frozen)), stepsPerEpoch },
  };
  return { record, files, specName, fingerprints };
}

/** The engine to ask for: what the person says or the fork's spec has changed; else the trainer takes the parent's. */
export function engineToFork(directory: string, { record, fingerprints }: NewFork, asked: string | undefined): string {
  if (asked !== undefined) return asked;
  const changed = record.changes.find(({ pointer }) => pointer === '/training/engine')?.after;
  if (typeof changed === 'string') return changed;
  return fingerprints === null ? (formerEngine(directory)?.name ?? 'auto') : 'auto';
}

function choose(id: string, kept: readonly Place[], step: number | undefined): Place {
  const found = step === undefined ? kept.at(-1) : kept.find((one) => one.step === step);
  if (found) return found;
  const steps = kept.map((one) => String(one.step));
  if (kept.length === 0)
    throw new RunError(
      'no-checkpoint',
      `The run "${id}" has no checkpoint to fork from: it ended before its first one.`,
      `运行“${id}”没有可供分支的检查点：它在第一个检查点之前就已结束。`,
    );
  throw new RunError(
    'no-checkpoint',
    `The run "${id}" has no checkpoint at step ${String(step)}. It keeps those of these steps: ${steps.join(', ')}.`,
    `运行“${id}”没有第 ${String(step)} 步的检查点。现有检查点的步数：${steps.join('、')}。`,
  );
}

function notTold(id: string): RunError {
  return new RunError(
    'damaged',
    `The run "${id}" cannot be forked: what its data and place in them were cannot be read any more. Start a new run instead.`,
    `无法从运行“${id}”分支：已无法读出其数据及在数据中的位置。请新建运行。`,
  );
}

/** The setting that a fork needs for something to be left to train, with its least value; null where something is. */
export function neededLength(
  step: number,
  { training }: Spec,
  stepsPerEpoch: number,
): { readonly key: 'epochs' | 'steps'; readonly least: number } | null {
  const total = training.steps ?? (training.epochs ?? 1) * stepsPerEpoch;
  if (step < total) return null;
  return training.steps === undefined
    ? { key: 'epochs', least: Math.floor(step / stepsPerEpoch) + 1 }
    : { key: 'steps', least: step + 1 };
}

function refuseEnded({ step }: Place, spec: Spec, stepsPerEpoch: number): void {
  const needed = neededLength(step, spec, stepsPerEpoch);
  if (needed === null) return;
  const { key, least } = needed;
  throw refuse(
    text(
      `at step ${step} nothing is left to train. Give it more, for example --set /training/${key}=${least}, or take an earlier checkpoint`,
      `在第 ${step} 步已无剩余训练。请增加训练量，例如 --set /training/${key}=${least}，或选择更早的检查点`,
    ),
  );
}

function refuse({ en, zh }: Text): RunError {
  return new RunError('fork', `The run cannot be forked so: ${en}.`, `无法这样分支：${zh}。`);
}
