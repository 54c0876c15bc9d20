/** Learning curves as paths. Pure. */

/** A curve as a path with gaps where there is no number; a lone point becomes a dot. */
export function pathOf(
  x: readonly number[],
  y: readonly (number | null)[],
  at: (x: number, y: number) => readonly [number, number],
): string {
  let path = '';
  let open = false;
  x.forEach((epoch, index) => {
    const value = y[index] ?? null;
    if (value === null) {
      open = false;
      return;
    }
    const [left, top] = at(epoch, value).map((place) => Math.round(place * 10) / 10);
    const alone = !open && (y[index + 1] ?? null) === null;
    path += `${open ? 'L' : 'M'}${String(left)} ${String(top)}${alone ? 'h0' : ''}`;
    open = true;
  });
  return path;
}
