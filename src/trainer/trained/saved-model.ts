/**
 * The saved model: a run's `model/` on the way in. It may be a stranger's: every value is checked before it is used, sizes before anything
 * is allocated, and no layer is made from the files (conventions 13.5).
 */
import { textOfError } from '../../common/told-error.ts';
import { text, type Text } from '../../common/text.ts';
import * as path from 'node:path';
import { isFields, type Fields } from '../../common/checks.ts';
import type { ColumnFacts, DataFacts, Plan, PlanBlock } from '../../plan/plan.ts';
import { modelFolder } from '../../runs/checkpoints.ts';
import { readBytes, readJson, sizeOf } from '../../files/plain.ts';
import type { Preparation } from '../../samples/preparation.ts';
import { readPreparation } from '../../samples/read-preparation.ts';
import { classesOf } from '../../samples/targets/table.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { tf } from '../../engine/tfjs.ts';
import { TrainingError } from '../errors.ts';
import type { Model } from '../model/build.ts';
import type { ClassCounts } from '../tasks/facts.ts';

/** Categories and class names are what makes these files long. */
const jsonLimit = 64 * 1024 * 1024;
const weightsLimit = 2 ** 31;

/** What a saved model knows of the data it was trained on. */
export interface SavedModel {
  readonly folder: string;
  readonly preparation: Preparation;
  readonly facts: DataFacts;
  readonly classCounts: ClassCounts;
}

/**
 * Reads `preprocessing.json` of a run's model.
 *
 * @throws TrainingError `no-model` when the run has no model yet or the file is damaged
 */
export function readSavedModel(directory: string): SavedModel {
  const folder = modelFolder(directory);
  if (folder === null) {
    throw new TrainingError(
      'no-model',
      text(
        'This run has no trained model yet. Let it reach its first checkpoint, or resume it.',
        '此运行尚无训练好的模型。请待其到达第一个检查点，或继续该运行。',
      ),
    );
  }
  const file = jsonObject(folder, 'preprocessing.json');
  if (file['v'] !== 1)
    throw damaged(
      'preprocessing.json',
      text(
        `version ${String(file['v']).slice(0, 20)} instead of 1`,
        `版本为 ${String(file['v']).slice(0, 20)}，应为 1`,
      ),
    );
  const given = file['facts'];
  if (!isFields(given)) throw damaged('preprocessing.json', text('facts: an object is expected', 'facts：应为对象'));
  const facts: DataFacts = {
    columns: pairs(given['columns'], 'facts/columns', isColumn),
    inputShapes: pairs(given['inputShapes'], 'facts/inputShapes', isShape),
    vocabularies: pairs(given['vocabularies'], 'facts/vocabularies', isSize),
    classes: pairs(given['classes'], 'facts/classes', isTexts),
  };
  const classCounts = pairs(file['classCounts'], 'classCounts', isCounts);
  return { folder, preparation: preparationOf(file['preparation'], facts), facts, classCounts };
}

function preparationOf(value: unknown, facts: DataFacts): Preparation {
  let preparation: Preparation;
  try {
    preparation = readPreparation(value);
  } catch (error) {
    throw error instanceof Error ? new TrainingError('no-model', textOfError(error)) : error;
  }
  for (const { target } of preparation.tasks) {
    const classes = classesOf(target);
    if (classes === undefined) continue;
    const known = facts.classes?.get(target.name) ?? [];
    if (known.length !== classes.length || known.some((name, index) => name !== classes[index]))
      throw damaged(
        'preprocessing.json',
        text(`the classes of "${target.name}" are not those of its facts`, `“${target.name}”的类别与其 facts 不符`),
      );
  }
  return preparation;
}

/**
 * Refuses a model whose preparation does not belong to the spec frozen with the run.
 *
 * @throws TrainingError `no-model`
 */
export function checkFits(saved: SavedModel, plan: Plan): void {
  const { preparation, folder } = saved;
  const same = (kind: 'inputs' | 'tasks', theirs: readonly string[], ours: readonly string[]): void => {
    if (theirs.length === ours.length && theirs.every((name, index) => name === ours[index])) return;
    throw damaged(
      'preprocessing.json',
      text(
        `its ${kind} are not those of the spec frozen with the run`,
        `其${kind === 'inputs' ? '输入' : '任务'}与随此运行冻结的实验描述文件不符`,
      ),
    );
  };
  const typed = (name: string, type: string): string => `${type} ${name}`;
  same(
    'inputs',
    preparation.inputs.map(({ name, type }) => typed(name, type)),
    [...plan.inputs.values()].map(({ name, spec }) => typed(name, spec.type)),
  );
  same(
    'tasks',
    preparation.tasks.map(({ target }) => typed(target.name, target.type)),
    [...plan.tasks.values()].map(({ name, spec }) => typed(name, spec.type)),
  );
  // A layer is only made once its weights are known to be there: a lie about sizes must not take the memory.
  const { total } = plan.parameters;
  const bytes = weightSize(folder);
  if (total === null)
    throw damaged(
      'preprocessing.json',
      text('its facts do not tell the size of every layer', '其 facts 不足以确定每一层的大小'),
    );
  if (total * 4 > bytes + unusedBytes(plan))
    throw damaged('weights.bin', text(`${bytes} bytes for ${total} parameters`, `${total} 个参数只有 ${bytes} 字节`));
}

type Counted = Pick<PlanBlock, 'tasks' | 'parameters'>;

/** Blocks, and parts of shared blocks, that no task reads are no part of the saved model. */
function unusedBytes(plan: Plan): number {
  const owners = [...plan.blocks.values()].flatMap((block): readonly Counted[] => block.sharing?.parts ?? [block]);
  let count = 0;
  for (const { tasks, parameters } of owners) if (tasks.length === 0) count += parameters ?? 0;
  return 4 * count;
}

interface ManifestEntry {
  readonly shape: readonly number[];
}

/**
 * Puts the saved weights into a model built from the same plan. Only shapes and raw floats are read.
 *
 * @throws TrainingError `no-model` when shapes or sizes do not fit, or a weight is no finite number
 */
export function loadWeights(model: Model, folder: string): void {
  const manifest = manifestOf(jsonObject(folder, 'model.json'));
  const weights = model.predictor.weights;
  if (weights.length !== manifest.length)
    throw damaged(
      'model.json',
      text(
        `${manifest.length} weights instead of ${weights.length}`,
        `有 ${manifest.length} 个权重，应为 ${weights.length} 个`,
      ),
    );
  const sizes = weights.map(({ shape, name }, index) => {
    const listed = manifest[index]?.shape ?? [];
    if (listed.length !== shape.length || listed.some((size, axis) => size !== shape[axis]))
      throw damaged(
        'model.json',
        text(
          `the shape of ${name} is [${listed.join(', ').slice(0, 60)}]`,
          `${name} 的形状为 [${listed.join(', ').slice(0, 60)}]`,
        ),
      );
    return shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
  });
  const floats = weightFloats(
    folder,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  let offset = 0;
  const values = sizes.map((size) => floats.subarray(offset, (offset += size)));
  if (!floats.every(Number.isFinite))
    throw damaged('weights.bin', text('it holds values that are no finite numbers', '含有非有限的数值'));
  tf.tidy(() =>
    model.predictor.setWeights(values.map((value, index) => tf.tensor(value, weights[index]?.shape as number[]))),
  );
}

/**
 * Refuses prepared samples of another shape than the model's inputs: the preparation and the model tell different things.
 *
 * @throws TrainingError `no-model`
 */
export function checkInputs(model: Model, split: PreparedSplit): void {
  model.inputs.forEach((name, index) => {
    const expected = model.network.inputs[index]?.shape.slice(1).join(', ') ?? '';
    const shape = split.inputs.get(name)?.shape.join(', ') ?? '';
    if (shape !== expected)
      throw damaged(
        'preprocessing.json',
        text(
          `it makes [${shape}] for input "${name}", the model takes [${expected}]`,
          `它为输入“${name}”生成 [${shape}]，而模型接受 [${expected}]`,
        ),
      );
  });
}

function weightSize(folder: string): number {
  const bytes = sizeOf(path.join(folder, 'weights.bin'));
  if (bytes === null || bytes > weightsLimit) throw damaged('weights.bin', text('it cannot be read', '无法读取'));
  if (bytes % 4 !== 0)
    throw damaged('weights.bin', text(`${bytes} bytes are no whole floats`, `${bytes} 字节不是整数个浮点数`));
  return bytes;
}

/** Its size is compared before a byte is read: a file that is too long must not take the memory. */
function weightFloats(folder: string, count: number): Float32Array {
  const size = weightSize(folder);
  if (size !== 4 * count)
    throw damaged(
      'weights.bin',
      text(`${size / 4} numbers instead of ${count}`, `有 ${size / 4} 个数，应为 ${count} 个`),
    );
  const bytes = readBytes(path.join(folder, 'weights.bin'), size);
  if (bytes?.byteLength !== size) throw damaged('weights.bin', text('it cannot be read', '无法读取'));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + size));
}

function manifestOf(json: Fields): readonly ManifestEntry[] {
  const groups = json['weightsManifest'];
  if (!Array.isArray(groups)) throw damaged('model.json', text('it lists no weights', '未列出权重'));
  return groups.flatMap((group: unknown) => {
    const weights = isFields(group) ? group['weights'] : undefined;
    if (!Array.isArray(weights)) throw damaged('model.json', text('it lists no weights', '未列出权重'));
    return weights.map((entry: unknown): ManifestEntry => {
      const plain = isFields(entry) && entry['dtype'] === 'float32' && entry['quantization'] === undefined;
      if (!plain || !isShape(entry['shape']))
        throw damaged('model.json', text('a weight is not listed as plain floats', '有权重未按普通浮点数列出'));
      return { shape: entry['shape'] };
    });
  });
}

function jsonObject(folder: string, name: string): Fields {
  const value = readJson(path.join(folder, name), jsonLimit);
  if (!isFields(value)) throw damaged(name, text('it is missing or no JSON object', '缺失或不是 JSON 对象'));
  return value;
}

/** A Map from a list of `[name, value]` with every name once. */
function pairs<T>(value: unknown, where: string, holds: (entry: unknown) => entry is T): ReadonlyMap<string, T> {
  const wrong = ({ en, zh }: Text): TrainingError =>
    damaged('preprocessing.json', text(`${where}: ${en}`, `${where}：${zh}`));
  if (!Array.isArray(value)) throw wrong(text('a list of pairs is expected', '应为成对值的列表'));
  const map = new Map<string, T>();
  for (const pair of value as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw wrong(text('a pair of name and value is expected', '应为名称与值'));
    const [name, entry] = pair as readonly unknown[];
    if (typeof name !== 'string' || map.has(name))
      throw wrong(text('names are texts, each once', '名称应为不重复的文本'));
    if (!holds(entry)) {
      const shown = name.slice(0, 40);
      throw wrong(text(`the value of "${shown}" is not what belongs there`, `“${shown}”的值不是应有的值`));
    }
    map.set(name, entry);
  }
  return map;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 8 && value.every(isSize);
const isCounts = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isSize);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');
const isColumn = (value: unknown): value is ColumnFacts =>
  isFields(value) && isShape(value['shape']) && typeof value['dtype'] === 'string';

function damaged(file: string, what: Text): TrainingError {
  return new TrainingError(
    'no-model',
    text(
      `The model's ${file} is missing or damaged (${what.en}). Train again, or resume the run to write it anew.`,
      `模型的 ${file} 缺失或已损坏（${what.zh}）。请重新训练，或继续该运行以重新写入。`,
    ),
  );
}
