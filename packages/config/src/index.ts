export type { GatewayOptions } from '@sluice/core';
export { type Callback, type CallbackResponse, callbacks, type CallbacksOptions } from './callbacks.ts';
export { defineConfig } from './define-config.ts';
export { litellmModelReader, type ModelReaderOptions } from './model-reader.ts';
export { type KeyRow, KEY_TABLE } from './key-table.ts';
export { explain } from './explain.ts';
export { origins } from './origins.ts';
export { changesSince, type Said } from './said.ts';
export { loadConfig, type LoadedConfig, type LoadOptions, type OpenedStores, readConfig } from './load-config.ts';
