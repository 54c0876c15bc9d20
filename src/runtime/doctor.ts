/**
 * Which engines this machine has, found without loading one: the doctor must be quick, and must be able to say what is
 * wrong with an engine that cannot be loaded.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { wasmVersion } from './versions.ts';

export interface Said {
  readonly en: string;
  readonly zh: string;
}

export interface EngineReport {
  readonly name: 'native' | 'wasm';
  readonly available: boolean;
  readonly device: string;
  readonly version: string;
  readonly detail: Said;
  /** Why it is not available, and what next. */
  readonly reason?: Said;
}

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
  /** Null where the runtime has no WebAssembly (started with --jitless). */
  readonly webAssembly?: Validator | null;
}

/** Looks at all engines. Never throws. */
export function doctor(machine: Machine): DoctorReport {
  const engines = [nativeEngine(), wasmEngine(machine)];
  return { engines, chosen: engines.find((engine) => engine.available)?.name ?? null };
}

function nativeEngine(): EngineReport {
  return {
    name: 'native',
    available: false,
    device: '',
    version: '',
    detail: { en: '', zh: '' },
    reason: {
      en: 'Not installed, and this version cannot install it yet. Training uses the embedded engine, which needs nothing.',
      zh: '未安装，且当前版本尚不支持安装。训练使用内置引擎，无需安装任何组件。',
    },
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

const noWebAssembly: Said = {
  en: 'This Node.js runs without WebAssembly (--jitless?). Start it without that option.',
  zh: '当前 Node.js 未启用 WebAssembly（是否使用了 --jitless？）。请去掉该选项后重试。',
};

function globalWebAssembly(): Validator | null {
  const found: unknown = Reflect.get(globalThis, 'WebAssembly');
  return typeof found === 'object' && found !== null && 'validate' in found ? (found as Validator) : null;
}

function whyFileIsBad(file: string): Said | null {
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
