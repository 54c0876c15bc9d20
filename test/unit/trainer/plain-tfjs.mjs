// Loads a run's model/ as anybody would who has nothing of ours: node plain-tfjs.mjs FOLDER < {"input": [[…]]}
// Prints the outputs by name. tfjs on its plain cpu backend is all it uses.
import fs from 'node:fs';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

/** @typedef {{paths: string[], weights: import('@tensorflow/tfjs-core').io.WeightsManifestEntry[]}} Group */

const folder = process.argv[2] ?? '';
const json = JSON.parse(fs.readFileSync(path.join(folder, 'model.json'), 'utf8'));
/** @type {Group[]} */
const groups = json.weightsManifest;
const bytes = Buffer.concat(
  groups.flatMap(({ paths }) => paths.map((name) => fs.readFileSync(path.join(folder, name)))),
);
const model = await loadLayersModel(
  tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(bytes).buffer,
  }),
);
const inputs = JSON.parse(fs.readFileSync(0, 'utf8'));
const outputs = [model.predict(model.inputNames.map((name) => tf.tensor(inputs[name])))].flat();
process.stdout.write(
  JSON.stringify(Object.fromEntries(model.outputNames.map((name, index) => [name, outputs[index]?.arraySync()]))),
);
