/** Why a piece of work cannot become a graph, as the end of a sentence. Training then goes on operation by operation. */
export class CaptureError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CaptureError';
  }
}
