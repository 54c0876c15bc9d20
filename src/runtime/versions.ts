/** Versions that are part of what this program is; a test compares them with package.json. */
export const productVersion = '0.1.0';
/** Of the embedded engine (@tensorflow/tfjs-backend-wasm). */
export const wasmVersion = '4.22.0';
