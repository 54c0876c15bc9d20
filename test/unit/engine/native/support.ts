/** Native tests run where a runtime is installed, and are skipped with the reason elsewhere. */
import { describe, test } from 'node:test';
import { currentRuntime, trustedAddon } from '../../../../src/runtime/installed.ts';
import { installedRuntimes } from '../../runtime/installed-runtimes.ts';

function whyNot(): string | false {
  const runtime = currentRuntime(installedRuntimes);
  if (runtime === null) return 'the native engine is not installed here: mtl runtime install';
  try {
    trustedAddon(runtime);
    return false;
  } catch (error) {
    // scripts/test.mjs knows by its words that a skipped test is one of the native engine.
    return `the native engine cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** For node:test: the reason why native tests cannot run here, or false. */
export const nativeMissing = whyNot();

export const installedFolder = installedRuntimes;

/** A suite of native tests, or in its place one test that is skipped and says why. */
export function nativeSuite(name: string, body: () => void): void {
  if (nativeMissing === false) describe(name, body);
  else test(name, { skip: nativeMissing }, () => undefined);
}
