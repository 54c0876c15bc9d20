/**
 * NVIDIA GPUs: why TensorFlow uses none (it goes on with the CPU and says so on stderr alone, or not at all), and what the
 * system itself tells of driver and devices.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { text, type Text } from '../common/text.ts';

/** CUDA 12 runs on drivers from 525.60.13 on (NVIDIA, CUDA compatibility, table 2: minor version compatibility). */
const oldestDriver = 525;

type Cause = readonly [pattern: RegExp, en: string, zh: string];

const driverTooOld: readonly [en: string, zh: string] = [
  `the NVIDIA driver is too old for CUDA 12: install driver ${String(oldestDriver)} or newer from your system’s packages`,
  `NVIDIA 驱动过旧，不支持 CUDA 12：请通过系统软件包安装 ${String(oldestDriver)} 或更新的驱动`,
];

const causes: readonly Cause[] = [
  [
    /CUDA driver version is insufficient|CUDA_ERROR_INSUFFICIENT_DRIVER|driver version.*(?:too old|older)|CUDA_ERROR_UNSUPPORTED_PTX_VERSION/i,
    ...driverTooOld,
  ],
  [
    /CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE/,
    'the NVIDIA driver’s library and its kernel module are of different versions, as after an update: restart the machine; in a container, use an image whose CUDA is not newer than the driver',
    'NVIDIA 驱动的库与内核模块版本不一致（常见于更新之后）：请重启机器；在容器中请使用 CUDA 不比驱动更新的镜像',
  ],
  [
    /Could not find cuda drivers|cuInit[^\n]*\b303\b|libcuda\.so[^\n]*cannot open|CUDA_ERROR_STUB_LIBRARY|CUDA_ERROR_SYSTEM_NOT_READY/i,
    'there is no NVIDIA driver on this machine: install one (nvidia-smi must show the GPU), or do without',
    '本机没有 NVIDIA 驱动：请安装驱动（nvidia-smi 应能显示 GPU），或不使用 GPU',
  ],
  [
    /CUDA_ERROR_NO_DEVICE|no CUDA-capable device|CUDA_ERROR_INVALID_DEVICE/i,
    'the driver sees no GPU: check CUDA_VISIBLE_DEVICES, and in a container the option --gpus all',
    '驱动未发现 GPU：请检查 CUDA_VISIBLE_DEVICES；在容器中需使用 --gpus all 选项',
  ],
  [
    /CUDA_ERROR_DEVICE_UNAVAILABLE|busy or unavailable/i,
    'the GPU is taken by another program that shares it with none: end that program (nvidia-smi lists it), or allow sharing with "nvidia-smi --compute-mode=0"',
    'GPU 被其他程序独占：请结束该程序（nvidia-smi 可列出），或用“nvidia-smi --compute-mode=0”允许共享',
  ],
  [
    /minimum required Cuda capability|Ignoring visible gpu device/i,
    'this GPU is older than TensorFlow’s CUDA build supports (compute capability 6.0): train on the processor',
    '该 GPU 过旧，TensorFlow 的 CUDA 版本不支持（需计算能力 6.0 以上）：请使用处理器训练',
  ],
  [
    /Cannot dlopen some GPU libraries|Could not load dynamic library/i,
    'some CUDA libraries cannot be loaded: install again with "mtl runtime install --gpu"',
    '部分 CUDA 库无法加载：请用“mtl runtime install --gpu”重新安装',
  ],
  [
    /CUDA_ERROR_OUT_OF_MEMORY|out of memory/i,
    'the GPU’s memory is taken by other programs: end them (nvidia-smi lists them), or train with a smaller batchSize',
    'GPU 显存已被其他程序占用：请结束这些程序（nvidia-smi 可列出），或使用更小的 batchSize',
  ],
  [
    /CUDA_ERROR_UNKNOWN/,
    'the NVIDIA driver does not start, as after the machine has slept: restart it, or load its module again ("sudo modprobe -r nvidia_uvm; sudo modprobe nvidia_uvm")',
    'NVIDIA 驱动未能启动（常见于休眠之后）：请重启机器，或重新加载其模块（“sudo modprobe -r nvidia_uvm; sudo modprobe nvidia_uvm”）',
  ],
];

const nothingSaid: Text = {
  en: 'TensorFlow found no GPU and did not say why: does nvidia-smi show one?',
  zh: 'TensorFlow 未发现 GPU，且未说明原因：nvidia-smi 能显示 GPU 吗？',
};

/**
 * From what TensorFlow wrote to stderr while it looked for devices, and from the driver, which it says nothing of where
 * that is too old.
 * @param driver version of the driver, null where the system shows none
 */
export function whyNoGpu(stderr: string, driver: string | null): Text {
  const found = causes.find(([pattern]) => pattern.test(stderr));
  if (found !== undefined) return { en: found[1], zh: found[2] };
  if (driver !== null && Number.parseInt(driver, 10) < oldestDriver) {
    const [en, zh] = driverTooOld;
    return { en: `${en} (this is ${driver})`, zh: `${zh}（当前为 ${driver}）` };
  }
  const said = stderr
    .split('\n')
    .find(
      (line) => /cuda|gpu/i.test(line) && /^\d{4}-|^[EW]\d{4}/.test(line.trim()) && !/oneDNN|cpu_feature/.test(line),
    );
  const words = said === undefined ? '' : said.replace(/^.*?\]\s*/, '').trim();
  return words === ''
    ? nothingSaid
    : { en: `TensorFlow found no GPU: ${words}`, zh: `TensorFlow 未发现 GPU：${words}` };
}

/** `Created device … name: NVIDIA H100, pci bus id: …` of TensorFlow's log. */
export function gpuName(stderr: string): string | null {
  return /Created device[^\n]*\bname: ([^,\n]+),/.exec(stderr)?.[1]?.trim() ?? null;
}

/** Version of the kernel's NVIDIA driver; null where there is none. */
export function driverVersion(file = '/proc/driver/nvidia/version'): string | null {
  try {
    return /Module(?:\s+for\s+\S+)?\s+(\d{3,}(?:\.\d+)+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Names of the GPUs that the driver lists, in its order. */
export function gpuModels(folder = '/proc/driver/nvidia/gpus'): string[] {
  try {
    return fs
      .readdirSync(folder)
      .sort()
      .flatMap((name) => {
        const text = fs.readFileSync(path.join(folder, name, 'information'), 'utf8');
        return /^Model:\s*(\S.*)$/m.exec(text)?.[1]?.trim() ?? [];
      });
  } catch {
    return [];
  }
}

/** A GPU that the processor's build does not use: what it is, and what next; null where there is none. */
export function unusedGpu(gpuBuild: boolean, models: readonly string[] = gpuModels()): Text | null {
  const [first] = models;
  if (gpuBuild || first === undefined) return null;
  return {
    en: `the ${first} is not used, because the build for the processor is installed: "mtl runtime install --gpu"`,
    zh: `未使用 ${first}，因为安装的是处理器版本：“mtl runtime install --gpu”`,
  };
}

/** What went wrong on a device during a run, in words; null for a message of another kind. */
export function deviceFailure(message: string): { readonly code: 'memory' | 'gpu'; readonly text: Text } | null {
  const onGpu = /GPU|CUDA|cuDNN|cuBLAS/i.test(message);
  if (/OOM when allocating|resource[_ ]?exhausted|ran out of memory|CUDA_ERROR_OUT_OF_MEMORY/i.test(message)) {
    const shape = /shape\s?(?:of )?(\[[\d,]+\])/.exec(message)?.[1];
    return { code: 'memory', text: onGpu ? gpuMemory(shape) : hostMemory(shape) };
  }
  if (
    /op-determinism is enabled|[Dd]eterminism is not yet supported|deterministic .*not.*(?:supported|implemented)/.test(
      message,
    )
  ) {
    return { code: 'gpu', text: notDeterministic };
  }
  if (!/CUDA_ERROR_|CUDNN_STATUS_|CUBLAS_STATUS_|DNN library (?:is not found|initialization failed)/i.test(message))
    return null;
  const first = message.split('\n').find((line) => /CUDA|CUDNN|CUBLAS|DNN/i.test(line)) ?? message;
  return { code: 'gpu', text: gpuFailed(first.replace(/^Message: /, '').trim()) };
}

function gpuMemory(shape: string | undefined): Text {
  const [what, zh] =
    shape === undefined ? ['', ''] : [` for a tensor of shape ${shape}`, `，无法容纳形状为 ${shape} 的张量`];
  return text(
    `The GPU has not enough free memory${what}. Use a smaller batchSize, smaller layers or smaller images, end other programs that use the GPU (nvidia-smi lists them), or train on the processor (CUDA_VISIBLE_DEVICES=-1).`,
    `GPU 空闲显存不足${zh}。请使用更小的 batchSize、更小的层或更小的图像，结束其他占用 GPU 的程序（nvidia-smi 可列出），或使用处理器训练（CUDA_VISIBLE_DEVICES=-1）。`,
  );
}

function hostMemory(shape: string | undefined): Text {
  const [what, zh] =
    shape === undefined ? ['', ''] : [` for a tensor of shape ${shape}`, `，无法容纳形状为 ${shape} 的张量`];
  return text(
    `There is not enough memory${what}. Use smaller layers, smaller images or a smaller batchSize, or close other programs.`,
    `内存不足${zh}。请使用更小的层、更小的图像或更小的 batchSize，或关闭其他程序。`,
  );
}

const notDeterministic = text(
  'An operation of this network has no deterministic form on this device. Set the environment variable TF_DETERMINISTIC_OPS=0: runs can then differ in the last digits, and their start record says so.',
  '此网络中有运算在该设备上没有确定性的实现。请设置环境变量 TF_DETERMINISTIC_OPS=0：此后各次运行的末几位数字可能不同，start 记录会注明。',
);

function gpuFailed(words: string): Text {
  return text(
    `The GPU failed: ${words}. Resume from the last checkpoint; if it fails again, see "mtl doctor" and nvidia-smi, or train on the processor (CUDA_VISIBLE_DEVICES=-1).`,
    `GPU 出错（“${words}”）。请从最近的检查点继续；若再次出错，请查看“mtl doctor”与 nvidia-smi，或使用处理器训练（CUDA_VISIBLE_DEVICES=-1）。`,
  );
}
