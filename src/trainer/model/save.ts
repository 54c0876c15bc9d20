/**
 * A model as files that plain TensorFlow.js loads: `model.json` (topology and manifest) and `weights.bin` (float32,
 * little-endian, in the manifest's order). The bytes depend on plan and weights alone: no time, no counter.
 */
import { tf, tfl } from '../engine/tfjs.ts';

export const modelFile = 'model.json';
export const weightsFile = 'weights.bin';

export interface ModelFiles {
  readonly json: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** The files of a model, for tf.loadLayersModel('file://…/model.json') and its like. */
export async function modelFiles(model: tfl.LayersModel): Promise<ModelFiles> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler((given) => {
    artifacts = given;
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });
  await model.save(handler);
  if (artifacts?.modelTopology === undefined || artifacts.weightSpecs === undefined || artifacts.weightData === undefined) {
    throw new Error('TensorFlow.js gave no topology or no weights to save.');
  }
  const json = {
    modelTopology: artifacts.modelTopology,
    format: 'layers-model',
    generatedBy: artifacts.generatedBy,
    convertedBy: null,
    weightsManifest: [{ paths: [weightsFile], weights: artifacts.weightSpecs }],
  };
  return { json: JSON.stringify(json), weights: joined(artifacts.weightData) };
}

/** The model back from its files. Dispose it after use. */
export async function modelFromFiles(files: ModelFiles): Promise<tfl.LayersModel> {
  const json = JSON.parse(files.json) as {
    readonly modelTopology: object;
    readonly weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
  };
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const weightData = files.weights.slice().buffer;
  return tfl.loadLayersModel(tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData }));
}

function joined(data: tf.io.WeightData): Uint8Array<ArrayBuffer> {
  const parts = (Array.isArray(data) ? data : [data]).map((part) => new Uint8Array(part));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
