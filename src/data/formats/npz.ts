import { headsOf, rawBytes } from '../array-sizes.ts';
import { defaultLimits } from '../limits.ts';
import { streamNpz } from '../npz-stream.ts';
import { readNpz, readNpzHeader } from '../npz.ts';
import type { FormatRow } from './contract.ts';

export const npz: FormatRow = {
  read: readNpz,
  readHeader: readNpzHeader,
  stream: streamNpz,
  size: 'shapes',
  exceeds: (_file, header, columns) => {
    const sizes = headsOf(header, columns).map((head) => rawBytes(header, head));
    const total = sizes.reduce((a, b) => a + b, 0);
    return total > defaultLimits.archiveBytes || sizes.some((bytes) => bytes > defaultLimits.arrayBytes);
  },
  columnwise: true,
};
