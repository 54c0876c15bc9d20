/** A label per pixel trains beside a class, on both engines and as graphs: the border is wide enough for labels of any shape. */
import { zipSync } from 'fflate';
import { npy } from '../../samples/helpers.ts';
import { placeSuites, type Files } from './place-suites.ts';

const [rows, height, width] = [24, 4, 6];
const size = height * width;

/** Bright pixels are of class 1, dark ones of class 0; some are unknown. Of an image the class is whether most are bright. */
function files(): Files {
  const images = new Uint8Array(rows * size);
  const masks = new Float32Array(rows * size);
  const kinds = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let bright = 0;
    for (let at = 0; at < size; at++) {
      const place = row * size + at;
      images[place] = (place * 7919 + row * 31) % 251;
      const label = (images[place] ?? 0) > 100 + 50 * (row % 2) ? 1 : 0;
      bright += label;
      masks[place] = place % 11 === 3 ? -1 : label;
    }
    kinds[row] = bright > size / 2 ? 1 : 0;
  }
  const part = Array.from({ length: rows }, (_, row) => `${String(row)},${row % 4 === 3 ? 'val' : 'train'}`);
  return {
    'a.npz': zipSync({
      'images.npy': npy([rows, height, width], images),
      'masks.npy': npy([rows, height, width], masks),
      'kinds.npy': npy([rows], kinds),
    }),
    's.csv': ['row,part', ...part, ''].join('\n'),
  };
}

const specWith = (more: object = {}) => ({
  data: { source: 'a.npz', inputs: { x: { type: 'image', from: 'images' } }, split: { file: 's.csv' } },
  network: { trunk: { input: 'x', layers: [{ type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same' }] } },
  tasks: {
    places: { type: 'segmentation', input: 'trunk', target: 'masks', classes: 2, metrics: ['pixelAccuracy'] },
    kind: { type: 'classification', input: 'trunk', layers: ['flatten'], target: 'kinds', metrics: ['accuracy'] },
  },
  training: { epochs: 12, batchSize: 6, learningRate: 0.05, seed: 3 },
  ...more,
});

placeSuites({
  title: 'a class for each pixel',
  ...{ type: 'segmentation', metric: 'pixelAccuracy', labelShape: [height, width], files: files(), specWith },
  // A pixel below 0 is unknown.
  known: () => (label) => label >= 0,
});
