/**
 * The trained model as files: `model.json` and `weights.bin` as plain `tf.loadLayersModel` reads them, and
 * `preprocessing.json` with all that turns rows into its inputs and its outputs into answers.
 */
import type { io } from '@tensorflow/tfjs-core';
import type { Preparation } from '../../samples/preparation.ts';
import type { Model } from '../model/build.ts';
import type { Prepared } from '../prepare/prepare.ts';

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
  /** Labeled training samples of each class. */
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
