/** A chart by wheel and mouse: Ctrl and the wheel (or a pinch) zoom, Shift and the wheel (or dragging) move what is shown. */

interface Served {
  /** @param at place in the plot, 0 (left) … 1; @param factor above 1: out */
  readonly zoom: (at: number, factor: number) => void;
  /** @param part of the width, to the right */
  readonly pan: (part: number) => void;
}

/** @param plotOf what the curves are drawn in */
export function listenToMouse(host: HTMLElement, plotOf: () => HTMLElement | undefined, served: Served): void {
  const width = (): number => Math.max(1, plotOf()?.clientWidth ?? 1);
  host.addEventListener(
    'wheel',
    (event) => {
      // A line is about 16 pixels.
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const sideways = event.deltaX + (event.shiftKey ? event.deltaY : 0);
      if (event.ctrlKey) {
        const left = plotOf()?.getBoundingClientRect().left ?? 0;
        const at = Math.min(1, Math.max(0, (event.clientX - left) / width()));
        served.zoom(at, Math.min(4, Math.max(0.25, Math.exp((event.deltaY * unit) / 200))));
      } else if (sideways !== 0) served.pan((sideways * unit) / width());
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
  // Before the plot hears of it, where dragging chooses what to zoom into.
  host.addEventListener('mousedown', (event) => event.shiftKey && event.button === 0 && drag(event), { capture: true });
  const drag = (start: MouseEvent): void => {
    start.stopPropagation();
    start.preventDefault();
    let last = start.clientX;
    const move = (event: MouseEvent): void => {
      served.pan((last - event.clientX) / width());
      last = event.clientX;
    };
    const end = (): void => {
      window.removeEventListener('mousemove', move);
      window.removeEventListener('mouseup', end);
    };
    window.addEventListener('mousemove', move);
    window.addEventListener('mouseup', end);
  };
}
