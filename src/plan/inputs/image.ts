import { text } from '../../common/text.ts';
import { formatShape } from '../layers/sizes.ts';
import type { DataFacts } from '../plan.ts';
import type { ColumnMistake, InputRule } from './contract.ts';

function mistake(columns: readonly string[], facts: DataFacts): ColumnMistake | undefined {
  const [first, second] = columns;
  if (second !== undefined) {
    const message = text(
      `An image is read from one column or array; here are ${String(columns.length)}. Make an input of each.`,
      `图像取自一列或一个数组；这里有 ${String(columns.length)} 个。请分别建立输入。`,
    );
    return { code: 'one-column', message };
  }
  const column = first === undefined ? undefined : facts.columns.get(first);
  if (column === undefined || column.dtype === 'text' || column.shape.length === 2 || column.shape.length === 3)
    return undefined;
  const message = text(
    `"${first ?? ''}" holds ${formatShape(column.shape)} numbers for each sample; an image needs [height, width] or [height, width, channels].`,
    `“${first ?? ''}” 每个样本为 ${formatShape(column.shape)}；图像需要 [高，宽] 或 [高，宽，通道]。`,
  );
  return { code: 'not-an-image', message };
}

/** Tables of numbers that are no picture are not proposed as one. */
function looksLikePictures(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 1] = shape;
  return shape.length >= 2 && shape.length <= 3 && height >= 4 && width >= 4 && channels <= 4;
}

export const image: InputRule<'image'> = {
  /** `size` wins over the array's own; an array N×h×w has one channel, a column of paths tells nothing. */
  shape: (spec, { columns }, facts) => {
    const first = columns[0];
    const array = first === undefined ? undefined : facts?.columns.get(first)?.shape;
    const isArray = array !== undefined && array.length >= 2;
    const height = spec.size?.[0] ?? (isArray ? (array[0] ?? null) : null);
    const width = spec.size?.[1] ?? (isArray ? (array[1] ?? null) : null);
    return [height, width, spec.channels ?? (isArray ? (array[2] ?? 1) : null)];
  },
  mistake,
  proposal: {
    fits: ({ kind, shape }) => kind === 'array' && looksLikePictures(shape),
    layers: [
      { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
    ],
  },
};
