/** Where gradients wait in the session until they are combined. */
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import type { Programs } from './programs.ts';

/** Where one step's gradients are kept until they are combined: a variable for each row and each head's gradient. */
export class Shelf {
  readonly number: number;
  readonly #programs: Programs;
  readonly #variables = new Map<string, Variable>();
  used = false;

  constructor(programs: Programs, number: number) {
    this.#programs = programs;
    this.number = number;
  }

  variable(name: string, shape: readonly number[]): Variable {
    const key = `${name} ${shape.join('x')}`;
    const variable = this.#variables.get(key) ?? this.#programs.variable(shape);
    this.#variables.set(key, variable);
    return variable;
  }
}

/** As many as a run needs at the same time. */
export class Shelves {
  readonly #programs: Programs;
  readonly #shelves: Shelf[] = [];

  constructor(programs: Programs) {
    this.#programs = programs;
  }

  /** One that is free; its `used` is to be set back. */
  take(): Shelf {
    let free = this.#shelves.find(({ used }) => !used);
    if (!free) {
      free = new Shelf(this.#programs, this.#shelves.length);
      this.#shelves.push(free);
    }
    free.used = true;
    return free;
  }
}
