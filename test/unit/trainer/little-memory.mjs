// A machine that gives WebAssembly no more than 24 MB.
/** @typedef {{ readonly buffer: ArrayBuffer, grow(pages: number): number }} Memory */
const host = /** @type {{ WebAssembly: { Memory: { prototype: Memory } } }} */ (/** @type {unknown} */ (globalThis));
const { prototype } = host.WebAssembly.Memory;
const { grow } = prototype;

/**
 * @this {Memory}
 * @param {number} pages
 */
prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > 24 * 2 ** 20) throw new RangeError('no more');
  return grow.call(this, pages);
};
