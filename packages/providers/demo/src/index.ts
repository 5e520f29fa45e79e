export { demo, type DemoOptions } from './demo.ts';
export { provider } from './provider-package.ts';
export type { ScriptedAnswer } from './scripted-answer.ts';
