import { runtimeFolder } from '../../../src/runtime/layout.ts';

const given = process.env['MTL_TEST_RUNTIME_DIR'];

/** The machine's runtime folder for native tests; `npm test` hides it from all others. */
export const installedRuntimes =
  given === undefined ? runtimeFolder() : runtimeFolder({ ...process.env, MTL_RUNTIME_DIR: given });
