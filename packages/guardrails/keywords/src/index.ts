export { keywords, type KeywordsOptions } from './keywords.ts';
export { guardrail } from './package.ts';
