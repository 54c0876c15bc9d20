/** Quick picks and input boxes that a test fills in as a person does. */
import { EventEmitter } from './fake-classes.ts';

/** What lists and boxes have in common. */
export class FakeInput {
  title = '';
  placeholder = '';
  prompt = '';
  value = '';
  valueSelection: readonly [number, number] | undefined;
  validationMessage: string | undefined;
  ignoreFocusOut = false;
  buttons: readonly unknown[] = [];
  shown = false;
  readonly #accepted = new EventEmitter<void>();
  readonly #pressed = new EventEmitter<unknown>();
  readonly #hidden = new EventEmitter<void>();
  readonly #changed = new EventEmitter<string>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidTriggerButton = this.#pressed.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidChangeValue = this.#changed.event;

  show(): void {
    this.shown = true;
    asked.tell(this);
  }

  hide(): void {
    if (!this.shown) return;
    this.shown = false;
    this.#hidden.fire();
  }

  readonly dispose = (): void => undefined;

  /** Until the code has looked at the answer; files may be asked for. */
  async enter(): Promise<void> {
    this.#accepted.fire();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  back(): void {
    this.#pressed.fire(this.buttons[0]);
  }

  escape(): void {
    this.hide();
  }
}

export interface FakeItem {
  readonly label: string;
  readonly description?: string;
  readonly kind?: number;
}

export class FakePick extends FakeInput {
  items: readonly FakeItem[] = [];
  activeItems: readonly FakeItem[] = [];
  selectedItems: readonly FakeItem[] = [];
  canSelectMany = false;
  matchOnDescription = false;
  readonly #selected = new EventEmitter<readonly FakeItem[]>();
  readonly onDidChangeSelection = this.#selected.event;

  /** Marks these items and no others; separators cannot be. */
  mark(...labels: readonly string[]): void {
    this.selectedItems = this.items.filter(({ label, kind }) => kind !== -1 && labels.includes(label));
    this.#selected.fire(this.selectedItems);
  }
}

/** The questions that are on show, in the order in which they were asked. */
class Asked {
  readonly #open: FakeInput[] = [];
  #waiting: ((input: FakeInput) => void) | undefined;

  tell(input: FakeInput): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(input);
    else this.#open.push(input);
  }

  next(): Promise<FakeInput> {
    const first = this.#open.shift();
    if (first) return Promise.resolve(first);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  forget(): void {
    this.#open.length = 0;
    this.#waiting = undefined;
  }
}

export const asked = new Asked();
