export { textGeneration, type TextGeneration } from './text-generation.ts';
