/** Colors and letters of a picture: those of the window, or those of a printed page. */
import type { Change } from '../../src/plan/plan.ts';
import { changeColors, palette, taskColor } from '../theme.ts';

export interface PictureStyle {
  readonly foreground: string;
  readonly muted: string;
  /** Behind everything; `transparent` for none. */
  readonly background: string;
  /** Of a node, so that edges pass behind it. */
  readonly fill: string;
  /** Of what several tasks share. */
  readonly sharedFill: string;
  readonly fontFamily: string;
  /** In pixels. */
  readonly fontSize: number;
  readonly taskColor: (task: number) => string;
  /** Of what differs in the picture of two. */
  readonly changeColor: Readonly<Record<Change, string>>;
}

export function themeStyle(): PictureStyle {
  const { foreground, muted, background, fontFamily, highContrast } = palette();
  return {
    ...{ foreground, background, fontFamily, taskColor },
    muted: highContrast ? foreground : muted,
    fill: background,
    sharedFill: `color-mix(in srgb, ${foreground} 9%, ${background})`,
    fontSize: 13,
    changeColor: changeColors(),
  };
}

/** Dark enough for white paper, and told apart by most eyes (after Okabe and Ito). */
const inks = ['#0072b2', '#b35900', '#00805f', '#8f4a88', '#b32424', '#00707f', '#a0206a', '#333333'] as const;

export type Background = 'white' | 'transparent';

/** For paper: black on white whatever the theme is. */
export function paperStyle(background: Background, fontFamily: string, fontSize: number): PictureStyle {
  return {
    ...{ fontFamily, fontSize },
    foreground: '#000000',
    muted: '#444444',
    background: background === 'white' ? '#ffffff' : 'transparent',
    fill: '#ffffff',
    sharedFill: '#f0f0f0',
    taskColor: (task) => inks[task % inks.length] ?? inks[0],
    changeColor: { added: '#1a7f37', removed: '#b32424', changed: '#9a6700' },
  };
}
