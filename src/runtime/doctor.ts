/**
 * Which engines this machine has. None is loaded into this process: the doctor must be able to say what is wrong with an
 * engine that cannot be loaded, or that ends the process which loads it.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Text } from '../common/text.ts';
import { addonHashes, prebuiltAddon } from './addon.ts';
import { checkMachine, thisMachine, type Machine as Hardware } from './checks.ts';
import { compilerWheel } from './compile.ts';
import { unusedGpu } from './gpu.ts';
import { currentRuntime, trustedAddon, type Runtime } from './installed.ts';
import type { Platform } from './platforms.ts';
import { probe } from './probe.ts';
import { RuntimeError, size } from './error.ts';
import { wasmVersion } from './versions.ts';
import { downloadOf, variantFor } from './wheels.ts';

export interface EngineReport {
  readonly name: 'native' | 'wasm';
  readonly available: boolean;
  readonly device: string;
  readonly version: string;
  readonly detail: Text;
  /** Why it is not available, and what next. */
  readonly reason?: Text;
  /** Of the native engine, on a machine that it is for. */
  readonly addon?: AddonState;
}

/**
 * The addon of the native engine: in the runtime, and may be loaded; brought by the extension, for an installation to
 * copy; or compiled by an installation.
 */
export type AddonState = 'installed' | 'prebuilt' | 'compiled-on-install';

export interface DoctorReport {
  readonly engines: readonly EngineReport[];
  /** What `auto` takes; null when there is none. */
  readonly chosen: EngineReport['name'] | null;
}

/** A function that returns a 128-bit constant: valid only where the SIMD instructions are known. */
// prettier-ignore
const simdModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** The part of the global WebAssembly object that is needed to ask what it can do. */
interface Validator {
  validate(bytes: Uint8Array): boolean;
}

export interface Machine {
  /** Folder of the engine's `.wasm` files: beside the bundles. */
  readonly assetsDirectory: string;
  /** Folder of the native engine's runtimes (layout.ts). */
  readonly runtimeFolder: string;
  /** Folder that holds the addon, or its source (addon.ts). */
  readonly addonFolder: string;
  /** Null where the runtime has no WebAssembly (started with --jitless). */
  readonly webAssembly?: Validator | null;
  /** Of this machine unless a test says otherwise. */
  readonly hardware?: Hardware;
}

/** Looks at all engines. Never throws. */
export async function doctor(machine: Machine): Promise<DoctorReport> {
  const engines = [await examineEngine('native', machine), await examineEngine('wasm', machine)];
  return { engines, chosen: engines.find((engine) => engine.available)?.name ?? null };
}

/**
 * Looks at one engine and touches no other: the native one's library is 400 MB of memory and half a second. Never throws.
 */
export async function examineEngine(name: EngineReport['name'], machine: Machine): Promise<EngineReport> {
  return name === 'native' ? nativeEngine(machine) : wasmEngine(machine);
}

async function nativeEngine({ runtimeFolder, addonFolder, hardware }: Machine): Promise<EngineReport> {
  const runtime = currentRuntime(runtimeFolder);
  let addon: AddonState | undefined;
  try {
    const platform = checkMachine(hardware ?? thisMachine());
    // What cannot be loaded is asked for first: a runtime that works needs nothing of the extension.
    const broken = runtime === null ? null : whyNotTrusted(runtime);
    if (runtime !== null && broken === null) {
      addon = 'installed';
      return await probed(runtime);
    }
    addon = prebuiltAddon(addonFolder, platform) === null ? 'compiled-on-install' : 'prebuilt';
    return without(broken ?? notInstalled(platform, addon), runtime, addon);
  } catch (error) {
    return without(textOf(error), runtime, addon);
  }
}

function whyNotTrusted(runtime: Runtime): Text | null {
  try {
    trustedAddon(runtime);
    return null;
  } catch (error) {
    return textOf(error);
  }
}

function textOf(error: unknown): Text {
  if (error instanceof RuntimeError) return error.text;
  const message = error instanceof Error ? error.message : String(error);
  return { en: message, zh: message };
}

async function probed(runtime: Runtime): Promise<EngineReport> {
  const { version, gpu, device, whyNoGpu } = await probe(runtime.folder);
  const { manifest } = runtime;
  const where = {
    en: `${size(manifest.bytes)} in ${runtime.folder}`,
    zh: `${runtime.folder}，${size(manifest.bytes)}`,
  };
  const reason = manifest.gpu && !gpu && whyNoGpu !== null ? noGpu(whyNoGpu) : unusedGpu(manifest.gpu);
  return {
    name: 'native',
    available: true,
    device: gpu ? (device ?? 'gpu') : 'cpu',
    version: `TensorFlow ${version}`,
    addon: 'installed',
    detail: reason === null ? where : { en: `${reason.en}; ${where.en}`, zh: `${reason.zh}；${where.zh}` },
  };
}

function noGpu(why: Text): Text {
  return {
    en: `the GPU build runs on the CPU, because ${why.en}`,
    zh: `GPU 版本正在使用 CPU，原因：${why.zh}`,
  };
}

function without(reason: Text, runtime: Runtime | null, addon: AddonState | undefined): EngineReport {
  const version = runtime === null ? '' : `TensorFlow ${runtime.manifest.version}`;
  const report = { name: 'native', available: false, device: '', version, detail: { en: '', zh: '' }, reason } as const;
  return addon === undefined ? report : { ...report, addon };
}

function notInstalled(platform: Platform, addon: AddonState): Text {
  const fetched = (gpu: boolean): string => size(downloadOf(variantFor(platform, gpu)));
  const more =
    platform.name === 'linux-x64'
      ? { en: `; with --gpu ${fetched(true)}`, zh: `；加 --gpu 为 ${fetched(true)}` }
      : { en: '', zh: '' };
  const compiled = addon === 'prebuilt' ? { en: '', zh: '' } : compiledOnInstall(platform);
  return {
    en: `Not installed. "mtl runtime install" fetches it (${fetched(false)}${more.en}).${compiled.en} Training uses the embedded engine, which needs nothing.`,
    zh: `未安装。可用“mtl runtime install”下载（${fetched(false)}${more.zh}）。${compiled.zh}训练使用内置引擎，无需安装任何组件。`,
  };
}

/** What an installation does besides fetching TensorFlow, where the extension brings no addon. */
function compiledOnInstall(platform: Platform): Text {
  const bytes = size(compilerWheel(platform).bytes);
  return addonHashes[platform.name] === undefined
    ? {
        en: ` The addon between Node and TensorFlow is compiled on installation, with this system’s C++ compiler or one that is fetched, too (${bytes}).`,
        zh: `Node 与 TensorFlow 之间的插件在安装时编译，使用本系统的 C++ 编译器，或另行下载一个（${bytes}）。`,
      }
    : {
        en: ` The addon between Node and TensorFlow is compiled on installation, with a compiler that is fetched, too (${bytes}; a few minutes).`,
        zh: `Node 与 TensorFlow 之间的插件在安装时编译，所用的编译器一并下载（${bytes}，需要几分钟）。`,
      };
}

function wasmEngine({ assetsDirectory, webAssembly }: Machine): EngineReport {
  const validator = webAssembly === undefined ? globalWebAssembly() : webAssembly;
  const simd = validator?.validate(simdModule) === true;
  const file = simd ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm';
  const base = { name: 'wasm', device: 'cpu', version: wasmVersion } as const;
  const detail = simd
    ? { en: 'embedded, WebAssembly with SIMD', zh: '内置，WebAssembly（SIMD）' }
    : { en: 'embedded, WebAssembly without SIMD (slow)', zh: '内置，WebAssembly（无 SIMD，较慢）' };
  const reason = validator ? whyFileIsBad(path.join(assetsDirectory, file)) : noWebAssembly;
  return reason ? { ...base, available: false, detail, reason } : { ...base, available: true, detail };
}

const noWebAssembly: Text = {
  en: 'This Node.js runs without WebAssembly (--jitless?). Start it without that option.',
  zh: '当前 Node.js 未启用 WebAssembly（是否使用了 --jitless？）。请去掉该选项后重试。',
};

function globalWebAssembly(): Validator | null {
  const found: unknown = Reflect.get(globalThis, 'WebAssembly');
  return typeof found === 'object' && found !== null && 'validate' in found ? (found as Validator) : null;
}

function whyFileIsBad(file: string): Text | null {
  const name = path.basename(file);
  const magic = Buffer.alloc(4);
  try {
    const handle = fs.openSync(file, 'r');
    try {
      fs.readSync(handle, magic, 0, 4, 0);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return {
      en: `${name} is missing beside the program. Install the extension again, or run "npm run build".`,
      zh: `程序旁缺少 ${name}。请重新安装扩展，或运行“npm run build”。`,
    };
  }
  if (magic.equals(Buffer.from([0, 0x61, 0x73, 0x6d]))) return null;
  return {
    en: `${name} is damaged. Install the extension again, or run "npm run build".`,
    zh: `${name} 已损坏。请重新安装扩展，或运行“npm run build”。`,
  };
}
