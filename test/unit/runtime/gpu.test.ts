/** What TensorFlow and the driver say of GPUs becomes a sentence that says what to do. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { deviceFailure, driverVersion, gpuModels, gpuName, unusedGpu, whyNoGpu } from '../../../src/runtime/gpu.ts';
import { describeError } from '../../../src/trainer/errors.ts';

/** Words of TensorFlow 2.21's CUDA build, captured with the stand-in of test/reference/cuda-stand-in.c. */
function captured(name: string): string {
  return fs.readFileSync(path.resolve(import.meta.dirname, '../../fixtures/gpu', `${name}.txt`), 'utf8');
}

test('captured words of a CUDA build that finds no GPU', () => {
  const cases: readonly (readonly [name: string, wanted: RegExp])[] = [
    ['no-driver', /no NVIDIA driver.*install one/],
    ['stub-library', /no NVIDIA driver/],
    ['no-device', /sees no GPU.*CUDA_VISIBLE_DEVICES.*--gpus all/],
    ['driver-mismatch', /different versions.*restart/],
    ['not-supported', /different versions.*container/],
    ['busy', /taken by another program.*nvidia-smi/],
    ['unknown', /does not start.*modprobe/],
    ['silent', /did not say why.*nvidia-smi/],
  ];
  for (const [name, wanted] of cases) {
    const why = whyNoGpu(captured(name), null);
    assert.match(why.en, wanted, name);
    assert.ok(why.zh.length > 10);
  }
});

test('a driver that is too old, of which TensorFlow says nothing, is known by its version', () => {
  assert.match(whyNoGpu(captured('silent'), '470.256.02').en, /too old.*525 or newer.*470\.256\.02/);
  assert.match(whyNoGpu(captured('silent'), '470.256.02').zh, /驱动过旧.*525.*（当前为 470\.256\.02）$/);
  for (const driver of ['550.54.14', '525.60.13'])
    assert.match(whyNoGpu(captured('silent'), driver).en, /did not say why/);
  assert.match(whyNoGpu(captured('silent'), '524.99').en, /too old/);
});

test('words of other versions', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['I0000 port.cc] Could not find cuda drivers on your machine, GPU will not be used.', /no NVIDIA driver/],
    ['CUDA driver version is insufficient for CUDA runtime version', /driver is too old.*525/],
    ['W gpu_device.cc] Cannot dlopen some GPU libraries. Please make sure', /install again/],
    ['failed to allocate 2.00G: CUDA_ERROR_OUT_OF_MEMORY: out of memory', /memory is taken.*nvidia-smi/],
    [
      'Ignoring visible gpu device (device: 0, name: Tesla K80, pci bus id: 0000:00:1e.0, compute capability: 3.7) with Cuda compute capability 3.7. The minimum required Cuda capability is 6.0.',
      /older than TensorFlow.*processor/,
    ],
    ['2026-01-01 00:00:00.0: W some/gpu_file.cc:12] The GPU is on holiday', /The GPU is on holiday/],
  ];
  for (const [stderr, wanted] of cases) assert.match(whyNoGpu(stderr, null).en, wanted);
  const created =
    'I0000 gpu_device.cc:2020] Created device /job:localhost/replica:0/task:0/device:GPU:0 with 135000 MB memory:  -> device: 0, name: NVIDIA H200, pci bus id: 0000:00:05.0, compute capability: 9.0';
  assert.equal(gpuName(created), 'NVIDIA H200');
  assert.equal(gpuName('nothing'), null);
});

test('the words count in any case, and on their own line alone', () => {
  const old = /driver is too old/;
  const none = /no NVIDIA driver on this machine/;
  const silent = /did not say why/;
  const cases: readonly (readonly [string, RegExp])[] = [
    ['cuda driver version is INSUFFICIENT', old],
    ['cuda_error_unsupported_ptx_version', old],
    ['Driver version 470.1 is much too old', old],
    ['driver version: 470, older than 525', old],
    ['driver version: 470\nolder', silent],
    ['could not find CUDA drivers', none],
    ['failed call to cuInit: error 303 (no text)', none],
    ['failed call to cuInit: error 3030', silent],
    ['failed call to cuInit\n303', silent],
    ['libcuda.so.1: cannot open shared object file', none],
    ['libcuda.so.1\ncannot open the door', silent],
    ['NO CUDA-CAPABLE DEVICE', /sees no GPU/],
    ['Busy or Unavailable', /taken by another program/],
    ['Minimum required CUDA capability', /older than TensorFlow/],
    ['cannot dlopen some gpu libraries', /install again/],
    ['Out of Memory', /memory is taken/],
  ];
  for (const [stderr, wanted] of cases) assert.match(whyNoGpu(stderr, null).en, wanted, stderr);
});

test('of words that nobody knows the first warning or error about a GPU is quoted', () => {
  const quoted = (stderr: string): string | undefined =>
    /^TensorFlow found no GPU: (.*)$/.exec(whyNoGpu(stderr, null).en)?.[1];
  assert.equal(quoted('E0000 00:00:17.2  600 a.cc:1] Gpu [0] is gone'), 'Gpu [0] is gone');
  assert.equal(quoted('  W0000 00:00 a.cc:1] CUDA sleeps\nE0000 b.cc:2] gpu burns'), 'CUDA sleeps');
  assert.equal(quoted('2026-01-01 00:00:00.0: W a.cc:12] No gpu today'), 'No gpu today');
  for (const stderr of [
    'I0000 00:00 a.cc:1] the GPU is well',
    'as of 2026-01-01 a.cc:1] the GPU is well',
    'note: E0000 a.cc:1] the GPU is well',
    'E0000 a.cc:1] the processor burns',
    'E0000 a.cc:1] oneDNN and the GPU',
    'E0000 a_gpu.cc:1] ',
  ])
    assert.equal(quoted(stderr), undefined, stderr);
});

test('driver and devices as the kernel lists them; a GPU that the processor’s build leaves idle is named', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-gpu-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const version = path.join(folder, 'version');
  for (const [text, wanted] of [
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\n', '535.104.05'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build  (dvs-builder)\n', '550.54.14'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module  for  x86_64  570.1\n', '570.1'],
    ['Module 53.1', null],
    ['something else', null],
  ] as const) {
    fs.writeFileSync(version, text);
    assert.equal(driverVersion(version), wanted);
  }
  assert.equal(driverVersion(path.join(folder, 'none')), null);
  const place = path.join(folder, 'gpus', '0000:00:05.0');
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, 'information'), 'Other Model: x\nModel: \t\t NVIDIA H200\nIRQ:   \t\t 41\n');
  const models = gpuModels(path.join(folder, 'gpus'));
  assert.deepEqual(models, ['NVIDIA H200']);
  assert.deepEqual(gpuModels(path.join(folder, 'none')), []);
  assert.match(unusedGpu(false, models)?.en ?? '', /NVIDIA H200 is not used.*runtime install --gpu/);
  assert.match(unusedGpu(false, models)?.zh ?? '', /^未使用 NVIDIA H200，.*runtime install --gpu/);
  assert.equal(unusedGpu(true, models), null);
  assert.equal(unusedGpu(false, []), null);
});

test('failures on a device during a run say what to do; the run’s record has them', () => {
  // As TensorFlow 2.21 says it for the processor; the same sentence names the GPU's allocator there.
  const oom = (device: string, allocator: string): string =>
    `Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[1000000,2000000] and type float on /job:localhost/replica:0/task:0/device:${device}:0 by allocator ${allocator}`;
  const gpu = describeError(new Error(oom('GPU', 'GPU_0_bfc')));
  assert.equal(gpu.code, 'memory');
  assert.match(gpu.message, /The GPU has not enough free memory.*\[1000000,2000000\].*smaller batchSize.*nvidia-smi/);
  const cpu = describeError(new Error(oom('CPU', 'mklcpu')));
  assert.equal(cpu.code, 'memory');
  assert.match(cpu.message, /^There is not enough memory for a tensor.*batchSize/);
  const determinism = deviceFailure(
    'Invalid TF_Status: 12\nMessage: Determinism is not yet supported in GPU implementation of CudnnRNN.',
  );
  assert.match(determinism?.text.en ?? '', /TF_DETERMINISTIC_OPS=0/);
  const broken = deviceFailure(
    'Invalid TF_Status: 13\nMessage: Failed call to cuLaunchKernel: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access',
  );
  assert.match(broken?.text.en ?? '', /^The GPU failed: .*ILLEGAL_ADDRESS.*Resume from the last checkpoint/);
  // Failures are known in any case and spelling, and quoted from the line that names them.
  const wordsOf = (message: string): string | undefined => deviceFailure(message)?.text.en;
  const memory = [
    'RESOURCE_EXHAUSTED',
    'resource exhausted',
    'ResourceExhausted',
    'ran OUT of memory',
    'oom when allocating',
  ];
  for (const words of memory) {
    assert.match(wordsOf(`${words} on device:gpu:0`) ?? '', /^The GPU has not enough free memory\. /, words);
    assert.match(wordsOf(`${words} on the processor`) ?? '', /^There is not enough memory\. /, words);
  }
  assert.match(wordsOf('Cublas: resource exhausted') ?? '', /^The GPU/);
  for (const [said, shape] of [['shape [7]', '[7]'], ['shape of [2,30]', '[2,30]'], ['shape[1,2,3]', '[1,2,3]']] as const) // prettier-ignore
    assert.match(wordsOf(`OOM when allocating tensor with ${said}`) ?? '', new RegExp(`of shape \\${shape.replace(']', '\\]')}\\.`)); // prettier-ignore
  for (const words of [
    'determinism is not yet supported in x',
    'When op-determinism is enabled, x',
    'A deterministic GPU implementation of x is not currently supported',
    'deterministic x is not at all implemented',
  ])
    assert.match(wordsOf(words) ?? '', /TF_DETERMINISTIC_OPS=0/, words);
  const failed = (words: string): string => `The GPU failed: ${words}. Resume`;
  assert.ok(wordsOf('Invalid TF_Status: 13\ncudnn_status_failed here\nmore')?.startsWith(failed('cudnn_status_failed here'))); // prettier-ignore
  assert.ok(wordsOf('Message: dnn library is not found')?.startsWith(failed('dnn library is not found')));
  assert.ok(wordsOf('x\nIt said: Message: CUDA_ERROR_X')?.startsWith(failed('It said: Message: CUDA_ERROR_X')));
  assert.equal(deviceFailure('CUDA is fine'), null);
  for (const one of [determinism, broken])
    assert.match(one?.text.zh ?? '', /^(此网络中有运算|GPU 出错（“.*”）。).*。$/);
  assert.match(gpu.zh ?? '', /^GPU 空闲显存不足，无法容纳形状为 \[1000000,2000000\] 的张量。.*nvidia-smi/);
  assert.equal(deviceFailure('Invalid TF_Status: 3\nMessage: Matrix size-incompatible'), null);
});
