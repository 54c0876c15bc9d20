/** A layer gets an input with the wrong number of axes: say what it takes, and what turns one into the other. */
import type { Text } from '../../common/text.ts';
import type { Shape } from '../plan.ts';
import { formatShape } from './sizes.ts';
import type { LayerRule, ShapeMistake } from './contract.ts';

type Axes = NonNullable<LayerRule['axes']>;

const takes: Readonly<Record<Axes, Text>> = {
  1: { en: 'a vector [features]', zh: '向量 [特征]' },
  2: { en: 'a sequence [time, features]', zh: '序列 [时间，特征]' },
  3: { en: 'a map [height, width, channels]', zh: '特征图 [高，宽，通道]' },
  '2+': { en: 'a map or a sequence', zh: '特征图或序列' },
};

export function axesMistake(type: string, axes: Axes, input: Shape): ShapeMistake {
  const hint = hintFor(axes, input.length);
  return {
    code: 'shape-mismatch',
    message: {
      en: `${type} takes ${takes[axes].en}, but its input is ${formatShape(input)}. ${hint.en}`,
      zh: `${type} 需要${takes[axes].zh}，但其输入为 ${formatShape(input)}。${hint.zh}`,
    },
  };
}

function hintFor(axes: Axes, actual: number): Text {
  if (axes === '2+') return { en: 'It is flat already: remove this layer.', zh: '它已经是一维的：请删除该层。' };
  if (axes === 1) {
    return { en: 'Insert a flatten or a global pooling layer before it.', zh: '请在其前插入 flatten 或全局池化层。' };
  }
  if (actual === 1) {
    return {
      en: 'Put it before the layer that flattens, or insert a reshape in front of it.',
      zh: '请把它放在展平层之前，或在其前插入 reshape。',
    };
  }
  return { en: 'Insert a reshape before it.', zh: '请在其前插入 reshape。' };
}
