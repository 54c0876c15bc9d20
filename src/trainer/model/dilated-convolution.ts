/**
 * tf.layers' conv2d with its taps apart, in steps that have gradients: convolution, bias, activation. tf.layers calls one
 * fused operation for them, whose gradient refuses dilation.
 */
import { tf, type tfl } from '../../engine/tfjs.ts';
import { only } from './stand-in-layers.ts';

/** What tf.layers' class of it has; protected by its types only. */
interface Conv2D {
  readonly kernel: tfl.LayerVariable;
  readonly bias: tfl.LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
  readonly strides: [number, number];
  readonly dilationRate: [number, number];
  readonly padding: 'valid' | 'same';
}

/** @param layer a conv2d; weights, configuration and saved form stay tf.layers' own */
export function inSteps(layer: tfl.layers.Layer): tfl.layers.Layer {
  const own = layer as unknown as Conv2D;
  layer.call = (inputs) =>
    tf.tidy(() => {
      const [x, kernel] = [only(inputs) as tf.Tensor4D, own.kernel.read() as tf.Tensor4D];
      const y = tf.conv2d(x, kernel, own.strides, own.padding, 'NHWC', own.dilationRate);
      return own.activation.apply(own.bias ? tf.add(y, own.bias.read()) : y);
    });
  return layer;
}
