/** The diagram page's words in both languages. */
import type { DiagramNodeKind } from '../../src/plan/plan.ts';
import type { Locale } from '../../src/messages/protocol.ts';

export interface Strings {
  readonly heading: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly copy: string;
  readonly saveSvg: string;
  readonly savePng: string;
  readonly stale: (problem: string) => string;
  readonly nothing: (problem: string) => string;
  readonly kinds: Readonly<Record<DiagramNodeKind, string>>;
  readonly shared: string;
  readonly hint: string;
}

const en: Strings = {
  heading: 'Task mapping diagram',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit to window',
  copy: 'Copy Mermaid text',
  saveSvg: 'Save as SVG',
  savePng: 'Save as PNG',
  stale: (problem) => `Last good picture; the text has a problem: ${problem}`,
  nothing: (problem) => `Nothing can be drawn yet: ${problem}`,
  kinds: {
    input: 'input',
    block: 'block',
    part: 'part of a block',
    task: 'task',
    prediction: 'prediction',
    total: 'total loss',
  },
  shared: 'shared',
  hint: 'Drag to pan, Alt+wheel or pinch to zoom, click a node to find it in the text, arrow keys follow the edges.',
};

const zh: Strings = {
  heading: '任务映射图',
  zoomIn: '放大',
  zoomOut: '缩小',
  fit: '适应窗口',
  copy: '复制 Mermaid 文本',
  saveSvg: '保存为 SVG',
  savePng: '保存为 PNG',
  stale: (problem) => `显示的是上一张正确的图；文本有问题：${problem}`,
  nothing: (problem) => `暂时无法绘制：${problem}`,
  kinds: { input: '输入', block: '模块', part: '模块的一部分', task: '任务', prediction: '预测', total: '总损失' },
  shared: '共享',
  hint: '拖动平移，Alt+滚轮或双指缩放，单击节点定位到文本，方向键沿边移动。',
};

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}
