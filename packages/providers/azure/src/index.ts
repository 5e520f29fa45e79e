export { azure, azureAi, type AzureOptions } from './azure.ts';
export { provider } from './provider-package.ts';
export type { AzureSettings } from './settings.ts';
