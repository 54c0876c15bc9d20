/** Pooling as loops over windows (channels last), for engines whose own kernels get it wrong. */
import type { backend_util } from '@tensorflow/tfjs-core';

type Conv = backend_util.Conv2DInfo;

/** The part of a window that lies inside the image: padding belongs to no window. */
export interface PoolWindow {
  /** Element offset of the output position at channel 0. */
  readonly output: number;
  /** Element offset of the image. */
  readonly image: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function forEachWindow(conv: Conv, visit: (window: PoolWindow) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = conv;
  let output = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const corner = oh * conv.strideHeight - padInfo.top;
      for (let ow = 0; ow < outWidth; ow++, output += inChannels) {
        const side = ow * conv.strideWidth - padInfo.left;
        visit({
          output,
          image: n * inHeight * inWidth * inChannels,
          top: Math.max(0, corner),
          bottom: Math.min(inHeight, corner + conv.filterHeight),
          left: Math.max(0, side),
          right: Math.min(inWidth, side + conv.filterWidth),
        });
      }
    }
  }
}

/** Calls `visit` with the element offset, at channel 0, of every element of a window. */
function forEachElement(conv: Conv, window: PoolWindow, visit: (at: number) => void): void {
  for (let h = window.top; h < window.bottom; h++) {
    const row = window.image + h * conv.inWidth * conv.inChannels;
    for (let w = window.left; w < window.right; w++) visit(row + w * conv.inChannels);
  }
}

/** y = the largest of each window; not-a-number where there is one. */
export function maxPool(x: Float32Array, y: Float32Array, conv: Conv): void {
  forEachWindow(conv, (window) => {
    for (let c = 0; c < conv.inChannels; c++) y[window.output + c] = -Infinity;
    forEachElement(conv, window, (at) => {
      for (let c = 0; c < conv.inChannels; c++) {
        // Math.max keeps not-a-number.
        y[window.output + c] = Math.max(y[window.output + c] ?? 0, x[at + c] ?? 0);
      }
    });
  });
}

/** y = the mean of the part of each window inside the image. */
export function averagePool(x: Float32Array, y: Float32Array, conv: Conv): void {
  const sums = new Float64Array(conv.inChannels);
  forEachWindow(conv, (window) => {
    sums.fill(0);
    forEachElement(conv, window, (at) => {
      for (let c = 0; c < conv.inChannels; c++) sums[c] = (sums[c] ?? 0) + (x[at + c] ?? 0);
    });
    const count = (window.bottom - window.top) * (window.right - window.left);
    for (let c = 0; c < conv.inChannels; c++) y[window.output + c] = (sums[c] ?? 0) / count;
  });
}

/** dx = Σ over the windows that hold an element of dy ÷ the number of elements that the window has inside the image. */
export function averagePoolGradient(dy: Float32Array, dx: Float32Array, conv: Conv): void {
  dx.fill(0);
  forEachWindow(conv, (window) => {
    const share = 1 / ((window.bottom - window.top) * (window.right - window.left));
    forEachElement(conv, window, (at) => {
      for (let c = 0; c < conv.inChannels; c++) {
        dx[at + c] = (dx[at + c] ?? 0) + (dy[window.output + c] ?? 0) * share;
      }
    });
  });
}
