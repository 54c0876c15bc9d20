/** What an experiment depends on beside its text: the engine that its runs take here, and the data as they are now. */
import * as path from 'node:path';
import type { Design, Surroundings } from '../../experiment/contract.ts';
import { expand } from '../../experiment/expand.ts';
import { orderedText } from '../../runs/json.ts';
import { examineEngine, type EngineReport } from '../../runtime/doctor.ts';
import type { Spec } from '../../spec/index.ts';
import { lookAround } from '../../trainer/prepare/surroundings.ts';
import { CliError } from '../error.ts';
import { engineMachine, type Place } from '../places.ts';

/**
 * The engine that is asked for; `auto` is what it would take on this machine, so that all runs have the same.
 *
 * @throws CliError where it is not to be had
 */
async function engineHere(asked: 'auto' | 'native' | 'wasm'): Promise<EngineReport> {
  const names = asked === 'auto' ? (['native', 'wasm'] as const) : [asked];
  let last: EngineReport | undefined;
  for (const name of names) {
    const report = await examineEngine(name, engineMachine());
    if (report.available) return report;
    last = report;
  }
  const { en, zh } = last?.reason ?? last?.detail ?? { en: '', zh: '' };
  throw new CliError(`The engine "${asked}" is not available. ${en}`, `引擎“${asked}”不可用。${zh}`);
}

/** Where an experiment's runs are made. */
export interface Here extends Surroundings {
  /** What the engine computes on. */
  readonly device: string;
}

export interface HereOptions {
  readonly engine?: 'auto' | 'native' | 'wasm' | undefined;
  /** Bytes hashed so far, of all of a spec. */
  readonly onBytes?: (done: number, total: number) => void;
}

/**
 * The engine, and a hash of every file that any arm names: an arm may have data, a split or a strategy of its own.
 *
 * @throws CliError, DataError where the engine or a file is not to be had
 */
export async function surroundingsOf(
  design: Design,
  place: Place & { readonly specFile: string },
  { engine, onBytes }: HereOptions = {},
): Promise<Here> {
  const { name, version, device } = await engineHere(engine ?? design.spec.training.engine);
  const bare: Surroundings = { engine: { name, version }, files: new Map() };
  const arms = expand(design, bare, new Map()).runs.map(({ variant }) => variant.spec);
  const files = new Map<string, string>();
  for (const spec of differingInFiles([design.spec, ...arms])) {
    for (const [file, hash] of await hashesOf(spec, place, onBytes)) files.set(file, hash);
  }
  return { ...bare, files, device };
}

function differingInFiles(specs: readonly Spec[]): readonly Spec[] {
  const found = new Map<string, Spec>();
  for (const spec of specs) {
    const key = orderedText([spec.data, 'module' in spec.strategy ? spec.strategy.module : null]);
    if (!found.has(key)) found.set(key, spec);
  }
  return [...found.values()];
}

async function hashesOf(
  spec: Spec,
  place: Place & { readonly specFile: string },
  onBytes: HereOptions['onBytes'],
): Promise<readonly (readonly [string, string])[]> {
  const specName = path.relative(place.root, place.specFile).split(path.sep).join('/');
  const asked = { spec, place, specName };
  const { files } = await lookAround(asked, { purpose: 'training', ...(onBytes === undefined ? {} : { onBytes }) });
  return files.map(({ path: file, sha256 }) => {
    if (sha256 !== null) return [file, sha256];
    throw new CliError(
      `The file "${file}" is missing. Put it there, or correct the spec.`,
      `缺少文件“${file}”。请放回该文件，或修改实验描述文件。`,
    );
  });
}
