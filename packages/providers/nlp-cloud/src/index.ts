export { nlpCloud, type NlpCloudOptions } from './nlp-cloud.ts';
export { provider } from './provider-package.ts';
