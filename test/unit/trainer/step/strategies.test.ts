import { embeddedEngine } from '../training-helpers.ts';
import { walkStrategies } from './walk.ts';

walkStrategies(embeddedEngine);
