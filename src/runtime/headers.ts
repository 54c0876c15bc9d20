/** The headers that an addon is compiled against: out of TensorFlow's own wheel or installation, never of ours. */
import * as path from 'node:path';
import { hashOf, headersHash } from './addon.ts';
import { headerFolder } from './layout.ts';
import { RuntimeError } from './error.ts';

/** Headers of TensorFlow's C library. */
export interface Headers {
  readonly folder: string;
  /** Whether they are those of the pinned wheel. */
  readonly published: boolean;
}

/** The headers that a runtime keeps, as its wheel brought them; null where there are none, or others. */
export function keptHeaders(runtime: string): Headers | null {
  const folder = path.join(runtime, headerFolder);
  return hashOf([folder]) === headersHash ? { folder, published: true } : null;
}

/** The addon is to be compiled, and there is nothing to compile it against. */
export function noHeaders(from: string): RuntimeError {
  return new RuntimeError(
    'source',
    `The addon is compiled on this machine, and ${from} has TensorFlow's libraries without their headers (include/tensorflow/c/c_api.h). Name the Python environment or the wheel that they come from, or install without --from.`,
    `插件需在本机编译，而 ${from} 中只有 TensorFlow 的库，没有头文件（include/tensorflow/c/c_api.h）。请指定这些库所属的 Python 环境或 wheel，或不使用 --from 安装。`,
  );
}
