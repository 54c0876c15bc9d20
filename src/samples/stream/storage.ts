/** What a data set on disk holds: temporary files, and the thread that reads them ahead of the training. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { leadingOut } from '../../files/links.ts';
import type { Place } from '../../data/describe.ts';
import { DataError } from '../../data/error.ts';
import { startReader, type Reader } from './ahead.ts';
import { openScratch, type Scratch } from './scratch.ts';

export interface StorageOptions {
  /** Bytes that the data may take in memory; half of what is free where not given. */
  readonly memory?: number | undefined;
  /** Folder for temporary files; `.mtl/cache` beside the spec where not given. */
  readonly scratchFolder?: string | undefined;
  /** File of the reader thread; the one beside the bundle where not given. */
  readonly readerProgram?: string | undefined;
  /** Milliseconds after which a reader thread that does not move is not waited for any longer; 20 s where not given. */
  readonly patience?: number | undefined;
}

export interface Storage {
  readonly scratch: Scratch;
  readonly reader: Reader;
  readonly close: () => void;
}

/** @throws DataError `path-outside` where the folder beside the spec leads out of the project */
export function openStorage(memory: number, options: StorageOptions, place: Pick<Place, 'specFile' | 'root'>): Storage {
  const scratch = openScratch(options.scratchFolder ?? cacheFolder(place));
  // Three splits have a ring each; the rest is for what is in memory while a batch is worked on.
  const reader = startReader(options.readerProgram ?? programBeside(), Math.floor(memory / 8), options.patience);
  const close = (): void => {
    reader.close();
    scratch.close();
  };
  return { scratch, reader, close };
}

function cacheFolder({ specFile, root }: Pick<Place, 'specFile' | 'root'>): string {
  const home = path.dirname(path.resolve(specFile));
  const folder = path.join(home, '.mtl', 'cache');
  const link = leadingOut(folder, root === undefined ? [home] : [home, root]);
  if (link !== null)
    throw new DataError('path-outside', {
      en: `The folder "${link}" for data that are read from disk is a link that leads outside the project. Remove the link.`,
      zh: `用于从磁盘读取数据的文件夹“${link}”是指向项目之外的链接。请删除该链接。`,
    });
  return folder;
}

/** In a bundle the program stands beside it; code that runs from its sources reads without a thread. */
function programBeside(): string | undefined {
  const folder = typeof __dirname === 'string' ? __dirname : undefined;
  const file = folder === undefined ? undefined : path.join(folder, 'reader.cjs');
  return file !== undefined && fs.existsSync(file) ? file : undefined;
}
