/**
 * Draws where a loss is no finite number: a cross at the foot of the chart where it begins, with the word at the first of
 * each task, and a line as far as it lasts.
 */
import type uPlot from 'uplot';
import { palette, taskColor } from '../theme.ts';
import type { Mark } from './series.ts';
import { isHidden, type Source } from './source.ts';

/** @param ratio device pixels a CSS pixel */
export function drawMarks(plot: uPlot, marks: readonly Mark[], source: Source, ratio: number): void {
  const { ctx, bbox } = plot;
  const size = 4 * ratio;
  /** Where the last mark of a task was drawn. */
  const before = new Map<number, number>();
  ctx.save();
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([]);
  ctx.textBaseline = 'middle';
  ctx.font = `${String(11 * ratio)}px ${palette().fontFamily}`;
  for (const { x, task, word } of marks) {
    if (isHidden(source, task)) continue;
    const left = plot.valToPos(x, 'x', true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    const top = bbox.top + bbox.height - (2 + 3 * (task % 8)) * size;
    ctx.strokeStyle = ctx.fillStyle = taskColor(task);
    const last = before.get(task);
    before.set(task, left);
    ctx.beginPath();
    // Closer than a cross is wide: the same stretch goes on.
    if (last !== undefined && left - last < 3 * size) {
      ctx.moveTo(last, top);
      ctx.lineTo(left, top);
      ctx.stroke();
      continue;
    }
    ctx.moveTo(left - size, top - size);
    ctx.lineTo(left + size, top + size);
    ctx.moveTo(left + size, top - size);
    ctx.lineTo(left - size, top + size);
    ctx.stroke();
    if (last !== undefined) continue;
    // Above the cross, on the side where there is room.
    const room = left + 12 * size < bbox.left + bbox.width;
    ctx.textAlign = room ? 'left' : 'right';
    ctx.fillText(word, left + (room ? -size : size), top - 2.6 * size);
  }
  ctx.restore();
}
