import { test } from 'node:test';
import { openEngine } from '../../../src/trainer/engine/open.ts';
import { assetsDirectory } from '../trainer/engine/support.ts';
import { installedFolder, nativeMissing } from '../trainer/engine/native/support.ts';
import { matrixOn } from './matrix-helpers.ts';

if (nativeMissing === false) {
  matrixOn('captured', () => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder }));
} else {
  test('every pair on the native engine, captured', { skip: nativeMissing }, () => undefined);
}
