/** The words of the dialog that saves a picture for a paper, in both languages. */
import type { Locale } from '../../src/messages/protocol.ts';

export interface ExportWords {
  readonly exportPicture: string;
  readonly background: string;
  readonly white: string;
  readonly transparent: string;
  readonly asShown: string;
  readonly font: string;
  readonly sans: string;
  readonly serif: string;
  readonly windowFont: string;
  readonly ownFont: string;
  readonly points: string;
  readonly saveVector: string;
  readonly savePrint: string;
  readonly paperSize: (width: string, height: string) => string;
  readonly fontNote: string;
  readonly tooLarge: string;
  readonly saveNumbers: string;
  readonly width: string;
  readonly height: string;
  /** The picture is higher than was asked for. */
  readonly higher: string;
}

export const exportWords: Readonly<Record<Locale, ExportWords>> = {
  en: {
    exportPicture: 'Export for a paper',
    background: 'Background',
    white: 'white',
    transparent: 'transparent',
    asShown: 'as shown here',
    font: 'Font',
    sans: 'sans serif (Arial, Helvetica)',
    serif: 'serif (Times)',
    windowFont: 'that of the window',
    ownFont: 'another one, by name',
    points: 'Size in points',
    saveVector: 'SVG, vectors',
    savePrint: 'PNG, 300 dpi',
    paperSize: (width, height) => `${width} × ${height} mm`,
    fontNote: 'An SVG names its font; whoever opens it needs that font too.',
    tooLarge:
      'The picture has too many pixels for a PNG of this density. Choose smaller letters, draw siblings alike as one, or save it as SVG.',
    saveNumbers: 'CSV, the numbers',
    width: 'Width in mm',
    height: 'Height in mm',
    higher: 'higher than asked for, since the legend needs room',
  },
  'zh-cn': {
    exportPicture: '导出论文插图',
    background: '背景',
    white: '白色',
    transparent: '透明',
    asShown: '与此处相同',
    font: '字体',
    sans: '无衬线（Arial、Helvetica）',
    serif: '衬线（Times）',
    windowFont: '窗口字体',
    ownFont: '其他字体（输入名称）',
    points: '字号（磅）',
    saveVector: 'SVG 矢量图',
    savePrint: 'PNG 位图，300 dpi',
    paperSize: (width, height) => `${width} × ${height} 毫米`,
    fontNote: 'SVG 只记录字体名称，打开它的机器也需要有该字体。',
    tooLarge: '图在此精度下像素过多，无法存为 PNG。请减小字号、将相同的同级节点合并绘制，或保存为 SVG。',
    saveNumbers: 'CSV 数值',
    width: '宽度（毫米）',
    height: '高度（毫米）',
    higher: '比设定的高，因为图例需要空间',
  },
};
