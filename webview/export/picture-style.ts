/** Colors and letters of a picture that looks as the window does. */
import { changeColors, palette, taskColor } from '../theme.ts';
import type { PictureStyle } from './paper-style.ts';

export function themeStyle(): PictureStyle {
  const { foreground, muted, background, grid, fontFamily, highContrast } = palette();
  return {
    ...{ foreground, background, grid, fontFamily, taskColor },
    muted: highContrast ? foreground : muted,
    fill: background,
    sharedFill: `color-mix(in srgb, ${foreground} 9%, ${background})`,
    fontSize: 13,
    changeColor: changeColors(),
  };
}
