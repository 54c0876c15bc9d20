/** Every layer of the tables trains with every argument away from its default, on the embedded engine. */
import { after, before, test } from 'node:test';
import { openEngine } from '../../../../src/engine/open.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { checkLayer, layerCases } from './walk.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

for (const one of layerCases()) test(one.name, () => checkLayer(engine, one, false));
