/** Numbers that grow at the end: a typed array doubled when full, so that a million points stay one flat block. */
export class NumberColumn {
  #data: Float64Array;
  #length: number;

  /** @param values what stands in it at first: taken over, not copied */
  constructor(values?: Float64Array) {
    this.#data = values ?? new Float64Array(1024);
    this.#length = values?.length ?? 0;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = new Float64Array(Math.max(1024, this.#data.length * 2));
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }

  /** The value at an index; NaN outside. */
  at(index: number): number {
    return index >= 0 && index < this.#length ? (this.#data[index] ?? NaN) : NaN;
  }

  last(): number {
    return this.at(this.#length - 1);
  }

  /** A view of all values, valid until the next `push`. */
  values(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, Math.max(0, length));
  }
}
