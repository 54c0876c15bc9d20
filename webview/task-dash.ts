/** Dashes that tell curves apart beside their color, by task: seven, so that with eight colors the first 56 tasks differ. */
const dashes: readonly (readonly number[])[] = [[], [8, 3], [2, 3], [8, 3, 2, 3], [12, 3], [4, 4], [12, 3, 2, 3]];

export function taskDash(index: number): number[] {
  return [...(dashes[index % dashes.length] ?? [])];
}
