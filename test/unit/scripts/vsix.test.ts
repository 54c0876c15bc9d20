import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutPictures } from '../../../scripts/lib/vsix.mjs';

test('the package’s page has no pictures that it could not show', () => {
  const page = '# Title\n\n![the editor](media/screenshots/editor.png)\n\nWords ![inline](a.png) stay.\n';
  assert.equal(withoutPictures(page), '# Title\n\nWords ![inline](a.png) stay.\n');
});
