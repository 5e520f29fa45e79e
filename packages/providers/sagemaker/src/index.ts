export { provider } from './provider-package.ts';
export { sagemaker, sagemakerChat, type SagemakerOptions } from './sagemaker.ts';
