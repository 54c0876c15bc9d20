/** Colors and letters of a picture; those of a printed page. Pure. */
import type { Change } from '../../src/plan/plan.ts';

export interface PictureStyle {
  readonly foreground: string;
  readonly muted: string;
  /** Lines behind a chart. */
  readonly grid: string;
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

/** Dark enough for white paper, and told apart by most eyes (after Okabe and Ito). */
const inks = ['#0072b2', '#b35900', '#00805f', '#8f4a88', '#b32424', '#00707f', '#a0206a', '#333333'] as const;

export type Background = 'white' | 'transparent';

/** For paper: black on white whatever the theme is. */
export function paperStyle(background: Background, fontFamily: string, fontSize: number): PictureStyle {
  return {
    ...{ fontFamily, fontSize },
    foreground: '#000000',
    muted: '#444444',
    grid: '#d9d9d9',
    background: background === 'white' ? '#ffffff' : 'transparent',
    fill: '#ffffff',
    sharedFill: '#f0f0f0',
    taskColor: (task) => inks[task % inks.length] ?? inks[0],
    changeColor: { added: '#1a7f37', removed: '#b32424', changed: '#9a6700' },
  };
}
