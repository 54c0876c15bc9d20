/** The workbench's own engines as processes, for benchmarks that need nobody else. */
import path from 'node:path';
import { build } from 'esbuild';
import { forNode } from '../../../scripts/lib/bundles.mjs';
import { root } from '../../../scripts/lib/process.mjs';
import { currentRuntime } from '../../../src/runtime/installed.ts';
import { runtimeFolder } from '../../../src/runtime/layout.ts';
import { startPeer } from './processes.ts';
import type { Answer, Load } from './protocol.ts';

export const assetsDirectory = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

/** One of the benchmark's children as it would be shipped: one bundle. */
export async function bundle(folder: string, name: string): Promise<string> {
  const outfile = path.join(folder, `${name}.cjs`);
  await build({
    ...forNode(path.join(root, `test/bench/peers/${name}.ts`), outfile, { production: true }),
    metafile: false,
    logLevel: 'error',
  });
  return outfile;
}

export interface Ours {
  readonly name: string;
  load(request: Omit<Load, 'do'>): Promise<Answer>;
  time(variant: string, milliseconds: number): Promise<Answer>;
  unload(): Promise<Answer>;
  end(): void;
}

/** Both engines, the native one where it is installed; steps are captured where they can be. */
export async function startOurs(folder: string): Promise<{ engines: Ours[]; absent: Map<string, string> }> {
  const file = await bundle(folder, 'ours-child');
  const runtime = runtimeFolder();
  const absent = new Map<string, string>();
  const engines: Ours[] = [];
  for (const name of ['native', 'wasm'] as const) {
    if (name === 'native' && currentRuntime(runtime) === null) {
      absent.set('the native engine', 'it is not installed (mtl runtime install)');
      continue;
    }
    const peer = await startPeer(process.execPath, [file, name, assetsDirectory, runtime], {});
    engines.push({
      name,
      load: (request) => peer.ask({ do: 'load', ...request }),
      time: (variant, milliseconds) => peer.ask({ do: 'time', variant, milliseconds }),
      unload: () => peer.ask({ do: 'unload' }),
      end: () => {
        peer.end();
      },
    });
  }
  return { engines, absent };
}
