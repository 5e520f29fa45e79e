export type { RedisCommands, ScriptInput } from './commands.ts';
export type { RedisAddress } from './connect.ts';
export { redisStore, type RedisStoreEvent, type RedisStoreOptions } from './redis-store.ts';
export { store } from './store-package.ts';
