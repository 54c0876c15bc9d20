/** Why TensorFlow uses no GPU: it goes on with the CPU and says so on stderr alone. */
import type { Said } from './said.ts';

const causes: readonly (readonly [pattern: RegExp, en: string, zh: string])[] = [
  [
    /CUDA driver version is insufficient|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|driver version.*(?:too old|older)|CUDA_ERROR_UNSUPPORTED_PTX_VERSION/i,
    'the NVIDIA driver is too old for CUDA 12: install driver 525 or newer from your system’s packages',
    'NVIDIA 驱动过旧，不支持 CUDA 12：请通过系统软件包安装 525 或更新的驱动',
  ],
  [
    /Could not find cuda drivers|cuInit[^\n]*\b303\b|libcuda\.so[^\n]*cannot open|CUDA_ERROR_STUB_LIBRARY/i,
    'there is no NVIDIA driver on this machine: install one (nvidia-smi must show the GPU), or do without',
    '本机没有 NVIDIA 驱动：请安装驱动（nvidia-smi 应能显示 GPU），或不使用 GPU',
  ],
  [
    /CUDA_ERROR_NO_DEVICE|no CUDA-capable device/i,
    'the driver sees no GPU: check CUDA_VISIBLE_DEVICES, and in a container the option --gpus all',
    '驱动未发现 GPU：请检查 CUDA_VISIBLE_DEVICES；在容器中需使用 --gpus all 选项',
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
];

/** From what TensorFlow wrote to stderr while it looked for devices. */
export function whyNoGpu(stderr: string): Said {
  const found = causes.find(([pattern]) => pattern.test(stderr));
  if (found !== undefined) return { en: found[1], zh: found[2] };
  const said = stderr.split('\n').find((line) => /cuda|gpu/i.test(line) && /^\d{4}-|^[EW]\d{4}/.test(line.trim()));
  const words = said === undefined ? '' : said.replace(/^.*?\]\s*/, '').trim();
  return words === ''
    ? { en: 'TensorFlow found no GPU and did not say why', zh: 'TensorFlow 未发现 GPU，且未说明原因' }
    : { en: `TensorFlow found no GPU: ${words}`, zh: `TensorFlow 未发现 GPU：${words}` };
}

/** `Created device … name: NVIDIA H100, pci bus id: …` of TensorFlow's log. */
export function gpuName(stderr: string): string | null {
  return /Created device[^\n]*\bname: ([^,\n]+),/.exec(stderr)?.[1]?.trim() ?? null;
}
