// How long a table of 10 MB takes to open: the header alone (while somebody types), all of it (a run's start), its numbers;
// and csv-parse on the same text in the same run, as a peer.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { numbersOf, readHeader, readTable, resolveInside } from '../../src/data/index.ts';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { asyncTimesOf, median, timesOf } from './times.ts';

const bytes = 10_000_000;

/** Numbers, a category and a quoted text in every row; the same file each time. */
function table(): string {
  const rows = ['id,width,height,depth,kind,comment,target'];
  let length = 0;
  for (let index = 0; length < bytes; index += 1) {
    const number = (factor: number): string => ((index * factor) % 1000).toFixed(3);
    const row = `${String(index)},${number(7.31)},${number(3.17)},${number(1.93)},${['a', 'b', 'c'][index % 3] ?? ''},"row ${String(index)}, ""quoted""",${number(5.57)}`;
    rows.push(row);
    length += row.length + 1;
  }
  return `${rows.join('\n')}\n`;
}

export async function run(): Promise<Measurement[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-'));
  try {
    const text = table();
    fs.writeFileSync(path.join(folder, 'table.csv'), text);
    const file = await resolveInside(folder, folder, 'table.csv');
    const header = await asyncTimesOf(5, async () => {
      await readHeader(file);
    });
    const whole = await asyncTimesOf(5, async () => {
      await readTable(file);
    });
    const opened = await readTable(file);
    const numbers = timesOf(5, () => {
      for (const column of ['id', 'width', 'height', 'depth', 'target']) numbersOf(opened, column);
    });
    const peer = timesOf(3, () => {
      parse(text);
    });
    return [
      { name: 'header of a CSV file of 10 MB', value: median(header), unit: 'ms' },
      { name: 'a CSV file of 10 MB, all of it', value: median(whole), unit: 'ms' },
      { name: 'its five columns of numbers', value: median(numbers), unit: 'ms' },
      {
        name: 'the same text by csv-parse',
        value: median(peer),
        unit: 'ms',
        note: 'rows only, without reading the file',
      },
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
