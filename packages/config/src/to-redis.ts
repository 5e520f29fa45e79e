import type { JsonObject } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { Path } from './yaml-source.ts';

const PORT = 6379;

type Address = {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly db?: number | undefined;
  readonly ssl?: boolean | undefined;
};

/** Redis, where LiteLLM lets it be named: by the cache of either section, or by the router's settings. */
export function toRedis(file: ConfigFile, env: Environment): { readonly name: 'redis'; readonly options: JsonObject; readonly path: Path } | undefined {
  for (const section of ['litellm_settings', 'general_settings'] as const) {
    const { cache_params: params = {}, cache_type, redis_host, redis_port } = file[section] ?? {};
    const type = params.type ?? cache_type ?? (redis_host === undefined ? undefined : 'redis');
    if (type !== 'redis') continue;
    const { namespace: prefix, url, username, password, ssl } = params;
    const address = { url, host: params.host ?? redis_host, port: params.port ?? redis_port, username, password, ssl };
    const isParams = file[section]?.cache_params !== undefined;
    return {
      name: 'redis',
      options: { url: urlOf(address, env), ...(prefix !== undefined && { prefix }) },
      path: [section, isParams ? 'cache_params' : 'cache_type'],
    };
  }
  const { redis_url: url, redis_host: host, redis_port: port, redis_password: password, redis_db: db } = file.router_settings ?? {};
  if (url === undefined && host === undefined) return undefined;
  return {
    name: 'redis',
    options: { url: urlOf({ url, host, port, password, db }, env) },
    path: ['router_settings', url === undefined ? 'redis_host' : 'redis_url'],
  };
}

/** What the file does not say, LiteLLM's variables do. */
function urlOf(address: Address, env: Environment): string {
  if (address.url !== undefined) return address.url;
  if (address.host === undefined && env.REDIS_URL) return env.REDIS_URL;
  const { host = env.REDIS_HOST ?? 'localhost', port = env.REDIS_PORT ?? PORT } = address;
  const { username = env.REDIS_USERNAME ?? '', password = env.REDIS_PASSWORD } = address;
  const user = password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `${address.ssl ? 'rediss' : 'redis'}://${user}${host}:${port}${address.db === undefined ? '' : `/${address.db}`}`;
}
