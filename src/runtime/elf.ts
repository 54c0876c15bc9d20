/** What a shared library asks of the system, read from its version names. */
import * as fs from 'node:fs';

/** The newest `GLIBC_x.y` that a library asks for; null where it asks for none. */
export function newestGlibc(file: string): string | null {
  const versions = [
    ...fs
      .readFileSync(file)
      .toString('latin1')
      .matchAll(/\0GLIBC_(\d+(?:\.\d+)+)(?=\0)/g),
  ];
  const newest = versions
    .map((match) => match[1] ?? '')
    .reduce((most, version) => (compare(version, most) > 0 ? version : most), '0');
  return newest === '0' ? null : newest;
}

/** Whether a library names the C++ library of the system, whose versions differ more than those of the C library. */
export function needsLibstdcxx(file: string): boolean {
  return fs.readFileSync(file).includes('libstdc++.so');
}

function compare(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
