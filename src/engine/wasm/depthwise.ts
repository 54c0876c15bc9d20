/** The positions that a depthwise convolution's filter taps meet, for loops over them. */
import type { backend_util } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';

type Conv = backend_util.Conv2DInfo;

export function depthwiseInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: {
    readonly strides: [number, number] | number;
    readonly dilations: [number, number] | number | null | undefined;
    readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  },
): Conv {
  return tf.backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    true,
  );
}

/** Calls `visit` with element offsets of x, dy and the filter at channel 0, for every output position and tap inside. */
export function forEachTap(conv: Conv, visit: (atX: number, atDy: number, atFilter: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } =
    conv;
  for (let image = 0; image < batchSize; image++) {
    for (let oh = 0; oh < outHeight; oh++) {
      for (let ow = 0; ow < outWidth; ow++) {
        const atDy = ((image * outHeight + oh) * outWidth + ow) * outChannels;
        for (let kh = 0; kh < filterHeight; kh++) {
          const ih = oh * conv.strideHeight - conv.padInfo.top + kh * conv.dilationHeight;
          if (ih < 0 || ih >= inHeight) continue;
          for (let kw = 0; kw < filterWidth; kw++) {
            const iw = ow * conv.strideWidth - conv.padInfo.left + kw * conv.dilationWidth;
            if (iw < 0 || iw >= inWidth) continue;
            visit(((image * inHeight + ih) * inWidth + iw) * inChannels, atDy, (kh * filterWidth + kw) * outChannels);
          }
        }
      }
    }
  }
}
