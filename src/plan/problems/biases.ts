/** Biases that batch normalization takes away again. */
import { text } from '../../common/text.ts';
import { type LayerSpec } from '../../spec/index.ts';
import { booleanOf, textOf } from '../layers/arguments.ts';
import { layerRule } from '../layers/table.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';

export function checkBiases(context: Context): void {
  const { network, tasks } = context.spec;
  for (const [name, { layers, stages, trainable, weightsFrom }] of network) {
    // A frozen layer normalizes by stored numbers, and weights of another run come with their biases.
    if (!trainable || weightsFrom !== undefined) continue;
    checkList(pointerTo('network', name, 'layers'), layers, context);
    stages?.forEach((stage, index) => checkList(pointerTo('network', name, 'stages', index), stage, context));
  }
  for (const [name, { layers }] of tasks) checkList(pointerTo('tasks', name, 'layers'), layers, context);
}

function checkList(list: string, layers: readonly LayerSpec[], { report }: Context): void {
  layers.forEach((layer, index) => {
    const next = layers[index + 1];
    if (next === undefined || layerRule(next.type)?.centersChannels !== true) return;
    if (layerRule(layer.type)?.affine !== true) return;
    if (!booleanOf(layer, 'useBias', true) || textOf(layer, 'activation', 'linear') !== 'linear') return;
    const pointer = `${list}/${String(index)}`;
    const written = report.writtenKeys(pointer)?.includes('useBias') === true;
    const edit = written
      ? report.replaceValue(`${pointer}/useBias`, 'false')
      : report.setProperties(pointer, [['useBias', 'false']]);
    const offset = booleanOf(next, 'center', true);
    report.information(
      'bias-before-normalization',
      pointer,
      text(
        `The batch normalization that follows takes this bias away again with the mean: it changes no output and learns nothing. Set "useBias": false${offset ? '; the offset β of the normalization does its work' : ''}.`,
        `紧随其后的批量归一化会随均值减去这个偏置：它不影响任何输出，也学不到东西。请设置 "useBias": false${offset ? '；归一化的偏移 β 起同样的作用' : ''}。`,
      ),
      { fixes: [report.fix(text('Set "useBias": false', '设置 "useBias": false'), edit)] },
    );
  });
}
