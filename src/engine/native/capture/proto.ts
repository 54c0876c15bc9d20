/**
 * Writes protocol buffers, as far as a saved model needs them: varints, 32-bit floats, bytes and nested messages
 * (https://protobuf.dev/programming-guides/encoding).
 */

/** One message being written. Fields appear in the order of the calls. */
export class Message {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** int32, int64, bool and enum fields. Safe integers only; negative ones take ten bytes. */
  integer(field: number, value: number | boolean): this {
    this.#varint(field * 8);
    this.#varint(Number(value));
    return this;
  }

  /** float fields. */
  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  /** The message so far. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #varint(value: number): void {
    if (value < 0) {
      this.#long(BigInt.asUintN(64, BigInt(value)));
      return;
    }
    let rest = value;
    const bytes: number[] = [];
    while (rest >= 128) {
      bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
    this.#append(Uint8Array.from(bytes));
  }

  #long(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 7n) {
      const low = Number(rest & 127n);
      if (rest < 128n) {
        bytes.push(low);
        break;
      }
      bytes.push(low | 128);
    }
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }
}
