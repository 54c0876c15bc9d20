// Weights added as an arm of the document that the experiment was planned from; what is refused is said, and nothing is edited.
import { answers, shown, windowState } from '../fake-vscode.ts';
import assert from 'node:assert/strict';
import { beforeEach, test, type TestContext } from 'node:test';
import type { WorkspaceEdit } from '../fake-classes.ts';
import { openDocument, type FakeDocument } from '../fake-documents.ts';
import { makePlace, quickFolder, specText, type Place } from '../../experiment/workplace.ts';

const { addToSpec } = await import('../../../../src/editor/experiments/comparison-arm.ts');
const { readDesign } = await import('../../../../src/experiment/design.ts');
const { splitTrunk } = await import('../../../../src/editor/panels/diagram-split.ts');
const { makePlan } = await import('../../../../src/plan/index.ts');
const { readSpec } = await import('../../../../src/spec/index.ts');

type Placed = FakeDocument & { positionAt: (offset: number) => number };

/** A document whose positions are its offsets, and an editor that makes edits in it. */
function opened(context: TestContext): { readonly place: Place; readonly document: Placed } {
  const place = makePlace(quickFolder(context), specText({ replicates: 2, arms: [{ id: 'joint' }] }));
  const document = Object.assign(openDocument(place.specFile), { positionAt: (offset: number) => offset });
  answers.edits = (edit: WorkspaceEdit) => {
    for (const [uri, edits] of edit.edits) {
      assert.equal(uri.fsPath, place.specFile);
      for (const { range, newText } of edits) {
        const [start = 0, end = 0] = range.numbers;
        document.text = document.text.slice(0, start) + newText + document.text.slice(end);
      }
    }
    return true;
  };
  return { place, document };
}

beforeEach(() => {
  shown.length = 0;
  windowState.documents.length = 0;
});
const idsOf = (text: string): readonly string[] => readDesign(text).design?.arms.map(({ id }) => id) ?? [];
const weights = new Map([['kind', 0.25], ['y', 1.75]]); // prettier-ignore

test('an edit of the document, told by its name', async (context) => {
  const { place, document } = opened(context);
  await addToSpec(place.directory, 'weights', weights);
  assert.deepEqual(idsOf(document.text), ['joint', 'weights 0.25:1.75']);
  assert.deepEqual(shown.map(({ kind }) => kind), ['information']); // prettier-ignore
  assert.match(shown[0]?.text ?? '', /weights 0\.25:1\.75/);
});

test('nothing is edited where no arm would train the same, the spec has changed, or the editor refuses', async (context) => {
  const { place, document } = opened(context);
  const before = document.text;
  await addToSpec(place.directory, null, weights);
  assert.deepEqual([document.text, shown.length], [before, 0]);
  document.text = before.replace('"units":4', '"units":5');
  assert.notEqual(document.text, before);
  await addToSpec(place.directory, 'weights', weights);
  assert.equal(shown[0]?.kind, 'error');
  assert.match(shown[0].text, /^The spec has changed since/);
  document.text = before;
  answers.edits = () => false;
  await addToSpec(place.directory, 'weights', weights);
  assert.deepEqual([document.text, shown[1]?.kind], [before, 'error']);
  assert.match(shown[1]?.text ?? '', /changed meanwhile/);
});

test('a trunk that is split: two blocks where there was one, as an edit of the document', async (context) => {
  const { document } = opened(context);
  const planOf = (text: string) => {
    const { spec, tree } = readSpec(text);
    return spec === undefined ? undefined : makePlan(spec, tree).plan;
  };
  const before = document.text;
  const asDocument = document as unknown as Parameters<typeof splitTrunk>[0];
  await splitTrunk(asDocument, planOf(before), 'nobody');
  await splitTrunk(asDocument, undefined, 'kind');
  assert.deepEqual([document.text, shown.map(({ kind }) => kind)], [before, ['error', 'error']]);
  await splitTrunk(asDocument, planOf(before), 'kind');
  const plan = planOf(document.text);
  assert.deepEqual([...(plan?.blocks.values() ?? [])].map(({ tasks }) => tasks), [['y'], ['kind']]); // prettier-ignore
  assert.equal(shown[2]?.kind, 'information');
  await splitTrunk(asDocument, plan, 'kind');
  assert.equal(shown[3]?.kind, 'error', 'nothing is left to part');
});
