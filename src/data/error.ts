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

  constructor(code: DataErrorCode, message: string | Text, place: Place = {}) {
    super(typeof message === 'string' ? text(message, `${chinese[code]}。${message}`) : message);
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

const chinese: Readonly<Record<DataErrorCode, string>> = {
  'path-refused': '不允许的路径形式。请使用项目内的相对路径',
  'path-outside': '文件位于项目文件夹之外。请复制到项目内，或允许使用外部文件',
  'file-missing': '找不到文件。请检查文件名；路径相对于引用它的文件',
  'not-a-file': '不是普通文件。请指定数据文件',
  'not-a-module': '不是 JavaScript 模块。请指定以 .mjs（或 .js）结尾的文件',
  unreadable: '文件无法读取',
  'not-available': '此版本尚不支持',
  'format-unknown': '无法判断文件格式。请设置 data.format',
  'too-large': '超出大小限制',
  empty: '没有数据',
  encoding: '无法识别文件编码。请设置 data.csv.encoding，或另存为 UTF-8',
  'csv-quote': '引号未配对。请补全引号，或设置 data.csv.quote',
  'ragged-row': '该行的单元格数与首行不同。请检查分隔符与引号',
  'duplicate-column': '列名重复。请重命名',
  'jsonl-line': '该行不是有效的 JSON 对象',
  zip: 'NPZ(ZIP)文件已损坏。请重新保存',
  npy: 'NPY 数组无法读取。请用 numpy.savez 重新保存',
  'object-array': '数组包含 Python 对象，出于安全原因不会读取。请转换为数值或文本后保存',
  'unknown-column': '没有这一列',
  'not-a-number': '不是可用的数值。请修改单元格、列入 data.missingTokens，或作为类别使用',
  'ambiguous-number': '数值有两种读法。请设置 data.csv.decimal 或 data.csv.thousands',
  shape: '形状不符',
  label: '标签有误',
  split: '数据划分有误',
  'no-rows': '没有可用的行',
  'not-fitted': '无法从训练集得到统计量',
};
