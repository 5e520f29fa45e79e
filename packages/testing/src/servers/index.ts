// The entry point `@sluice/testing/servers`: real servers for tests that need them, each a process of the test's own.
export { freePort } from './free-port.ts';
export { hasPostgres, type PostgresServer, startPostgres } from './postgres.ts';
export { hasRedis, type RedisServer, type RedisServerOptions, startRedis } from './redis.ts';
