import { test } from 'node:test';
import { openEngine } from '../../../../src/engine/open.ts';
import { installedFolder, nativeMissing } from '../../engine/native/support.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { walkStrategies } from './walk.ts';

// Operation by operation: graphs of steps have their own comparison with these.
if (nativeMissing === false) {
  walkStrategies(() => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder }), ['hard']);
} else {
  test('every strategy on the native engine', { skip: nativeMissing }, () => undefined);
}
