// The entry point `@sluice/testing/servers`: real servers for tests that need them, each a process of the test's own.
export { type FaultProxy, faultProxy } from '../fault-proxy/fault-proxy.ts';
export type { ProxyFault, Way } from '../fault-proxy/proxy-fault.ts';
export { freePort } from './free-port.ts';
export { hasPostgres, type PostgresServer, startPostgres } from './postgres.ts';
export { hasRedis, type RedisServer, type RedisServerOptions, startRedis } from './redis.ts';
