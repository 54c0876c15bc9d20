/** Why an engine, or one operation on it, is not to be had. The message says what to do next. */
export type EngineErrorCode = 'engine-unavailable' | 'operation-unsupported' | 'memory';

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
