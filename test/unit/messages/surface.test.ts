// A response surface crosses the border whole, or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passes } from '../../../src/common/checks.ts';
import { weightSurface } from '../../../src/messages/surface.ts';
import { surfaceOfTasks } from '../../webview/surfaces.ts';
import { placesOf, replaced } from './places.ts';

const said = { en: 'a', zh: '甲' };
const whole = (() => {
  const base = surfaceOfTasks(2);
  return { ...base, remarks: [said], responses: base.responses.map((one) => ({ ...one, remark: said })) };
})();

test('a whole one passes; with any member missing or of another kind it does not', () => {
  assert.ok(passes(weightSurface, whole));
  for (const place of placesOf(whole)) {
    for (const wrong of [undefined, true, { strange: 1 }]) {
      if (wrong === true && place.at(-1) === 'higherIsBetter') continue;
      assert.equal(
        passes(weightSurface, replaced(whole, place, wrong)),
        false,
        `${place.join('/')} ${JSON.stringify(wrong)}`,
      );
    }
  }
});

test('what may be null may be nothing else', () => {
  assert.ok(passes(weightSurface, { ...whole, arm: null, responses: [{ ...whole.responses[0], model: null, remark: null }] })); // prettier-ignore
  assert.ok(passes(weightSurface, { ...whole, points: [{ ...whole.points[0], means: [null] }] }));
  for (const degree of [0, 3, '1', null])
    assert.equal(passes(weightSurface, replaced(whole, ['responses', 0, 'model', 'degree'], degree)), false);
});
