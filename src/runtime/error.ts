import { text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

export type RuntimeErrorCode =
  | 'platform'
  | 'libc'
  | 'processor'
  | 'space'
  | 'no-python'
  | 'no-pip'
  | 'offline'
  | 'pip'
  | 'hash'
  | 'archive'
  | 'source'
  | 'busy'
  | 'addon'
  | 'library'
  | 'owner'
  | 'compiler'
  | 'load'
  | 'cancelled';

/** The native engine cannot be had; the text says why and what next. */
export class RuntimeError extends ToldError {
  override readonly name = 'RuntimeError';
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, en: string, zh: string, options?: ErrorOptions) {
    super(text(en, zh), options);
    this.code = code;
  }
}

/** @throws RuntimeError `cancelled` */
export function refuseWhenCanceled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw canceled();
}

export function canceled(): RuntimeError {
  return new RuntimeError(
    'cancelled',
    'Canceled. What was fetched is kept; installing again goes on from there.',
    '已取消。已下载的部分会保留，再次安装时从该处继续。',
  );
}

/** The disk has become full, whoever noticed it. */
export function diskFull(): RuntimeError {
  return new RuntimeError(
    'space',
    'The disk became full during the installation; what was unpacked has been deleted again. Free some space and install again, or set MTL_RUNTIME_DIR to a folder on another disk.',
    '安装期间磁盘已满；已解压的内容已删除。请释放空间后重新安装，或将 MTL_RUNTIME_DIR 设为其他磁盘上的文件夹。',
  );
}

/** Errors of the file system for want of space become words; all others stay what they are. */
export function inWords(error: unknown): unknown {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull() : error;
}

/** Bytes for people: 1 GB = 10⁹ bytes, as disks and pip count. */
export function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
