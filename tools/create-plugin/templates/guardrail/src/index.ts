export { sampleNameGuardrail, type SampleNameGuardrailOptions } from './guardrail.ts';
export { guardrail } from './package.ts';
