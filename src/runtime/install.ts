/** Installing the native engine, readable as a story; everything that can be refused is refused before the first byte. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkGpu, checkMachine, thisMachine } from './checks.ts';
import { fill, type Filled } from './fill.ts';
import { checkRuntime, noteSealed, refuseForeign, sealFiles } from './guard.ts';
import { clearLeftovers, currentRuntime, type Runtime } from './installed.ts';
import { currentFile, manifestName, stagingPrefix } from './layout.ts';
import { lock } from './lock.ts';
import { writeJson, type Manifest } from './manifest.ts';
import { chooseWay, placeAddon, refreshAddon, type Placed, type Way } from './place.ts';
import type { Platform } from './platforms.ts';
import type { InstallPort, InstallRequest } from './port.ts';
import { probe, type Probe } from './probe.ts';
import { canceled, inWords, RuntimeError } from './error.ts';
import { variantFor, type Variant } from './wheels.ts';

export type { InstallPort, InstallRequest, Phase } from './port.ts';

export interface Installed {
  readonly runtime: Runtime;
  readonly probe: Probe;
  /** True where it was there and works: nothing was done. */
  readonly already: boolean;
}

/** What an installation is about, decided before anything is fetched. */
interface Plan {
  readonly platform: Platform;
  readonly variant: Variant;
  readonly way: Way;
}

/**
 * Installs the native engine and makes it the one in use. Calling it again goes on where it was stopped, and does
 * nothing where everything is there.
 * @throws RuntimeError says what is wrong and what next; the runtime that was in use before stays in use
 */
export async function install(port: InstallPort, request: InstallRequest = {}): Promise<Installed> {
  const platform = checkMachine(port.machine ?? thisMachine());
  if (request.gpu === true) checkGpu(platform);
  // Before anything is written there: what others may change, others may have prepared.
  refuseForeign(port.folder, [port.folder]);
  const unlock = await lock(port.folder);
  try {
    clearLeftovers(port.folder);
    const way = await chooseWay(port, platform, request);
    const plan = { platform, variant: variantFor(platform, request.gpu === true), way };
    const there = request.from === undefined ? await alreadyThere(port, plan, request) : null;
    if (there !== null) return there;
    const staging = path.join(port.folder, `${stagingPrefix}${String(process.pid)}-${String(Date.now())}`);
    fs.mkdirSync(staging, { mode: 0o755 });
    try {
      const filled = await fill(staging, { port, request, ...plan });
      const placed = await placeAddon(staging, filled.headers, { way, platform, port, request });
      return await putIntoUse(staging, filled, placed, port);
    } finally {
      fs.rmSync(staging, { recursive: true, force: true });
    }
  } catch (error) {
    throw inWords(error);
  } finally {
    unlock();
  }
}

/** The runtime in use where it is the wanted one and works; its addon is brought up to date. */
async function alreadyThere(
  port: InstallPort,
  { variant, way, platform }: Plan,
  request: InstallRequest,
): Promise<Installed | null> {
  const runtime = currentRuntime(port.folder);
  if (runtime?.manifest.name !== variant.name) return null;
  port.progress('test', 0, 1, runtime.manifest.name);
  try {
    checkRuntime(runtime, platform);
    const manifest = await refreshAddon(runtime, { way, platform, port, request });
    if (manifest === null) return null;
    const tested = await probe(runtime.folder, port.signal);
    return { runtime: { ...runtime, manifest }, probe: tested, already: true };
  } catch (error) {
    if (error instanceof RuntimeError && !['load', 'library'].includes(error.code)) throw error;
    return null;
  }
}

/** Tests what lies in the staging folder; only what works gets its name, and only then becomes the one in use. */
async function putIntoUse(staging: string, filled: Filled, placed: Placed, port: InstallPort): Promise<Installed> {
  const { name, gpu, source, hashes, spent } = filled;
  port.progress('verify', 0, 1, name);
  const files = await sealFiles(staging, port.signal);
  port.progress('test', 0, 1, name);
  const tested = await probe(staging, port.signal);
  const manifest: Manifest = {
    v: 1,
    name,
    version: tested.version,
    gpu,
    source,
    ...placed,
    hashes,
    files,
    bytes: bytesBelow(staging),
    ...(tested.device === null ? {} : { device: tested.device }),
    installed: new Date().toISOString(),
  };
  writeJson(path.join(staging, manifestName), manifest);
  if (port.signal?.aborted === true) throw canceled();
  const folder = path.join(port.folder, name);
  if (fs.existsSync(folder)) fs.renameSync(folder, `${staging}-old`);
  fs.renameSync(staging, folder);
  noteSealed(folder, files);
  writeJson(currentFile(port.folder), { v: 1, name });
  fs.rmSync(`${staging}-old`, { recursive: true, force: true });
  for (const file of spent) fs.rmSync(file, { force: true });
  port.progress('test', 1, 1, name);
  return { runtime: { folder, manifest, current: true }, probe: tested, already: false };
}

function bytesBelow(folder: string): number {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => fs.lstatSync(path.join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
