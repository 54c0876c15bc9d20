/**
 * What tfjs-node imports as `@tensorflow/tfjs`, in the bundle: the parts of that package that are here anyway. The whole
 * of it would bring WebGL, data sets and a model converter.
 */
export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
