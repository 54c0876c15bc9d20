/**
 * A chart by keyboard. The cursor is a slider along the x axis, whose value is what stands there: arrows move it (with
 * Shift by ten), Page Up and Page Down by a tenth, Home and End to the ends, `+` and `-` zoom around it, Escape shows
 * everything and takes it away.
 */
import { indexNear, nextIndex } from './key-steps.ts';
import type { Zoom } from './source.ts';

interface Served {
  /** Ascending. */
  readonly places: () => ArrayLike<number>;
  /** Null takes the cursor away. */
  readonly move: (index: number | null) => void;
  readonly zoom: (zoom: Zoom | null) => void;
  readonly shown: () => Zoom;
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
      this.#served.zoom(null);
    } else if (event.key === '+' || event.key === '=' || event.key === '-') this.#zoom(event.key === '-' ? 2 : 0.5);
    else {
      const next = nextIndex(event, this.#x === null ? null : indexNear(places, this.#x), places.length);
      if (next === null) return;
      this.#put(next);
    }
    event.preventDefault();
  }

  #zoom(factor: number): void {
    const places = this.#served.places();
    const { from, to } = this.#served.shown();
    const middle = this.#x ?? (from + to) / 2;
    const half = ((to - from) * factor) / 2;
    const [first, last] = [places[0] ?? from, places[places.length - 1] ?? to];
    const next = { from: middle - half, to: middle + half };
    if (factor > 1 && next.from <= first && next.to >= last) this.#served.zoom(null);
    else if (half > 0) this.#served.zoom(next);
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
