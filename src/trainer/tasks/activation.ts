/** From raw head to prediction, for each type of task. */

/** What stands between a head's raw numbers and the prediction in a saved model. */
export type PredictionActivation = 'linear' | 'softmax' | 'sigmoid';

const activations: Readonly<Record<string, PredictionActivation>> = {
  classification: 'softmax',
  // With the loss `poisson` the saved model gives η = ln μ: tf.layers has no exponential activation.
  regression: 'linear',
  box: 'sigmoid',
};

/** @throws Error for a task type that this version cannot train */
export function predictionActivation(type: string): PredictionActivation {
  const activation = Object.hasOwn(activations, type) ? activations[type] : undefined;
  if (activation === undefined) throw new Error(`Tasks of type "${type}" cannot be trained by this version.`);
  return activation;
}
