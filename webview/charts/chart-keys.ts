/**
 * A chart by keyboard. The cursor is a slider along the x axis, whose value is what stands there: arrows move it (with
 * Shift by ten; at the edge of a zoomed chart they move what is shown), Page Up and Page Down by a tenth, Home and End to
 * the ends, `+` and `-` zoom around it, Escape shows everything and takes it away.
 */
import { indexNear, nextIndex } from './key-steps.ts';

interface Served {
  /** Ascending. */
  readonly places: () => ArrayLike<number>;
  /** Null takes the cursor away. */
  readonly move: (index: number | null) => void;
  /** @param around null: the middle; @param factor above 1: out; infinite: everything */
  readonly zoom: (around: number | null, factor: number) => void;
  /** @param part of the width, to the right; false where there is no more */
  readonly pan: (part: number) => boolean;
  readonly spoken: (index: number) => string;
}

export class ChartKeys {
  readonly #host: HTMLElement;
  readonly #served: Served;
  /** Where the cursor is on the x axis: with more records it has another index. */
  #x: number | null = null;

  constructor(host: HTMLElement, served: Served) {
    this.#host = host;
    this.#served = served;
    host.addEventListener('keydown', (event) => this.#key(event));
    host.addEventListener('blur', () => this.#put(null));
  }

  /** After a drawing: the cursor stays at its place. */
  update(): void {
    const { length } = this.#served.places();
    this.#host.setAttribute('aria-valuemin', '0');
    this.#host.setAttribute('aria-valuemax', String(Math.max(0, length - 1)));
    // Who has just come here is told the latest once, not with every record.
    if (this.#x === null && document.activeElement !== this.#host) this.#tell(length - 1);
    else if (this.#x !== null) this.#put(indexNear(this.#served.places(), this.#x));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const places = this.#served.places();
    if (places.length === 0) return;
    if (event.key === 'Escape') {
      this.#put(null);
      this.#served.zoom(null, Infinity);
    } else if (event.key === '+' || event.key === '=' || event.key === '-')
      this.#served.zoom(this.#x, event.key === '-' ? 2 : 0.5);
    else {
      const at = this.#x === null ? null : indexNear(places, this.#x);
      const next = nextIndex(event, at, places.length);
      if (next === null) return;
      // What is shown is all there is to go to, unless there is more beside it.
      if (next !== at || !event.key.startsWith('Arrow') || !this.#served.pan(next === 0 ? -0.5 : 0.5)) this.#put(next);
    }
    event.preventDefault();
  }

  #put(index: number | null): void {
    this.#x = index === null ? null : (this.#served.places()[index] ?? null);
    this.#served.move(index);
    if (index !== null) this.#tell(index);
  }

  #tell(index: number): void {
    this.#host.setAttribute('aria-valuenow', String(Math.max(0, index)));
    this.#host.setAttribute('aria-valuetext', index < 0 ? '' : this.#served.spoken(index));
  }
}
