import { test } from 'node:test';
import { openEngine } from '../../../src/engine/open.ts';
import { assetsDirectory } from '../engine/support.ts';
import { installedFolder, nativeMissing } from '../engine/native/support.ts';
import { matrixOn } from './matrix-helpers.ts';

if (nativeMissing === false) {
  matrixOn('native', () => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder }));
} else {
  test('every pair on the native engine', { skip: nativeMissing }, () => undefined);
}
