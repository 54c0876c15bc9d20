import { embeddedEngine } from '../trainer/training-helpers.ts';
import { matrixOn } from './matrix-helpers.ts';

matrixOn('wasm', embeddedEngine);
