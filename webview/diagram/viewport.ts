/** Pan and zoom of the picture by one CSS transform: drag, Alt+wheel, pinch (a wheel with Ctrl), buttons, keys. */

export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** The whole picture in the middle: it stays so when the window changes its size. */
  readonly fitted?: boolean;
}

/** As far as a person zooms out; a picture that is larger still is fitted all the same. */
const smallest = 0.1;
const largest = 6;

export class Viewport {
  readonly #frame: HTMLElement;
  readonly #content: HTMLElement;
  readonly #onChange: (view: View) => void;
  #view: View = { x: 0, y: 0, scale: 1 };
  #size = { width: 1, height: 1 };

  /**
   * @param frame the visible window; listens to the pointer
   * @param content what is moved
   */
  constructor(frame: HTMLElement, content: HTMLElement, onChange: (view: View) => void) {
    this.#frame = frame;
    this.#content = content;
    this.#onChange = onChange;
    frame.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.#drag(event));
    new ResizeObserver(() => {
      if (this.#view.fitted === true) this.fit();
    }).observe(frame);
  }

  /** Size of the drawn picture at scale 1, in CSS pixels. */
  setSize(width: number, height: number): void {
    this.#size = { width, height };
  }

  set(view: View): void {
    const scale = Math.min(largest, Math.max(this.#least(), view.scale));
    this.#view = { x: view.x, y: view.y, scale, fitted: view.fitted === true };
    this.#content.style.transform = `translate(${String(view.x)}px, ${String(view.y)}px) scale(${String(scale)})`;
    this.#onChange(this.#view);
  }

  /** The whole picture in the middle of the window, never larger than life. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#frame;
    const { width, height } = this.#size;
    // A window that is not shown has no size to fit into.
    const scale = Math.min(1, Math.max(1, clientWidth - 24) / width, Math.max(1, clientHeight - 24) / height);
    const x = (clientWidth - width * scale) / 2;
    this.set({ x, y: Math.max(12, (clientHeight - height * scale) / 2), scale, fitted: true });
  }

  /** Zooms by a factor around a point of the window; its middle by default. */
  zoom(factor: number, at = { x: this.#frame.clientWidth / 2, y: this.#frame.clientHeight / 2 }): void {
    const { x, y, scale } = this.#view;
    const next = Math.min(largest, Math.max(this.#least(), scale * factor));
    const ratio = next / scale;
    this.set({ x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, scale: next });
  }

  #least(): number {
    const { clientWidth, clientHeight } = this.#frame;
    const { width, height } = this.#size;
    return Math.min(smallest, Math.max(1, clientWidth - 24) / width, Math.max(1, clientHeight - 24) / height);
  }

  get view(): View {
    return this.#view;
  }

  pan(dx: number, dy: number): void {
    this.set({ x: this.#view.x + dx, y: this.#view.y + dy, scale: this.#view.scale });
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (!event.altKey && !event.ctrlKey) {
      this.pan(-event.deltaX, -event.deltaY);
      return;
    }
    const box = this.#frame.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
  }

  #drag(down: PointerEvent): void {
    if (down.button !== 0) return;
    let last = down;
    let moved = false;
    const move = (event: PointerEvent): void => {
      // A click may tremble a little; only a real drag takes the pointer away from the node below.
      if (!moved && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 4) return;
      if (!moved) this.#frame.setPointerCapture(event.pointerId);
      moved = true;
      this.pan(event.clientX - last.clientX, event.clientY - last.clientY);
      last = event;
    };
    const up = (): void => {
      this.#frame.removeEventListener('pointermove', move);
      this.#frame.removeEventListener('pointerup', up);
      this.#frame.removeEventListener('pointercancel', up);
    };
    this.#frame.addEventListener('pointermove', move);
    this.#frame.addEventListener('pointerup', up);
    this.#frame.addEventListener('pointercancel', up);
  }
}
