/**
 * Loads a runtime in a process of its own and multiplies two matrices with it: what cannot be loaded, or kills its
 * process, is seen before a run depends on it.
 */
import * as path from 'node:path';
import { text, type Text } from '../common/text.ts';
import { driverVersion, gpuModels, gpuName, whyNoGpu } from './gpu.ts';
import { addonMember } from './layout.ts';
import { runProgram, type Ran } from './process.ts';
import { RuntimeError } from './error.ts';

export interface Probe {
  /** Of TensorFlow. */
  readonly version: string;
  /** Whether operations run on a GPU. */
  readonly gpu: boolean;
  /** Name of the GPU, where TensorFlow says it. */
  readonly device: string | null;
  /** With the CUDA build, why no GPU is used. */
  readonly whyNoGpu: Text | null;
}

const code = `
const loaded = { exports: {} };
process.dlopen(loaded, process.argv[1]);
const b = loaded.exports;
const id = b.createTensor([2, 2], b.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
const flag = (name) => ({ name, type: b.TF_ATTR_BOOL, value: false });
const attrs = [flag('transpose_a'), flag('transpose_b'), { name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }];
const [out] = b.executeOp('MatMul', attrs, [id, id], 1);
console.log(JSON.stringify({ version: b.TF_Version, gpu: b.isUsingGpuDevice(), product: [...b.tensorDataSync(out.id)] }));
`;

/**
 * @param runtime folder of one runtime
 * @throws RuntimeError `load`, `cancelled`
 */
export async function probe(runtime: string, signal?: AbortSignal): Promise<Probe> {
  const addon = path.join(runtime, addonMember);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = { ...inherited, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '0' };
  const ran = await runProgram(process.execPath, ['-e', code, addon], {
    env,
    signal,
    cwd: runtime,
    timeoutMs: 120_000,
  });
  const answer = readAnswer(ran);
  if (answer === null) throw cannotLoad(ran);
  const { version, gpu } = answer;
  return {
    version,
    gpu,
    device: gpu ? (gpuName(ran.stderr) ?? gpuModels()[0] ?? null) : null,
    whyNoGpu: gpu ? null : whyNoGpu(ran.stderr, driverVersion()),
  };
}

function readAnswer({ code: status, stdout }: Ran): { version: string; gpu: boolean } | null {
  if (status !== 0) return null;
  try {
    const value: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    if (typeof value !== 'object' || value === null) return null;
    const { version, gpu, product } = value as Record<string, unknown>;
    if (typeof version !== 'string' || typeof gpu !== 'boolean') return null;
    // [[1,2],[3,4]]² = [[7,10],[15,22]]
    return JSON.stringify(product) === '[7,10,15,22]' ? { version, gpu } : null;
  } catch {
    return null;
  }
}

function cannotLoad({ code: status, signal, stderr }: Ran): RuntimeError {
  // What the loader says, on any system; the lines around it are Node's.
  const loader = /^Error: (.+)$/m.exec(stderr)?.[1];
  const died =
    signal === null
      ? text(`exit status ${String(status)}`, `退出码 ${String(status)}`)
      : text(`ended by ${signal}`, `被 ${signal} 终止`);
  const how = loader === undefined ? died : text(loader, `“${loader}”`);
  const missingCpp = /libstdc\+\+/.test(how.en);
  const next = missingCpp
    ? { en: 'Install your system’s package libstdc++6.', zh: '请安装系统软件包 libstdc++6。' }
    : {
        en: 'Remove it ("mtl runtime remove") and install it again.',
        zh: '请移除（“mtl runtime remove”）后重新安装。',
      };
  return new RuntimeError(
    'load',
    `The native engine cannot be loaded: ${how.en}. ${next.en} Training uses the embedded engine.`,
    `无法加载原生引擎（${how.zh}）。${next.zh}训练使用内置引擎。`,
  );
}
