import { text, type Text } from '../common/text.ts';
import { systemCode, systemText, ToldError } from '../common/told-error.ts';

/**
 * What is wrong with a data file, said for the person who has to mend it: the message names the file, the place and the next step.
 * Readers throw it; commands and the editor turn it into a problem.
 */
export class DataError extends ToldError {
  override readonly name = 'DataError';
  /** A short stable word, for example `file-missing`, `ragged-row`, `not-a-number`. */
  readonly code: DataErrorCode;
  /** The file as the user wrote it or relative to the root; never a path of this machine. */
  readonly file: string | undefined;
  /** Source row from 0, header not counted. */
  readonly row: number | undefined;
  readonly column: string | undefined;
  /** JSON Pointer into the resolved spec: what has to be mended, where that is not the file. */
  readonly pointer: string | undefined;

  constructor(code: DataErrorCode, told: Text, place: Place = {}) {
    super(told);
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

/** Why a file cannot be read, as a clause. */
export function systemReason(error: unknown): Text {
  const code = systemCode(error);
  if (code === 'EACCES' || code === 'EPERM') return text('this user may not read it', '当前用户无权读取');
  const known = systemText(error);
  if (known) return known;
  return code === ''
    ? text('it cannot be read', '无法读取')
    : text(`it cannot be read (${code})`, `无法读取（${code}）`);
}

/** A file that the system does not let be read. */
export function unreadable(file: string, error: unknown): DataError {
  const { en, zh } = systemReason(error);
  return new DataError('unreadable', text(`${file}: ${en}.`, `${file}：${zh}。`), { file });
}
