/** Every layer of the tables trains with every argument away from its default, on the native engine, eager and captured. */
import { after, before, test } from 'node:test';
import { openEngine } from '../../../../src/engine/open.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { installedFolder, nativeSuite } from '../../engine/native/support.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { checkLayer, layerCases } from './walk.ts';

nativeSuite('layers on the native engine', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => {
    engine.dispose();
  });

  for (const one of layerCases()) test(one.name, () => checkLayer(engine, one, true));
});
