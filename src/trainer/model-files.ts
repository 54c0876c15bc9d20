/**
 * The trained model as files: `model.json` and `weights.bin` as plain `tf.loadLayersModel` reads them, and
 * `preprocessing.json` with all that turns rows into its inputs and its outputs into answers.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import type { DataFacts } from '../plan/types.ts';
import { modelFolder } from '../runs/checkpoints.ts';
import type { Preparation } from './batches/preparation.ts';
import { tf } from './engine/tfjs.ts';
import { TrainingError } from './errors.ts';
import type { Model } from './model/build.ts';
import type { Prepared } from './setup.ts';

type Pairs<T> = readonly (readonly [string, T])[];

/** Maps are pairs, since names such as `10` lose their order as keys of an object. */
export interface PreprocessingFile {
  readonly v: 1;
  /** Input of the spec → input of the saved model; task → output. */
  readonly inputs: Pairs<string>;
  readonly outputs: Pairs<string>;
  readonly facts: {
    readonly columns: Pairs<{ readonly shape: readonly number[]; readonly dtype: string }>;
    readonly inputShapes: Pairs<readonly number[]>;
    readonly vocabularies: Pairs<number>;
    readonly classes: Pairs<readonly string[]>;
  };
  /** Labelled training samples of each class. */
  readonly classCounts: Pairs<readonly number[]>;
  readonly preparation: Preparation;
}

/** Files of the predictor with its present weights. The same weights give the same bytes. */
export async function modelFiles(prepared: Prepared): Promise<ReadonlyMap<string, Uint8Array>> {
  const { modelTopology, weightSpecs, weightData, format, generatedBy } = await artifactsOf(prepared.model);
  const json = {
    format,
    generatedBy,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return new Map([
    ['model.json', text(json)],
    ['weights.bin', joined(weightData)],
    ['preprocessing.json', text(preprocessingOf(prepared))],
  ]);
}

async function artifactsOf(model: Model): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts | undefined;
  await model.predictor.save({
    save: (given) => {
      artifacts = given;
      // A fixed date: nothing about a model may depend on when it was saved.
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    },
  });
  if (!artifacts) throw new Error('The model gave no artifacts to save.');
  return artifacts;
}

function preprocessingOf({ model, data, classCounts }: Prepared): PreprocessingFile {
  const { columns, inputShapes, vocabularies, classes } = data.facts;
  return {
    v: 1,
    inputs: [...model.inputNames],
    outputs: [...model.outputNames],
    facts: {
      columns: [...columns],
      inputShapes: [...(inputShapes ?? [])],
      vocabularies: [...(vocabularies ?? [])],
      classes: [...(classes ?? [])],
    },
    classCounts: [...classCounts],
    preparation: data.preparation,
  };
}

function joined(data: ArrayBuffer | ArrayBuffer[] | undefined): Uint8Array {
  const parts = Array.isArray(data) ? data : data ? [data] : [];
  return Buffer.concat(parts.map((part) => new Uint8Array(part)));
}

/**
 * Reads `preprocessing.json` of a run's model.
 *
 * @throws TrainingError `no-model` when the run has no model yet or the file is damaged
 */
export function readPreprocessing(directory: string): PreprocessingFile & { readonly folder: string } {
  const folder = modelFolder(directory);
  if (folder === null) {
    throw new TrainingError(
      'no-model',
      'This run has no trained model yet. Let it reach its first checkpoint, or resume it.',
    );
  }
  const file = readJson(path.join(folder, 'preprocessing.json')) as Partial<PreprocessingFile>;
  if (file.v !== 1 || !file.facts || !file.preparation || !file.classCounts) throw damaged('preprocessing.json');
  return { ...(file as PreprocessingFile), folder };
}

export function factsOf({ facts }: PreprocessingFile): DataFacts {
  return {
    columns: new Map(facts.columns),
    inputShapes: new Map(facts.inputShapes),
    vocabularies: new Map(facts.vocabularies),
    classes: new Map(facts.classes),
  };
}

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/**
 * Puts the saved weights into a model built from the same plan. Only names, shapes and raw floats are read: no layer is
 * made from the file.
 *
 * @throws TrainingError `no-model` when names or sizes do not fit
 */
export function loadWeights(model: Model, folder: string): void {
  const json = readJson(path.join(folder, 'model.json')) as { weightsManifest?: { weights?: ManifestEntry[] }[] };
  const manifest = json.weightsManifest?.flatMap(({ weights }) => weights ?? []) ?? [];
  const bytes = fs.readFileSync(path.join(folder, 'weights.bin'));
  const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const weights = model.predictor.weights;
  if (weights.length !== manifest.length) throw damaged('model.json');
  let offset = 0;
  const values = weights.map((weight, index) => {
    const entry = manifest[index];
    const size = weight.shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
    if (entry?.dtype !== 'float32' || JSON.stringify(entry.shape) !== JSON.stringify(weight.shape)) {
      throw damaged('model.json');
    }
    const slice = floats.subarray(offset, (offset += size));
    if (slice.length !== size) throw damaged('weights.bin');
    return slice;
  });
  tf.tidy(() =>
    model.predictor.setWeights(values.map((value, index) => tf.tensor(value, weights[index]?.shape as number[]))),
  );
}

function readJson(file: string): object {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through: unreadable and not JSON are the same to a person.
  }
  throw damaged(path.basename(file));
}

function damaged(file: string): TrainingError {
  return new TrainingError(
    'no-model',
    `The model's ${file} is missing or damaged. Train again, or resume the run to write it anew.`,
  );
}
