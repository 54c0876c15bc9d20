// Alone: an editor without language models is another editor, for everything that is loaded with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Uri } from '../fake-classes.ts';
import { windowState, withoutLanguageModels } from '../fake-vscode.ts';

withoutLanguageModels();
const { registerTools } = await import('../../../../src/editor/assistant/tools.ts');

test('where the editor knows no language models nothing is registered, and nothing goes wrong', () => {
  const load = (): never => assert.fail('nothing is loaded for it');
  const registered = registerTools(Uri.file('/extension') as never, { load });
  assert.equal(windowState.tools.size, 0);
  registered.dispose();
});
