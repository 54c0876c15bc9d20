/** Loads the strategy module that a spec names. The person who starts a run says with it that this code may run. */
import { textOfError } from '../../common/told-error.ts';
import { text } from '../../common/text.ts';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveInside } from '../../data/paths.ts';
import { moduleLimit, sha256, type FrozenModule } from '../../runs/frozen.ts';
import type { StrategySpec } from '../../spec/index.ts';
import { TrainingError } from '../errors.ts';
import type { RunPlace } from './frozen-run.ts';
import { ModuleError, moduleStrategy, readModule, type StrategyModule } from '../../weighting/custom/module.ts';
import type { Strategy, StrategyContext } from '../../weighting/contract.ts';

/**
 * The strategy of a spec that names a module; null for any other. Only the very file that was there when the run was made
 * is loaded: a run goes on with the code it began with, or not at all.
 *
 * @param frozen the modules of the run's record
 * @throws DataError for a path that may not be opened, TrainingError or ModuleError `strategy-module`
 */
export async function loadStrategy(
  strategy: StrategySpec,
  context: StrategyContext,
  place: RunPlace,
  frozen: readonly FrozenModule[],
): Promise<Strategy | null> {
  if (strategy.name !== 'module') return null;
  const { module: written, normalize } = strategy;
  const file = await resolveInside(place.root, path.dirname(place.specFile), written, place);
  const expected = frozen.find((entry) => entry.path === written)?.sha256;
  const bytes = file.bytes <= moduleLimit ? fs.readFileSync(file.path) : null;
  if (expected === undefined || bytes === null || sha256(bytes) !== expected) {
    throw new TrainingError(
      'strategy-module',
      text(
        `The strategy module ${file.name} is not the one that this run was made with. Put the old file back, or start a new run with the new one.`,
        `策略模块 ${file.name} 与创建此运行时的不同。请恢复原文件，或用新文件新建运行。`,
      ),
    );
  }
  const module = await importStrategy(file.path, file.name);
  return moduleStrategy(module, { ...context, normalize });
}

/**
 * Imports a module and reads its exports.
 *
 * @param file absolute
 * @param name as people know it
 * @throws ModuleError
 */
export async function importStrategy(file: string, name: string): Promise<StrategyModule> {
  let exported: unknown;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    const { en, zh } = textOfError(error);
    throw new ModuleError(name, `it cannot be loaded: ${en}`, `无法加载：${zh}`);
  }
  return readModule(name, exported);
}
