/**
 * A run's state as files and back: `state.json` (format, progress, contents) and `tensors.bin` (weights, optimizer
 * slots, best weights). What is random is keyed by seed, epoch and step, so there is no generator state to save.
 */
import { CheckpointError } from '../errors.ts';
import { text } from '../../common/text.ts';
import { textOfError } from '../../common/told-error.ts';
import { tf } from '../../engine/tfjs.ts';
import type { Model } from '../model/build.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { pack, unpack, type NamedArray, type PackedEntry } from './float-pack.ts';
import { progressJson, readProgress, type Progress } from './progress.ts';
import type { Method } from '../step/methods/method.ts';
import type { Json, Memory } from '../../weighting/contract.ts';

/** Raised whenever the meaning of a file changes; other formats are refused. */
const checkpointFormat = 2;

/** Weights by variable path. */
export type Snapshot = ReadonlyMap<string, Float32Array>;

export interface TrainingState {
  readonly progress: Progress;
  /** Weights of the best epoch so far; null before the first evaluation. */
  readonly best: Snapshot | null;
  /** What the strategy keeps of gradients. */
  readonly memory: Memory<Float32Array>;
}

interface StateFile {
  readonly format: number;
  readonly version: string;
  /** Of the resolved spec: a checkpoint only fits the spec it came from. */
  readonly spec: string;
  readonly progress: Json;
  readonly counts: readonly number[];
  readonly hasBest: boolean;
  readonly entries: readonly PackedEntry[];
}

/** Names what a checkpoint belongs to. */
export interface CheckpointIdentity {
  readonly version: string;
  /** SHA-256 of the resolved spec. */
  readonly spec: string;
}

export function snapshot(model: Model): Snapshot {
  return new Map(model.kept.map(({ path, variable }) => [path, variable.dataSync().slice() as Float32Array]));
}

/** @throws CheckpointError when a weight is missing or of another size */
export function restoreSnapshot(model: Model, weights: Snapshot): void {
  for (const { path, variable } of model.kept) {
    const values = weights.get(path);
    if (values?.length !== variable.size) {
      throw new CheckpointError(
        text(
          `The saved weights of "${path}" do not fit this model. Start a new run instead.`,
          `“${path}”保存的权重与此模型不符。请新建运行。`,
        ),
      );
    }
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

export function encodeCheckpoint(
  model: Model,
  optimizer: Optimizer,
  state: TrainingState,
  identity: CheckpointIdentity,
): ReadonlyMap<string, Uint8Array> {
  const weights = snapshot(model);
  const shaped = (prefix: string, values: Snapshot): NamedArray[] =>
    model.kept.map(({ path, variable }) => ({
      name: `${prefix}:${path}`,
      shape: variable.shape,
      data: values.get(path) ?? new Float32Array(),
    }));
  const slots = optimizer.slots().map(({ path, name, tensor }) => ({
    name: `slot:${path}:${name}`,
    shape: tensor.shape,
    data: tensor.dataSync() as Float32Array,
  }));
  const { entries, bytes } = pack([
    ...shaped('weight', weights),
    ...slots,
    ...(state.best ? shaped('best', state.best) : []),
    ...memoryArrays(state.memory),
  ]);
  const file: StateFile = {
    format: checkpointFormat,
    ...identity,
    progress: progressJson(state.progress),
    counts: optimizer.counts(),
    hasBest: state.best !== null,
    entries,
  };
  return new Map([
    ['state.json', new TextEncoder().encode(JSON.stringify(file))],
    ['tensors.bin', bytes],
  ]);
}

export interface RestoredState extends TrainingState {
  /** Version of the trainer that wrote it. */
  readonly writtenBy: string;
}

/**
 * Puts a checkpoint back into a model and an optimizer.
 *
 * @param options `optimizer: false` leaves the optimizer as it is: that of a fork may be another one
 * @throws CheckpointError when it is of another format, spec or model
 */
export function restoreCheckpoint(
  files: ReadonlyMap<string, Uint8Array>,
  model: Model,
  optimizer: Optimizer,
  identity: CheckpointIdentity,
  options: { readonly optimizer?: boolean } = {},
): RestoredState {
  const file = readState(files.get('state.json'));
  if (file.format !== checkpointFormat) {
    throw new CheckpointError(
      text(
        `This checkpoint has format ${String(file.format)}, written by version ${file.version.slice(0, 40)}; this is version ${identity.version} with format ${String(checkpointFormat)}. Resume it with that version, or start a new run.`,
        `此检查点的格式为 ${String(file.format)}，由版本 ${file.version.slice(0, 40)} 写入；当前版本为 ${identity.version}，格式为 ${String(checkpointFormat)}。请用该版本继续，或新建运行。`,
      ),
    );
  }
  if (file.spec !== identity.spec) {
    throw new CheckpointError(
      text(
        'The checkpoint belongs to another spec than the one frozen with this run.',
        '该检查点不属于随此运行冻结的实验描述文件。',
      ),
    );
  }
  const progress = readProgress(file.progress);
  if (progress === null) throw damagedState();
  const arrays = arraysOf(file, files.get('tensors.bin'));
  restoreSnapshot(model, withPrefix(arrays, 'weight:'));
  const slots = arrays.filter(({ name }) => name.startsWith('slot:')).map(({ data }) => data);
  try {
    if (options.optimizer !== false) optimizer.restore({ counts: file.counts, slots });
  } catch (error) {
    throw new CheckpointError(textOfError(error));
  }
  const best = file.hasBest ? withPrefix(arrays, 'best:') : null;
  for (const { path, variable } of best === null ? [] : model.kept) {
    if (best?.get(path)?.length !== variable.size)
      throw new CheckpointError(
        text(
          `The best weights of "${path}" do not fit this model. Start a new run instead.`,
          `“${path}”的最佳权重与此模型不符。请新建运行。`,
        ),
      );
  }
  return { progress, best, memory: memoryOf(arrays), writtenBy: file.version.slice(0, 40) };
}

/** Format, version and spec are told apart before the rest is looked at: another version may lay it out otherwise. */
function readState(bytes: Uint8Array | undefined): StateFile {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw damagedState();
  }
  if (typeof value !== 'object' || value === null) throw damagedState();
  const { format, version, spec, counts, hasBest, entries } = value as Readonly<Record<string, unknown>>;
  if (typeof format !== 'number' || typeof version !== 'string' || typeof spec !== 'string') throw damagedState();
  const whole = Array.isArray(counts) && counts.every(Number.isSafeInteger) && typeof hasBest === 'boolean';
  if (format === checkpointFormat && !(whole && Array.isArray(entries) && entries.every(isEntry))) throw damagedState();
  return value as StateFile;
}

function isEntry(value: unknown): value is PackedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { name, shape, offset } = value as Readonly<Record<string, unknown>>;
  const size = (number: unknown): boolean => Number.isSafeInteger(number) && Number(number) >= 0;
  return typeof name === 'string' && Array.isArray(shape) && shape.every(size) && size(offset);
}

function damagedState(): CheckpointError {
  return new CheckpointError(
    text(
      "The checkpoint's state.json is missing or damaged. Start a new run instead.",
      '检查点的 state.json 缺失或已损坏。请新建运行。',
    ),
  );
}

function arraysOf(file: StateFile, bytes: Uint8Array | undefined): readonly NamedArray[] {
  try {
    return unpack({ entries: file.entries, bytes: bytes ?? new Uint8Array() });
  } catch (error) {
    const { en, zh } = textOfError(error);
    throw new CheckpointError(text(`The checkpoint is damaged: ${en}`, `检查点已损坏：${zh}`));
  }
}

function withPrefix(arrays: readonly NamedArray[], prefix: string): Snapshot {
  return new Map(
    arrays.filter(({ name }) => name.startsWith(prefix)).map(({ name, data }) => [name.slice(prefix.length), data]),
  );
}

const memoryPrefix = 'memory:';

function memoryArrays(memory: Memory<Float32Array>): NamedArray[] {
  return Object.entries(memory).flatMap(([name, vectors]) =>
    Object.entries(vectors).map(([task, data]) => ({
      name: `${memoryPrefix}${JSON.stringify([name, task])}`,
      shape: [data.length],
      data,
    })),
  );
}

/** @throws CheckpointError when a name is none of a memory's */
function memoryOf(arrays: readonly NamedArray[]): Memory<Float32Array> {
  const memory = new Map<string, [string, Float32Array][]>();
  for (const [key, data] of withPrefix(arrays, memoryPrefix)) {
    const [name, task] = namesIn(key);
    memory.set(name, [...(memory.get(name) ?? []), [task, data]]);
  }
  return Object.fromEntries([...memory].map(([name, vectors]) => [name, Object.fromEntries(vectors)]));
}

function namesIn(key: string): readonly [name: string, task: string] {
  let value: unknown;
  try {
    value = JSON.parse(key);
  } catch {
    throw damagedState();
  }
  const [name, task] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof name !== 'string' || typeof task !== 'string') throw damagedState();
  return [name, task];
}

/** @throws CheckpointError when the strategy's vectors are not of this model */
export function refuseForeign(method: Method, memory: Memory<Float32Array>): void {
  if (method.fits?.(memory) ?? Object.keys(memory).length === 0) return;
  throw new CheckpointError(
    text(
      'The saved vectors of the strategy do not fit this model. Start a new run instead.',
      '保存的策略向量与此模型不符。请新建运行。',
    ),
  );
}
