import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32, plainCrc32 } from '../../../src/files/crc32.ts';

test('the check value of the CRC catalog, and both ways alike, whole and in pieces', () => {
  // CRC-32/ISO-HDLC of "123456789" is CBF43926 (https://reveng.sourceforge.io/crc-catalogue/17plus.htm).
  const nine = new TextEncoder().encode('123456789');
  assert.deepEqual([crc32(nine), plainCrc32(nine)], [0xcbf43926, 0xcbf43926]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (bytes, at) => {
      const cut = at % (bytes.length + 1);
      const whole = crc32(bytes);
      assert.equal(plainCrc32(bytes), whole);
      assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), whole);
    }),
  );
});
