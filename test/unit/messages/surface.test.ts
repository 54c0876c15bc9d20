// A response surface crosses the border whole, or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passes } from '../../../src/common/checks.ts';
import { weightSurface } from '../../../src/messages/surface.ts';
import { surfaceOfTasks } from '../../webview/surfaces.ts';

const said = { en: 'a', zh: '甲' };
const whole = (() => {
  const base = surfaceOfTasks(2);
  return { ...base, remarks: [said], responses: base.responses.map((one) => ({ ...one, remark: said })) };
})();

type Path = readonly (string | number)[];

/** Every place in it, members of lists by their first one. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Array.isArray(value) ? ([[0, value[0]]] as const) : Object.entries(value);
  return [path, ...members.flatMap(([key, member]: readonly [string | number, unknown]) => placesOf(member, [...path, key]))]; // prettier-ignore
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === key ? replaced(one, rest, by) : one));
  const own = value as Readonly<Record<string, unknown>>;
  return { ...own, [key]: replaced(own[key], rest, by) };
}

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
