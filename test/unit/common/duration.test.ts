/** Durations as one would say them, in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from '../../../src/common/duration.ts';

test('seconds up to a minute and a half, minutes up to an hour, then both', () => {
  const said: readonly (readonly [number, string, string])[] = [
    [0, '1 s', '1 秒'],
    [1.4, '1 s', '1 秒'],
    [1.6, '2 s', '2 秒'],
    [89.4, '89 s', '89 秒'],
    [90, '2 min', '2 分钟'],
    [140, '2 min', '2 分钟'],
    [59.4 * 60, '59 min', '59 分钟'],
    [59.6 * 60, '1 h 0 min', '1 小时 0 分钟'],
    [80 * 60, '1 h 20 min', '1 小时 20 分钟'],
    [3 * 3600 + 10 * 60, '3 h 10 min', '3 小时 10 分钟'],
    [26 * 3600 + 59 * 60, '26 h 59 min', '26 小时 59 分钟'],
  ];
  for (const [seconds, en, zh] of said) assert.deepEqual(durationText(seconds), { en, zh }, String(seconds));
});
