/** What an experiment depends on beside its text: the engine that its runs take here, and the data as they are now. */
import * as path from 'node:path';
import type { Surroundings } from '../../experiment/contract.ts';
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

/**
 * @throws CliError, DataError where the engine or a file is not to be had
 */
export async function surroundingsOf(
  spec: Spec,
  place: Place & { readonly specFile: string },
  engine?: 'auto' | 'native' | 'wasm',
): Promise<Surroundings> {
  const { name, version } = await engineHere(engine ?? spec.training.engine);
  const specName = path.relative(place.root, place.specFile).split(path.sep).join('/');
  const { files } = await lookAround({ spec, place, specName }, { purpose: 'training' });
  const missing = files.find(({ sha256 }) => sha256 === null);
  if (missing !== undefined) {
    throw new CliError(
      `The file "${missing.path}" is missing. Put it there, or correct the spec.`,
      `缺少文件“${missing.path}”。请放回该文件，或修改实验描述文件。`,
    );
  }
  return {
    engine: { name, version },
    files: new Map(files.map((file) => [file.path, file.sha256 ?? ''])),
  };
}
