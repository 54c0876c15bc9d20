import type { Text } from '../common/text.ts';

/**
 * What is wrong with a data file, said for the person who has to mend it: the message names the file, the place and the next step.
 * Readers throw it; commands and the editor turn it into a problem.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
  /** The message in Chinese, where it was written in both languages. */
  readonly zh: string | undefined;
  /** A short stable word, for example `file-missing`, `ragged-row`, `not-a-number`. */
  readonly code: DataErrorCode;
  /** The file as the user wrote it or relative to the root; never a path of this machine. */
  readonly file: string | undefined;
  /** Source row from 0, header not counted. */
  readonly row: number | undefined;
  readonly column: string | undefined;
  /** JSON Pointer into the resolved spec: what has to be mended, where that is not the file. */
  readonly pointer: string | undefined;

  constructor(code: DataErrorCode, message: string | Text, place: Place = {}) {
    super(typeof message === 'string' ? message : message.en);
    this.zh = typeof message === 'string' ? undefined : message.zh;
    this.code = code;
    this.file = place.file;
    this.row = place.row;
    this.column = place.column;
    this.pointer = place.pointer;
  }
}

export interface Place {
  readonly file?: string | undefined;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  readonly pointer?: string | undefined;
}

export type DataErrorCode =
  | 'path-refused'
  | 'path-outside'
  | 'file-missing'
  | 'not-a-file'
  | 'not-a-module'
  | 'unreadable'
  | 'not-available'
  | 'format-unknown'
  | 'too-large'
  | 'empty'
  | 'encoding'
  | 'csv-quote'
  | 'ragged-row'
  | 'duplicate-column'
  | 'jsonl-line'
  | 'zip'
  | 'npy'
  | 'object-array'
  | 'unknown-column'
  | 'not-a-number'
  | 'ambiguous-number'
  | 'shape'
  | 'label'
  | 'split'
  | 'no-rows'
  | 'not-fitted';

/** Node's `ENOENT` and friends as a sentence. */
export function systemReason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'a part of the path is not a folder',
    EACCES: 'this user may not read it',
    EPERM: 'this user may not read it',
    ELOOP: 'its symbolic links run in a circle',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'the name is too long',
  };
  return reasons[code] ?? (code === '' ? 'it cannot be read' : `it cannot be read (${code})`);
}
