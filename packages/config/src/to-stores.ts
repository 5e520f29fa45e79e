import { type GatewayOptions, type JsonObject, secret, type Store, type StoredObject, type DatabasePackage } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import { loadPackage } from './load-package.ts';
import type { Make } from './make-by-package.ts';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { toRedis } from './to-redis.ts';
import type { Path } from './yaml-source.ts';

/** Where a gateway keeps what outlives it. */
export type Stores = Pick<GatewayOptions, 'store' | 'ledger' | 'directory'>;

type Named = { readonly name: string; readonly options: JsonObject; readonly path: Path };

/** What a file says of stores, before any is opened. */
export type StoreSettings = { readonly store?: Named | undefined; readonly database?: Named | undefined };

export function toStoreSettings(file: ConfigFile, env: Environment, databaseUrl: string | undefined, findings: Findings): StoreSettings {
  const redis = toRedis(file, env);
  const own = ownStore(file);
  if (own && redis) findings.mistake(redis.path, 'says where limits, budgets and the cache are kept, and so does `store`; only one can be meant');
  return { store: own ?? redis, database: toDatabase(file, databaseUrl, findings) };
}

function ownStore({ store: written }: ConfigFile): Named | undefined {
  if (written === undefined) return undefined;
  const { store: name, ...options } = typeof written === 'string' ? { store: written } : written;
  return { name, options, path: ['store'] };
}

function toDatabase(
  { database: own, general_settings: { database_url: url } = {} }: ConfigFile,
  otherwise: string | undefined,
  findings: Findings,
): Named | undefined {
  if (own && url !== undefined && url !== own.url) findings.mistake(['general_settings', 'database_url'], 'is another database than `database.url`');
  if (!own) {
    const chosen = url ?? otherwise;
    return chosen === undefined ? undefined : { name: 'sql', options: { url: chosen }, path: ['general_settings', 'database_url'] };
  }
  const { journal_dir: journalDir, fsync, keep_calls_days: keepCallsDays } = own;
  const options = { url: own.url, journalDir, fsync, keepCallsDays };
  return { name: 'sql', options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)), path: ['database'] };
}

/** Opens them. A package that refuses is told; what was opened before it is closed by whoever hears of that. */
export function openStores({ store, database }: StoreSettings, make: Make): Stores {
  const opened = database && make<ReturnType<DatabasePackage['create']>>({ kind: 'database', ...database });
  const kept = store && make<Store>({ kind: 'store', ...store });
  return { ...opened, ...(kept && { store: kept }) };
}

/** What the directory of a file's database holds now, without opening it for use. Rejects where it cannot be read. */
export async function lookInto({ database }: StoreSettings, from: readonly string[]): Promise<readonly StoredObject[]> {
  if (!database) return [];
  const loaded = loadPackage('database', database.name, from);
  if ('failure' in loaded) throw new Error(loaded.failure);
  return (loaded.exported as DatabasePackage).look?.(database.options) ?? [];
}

/** The key that hashes are made with: a name of its own, so that the master key can be changed. */
export function toSaltKey(
  { general_settings: { salt_key: written, former_salt_keys: formerly } = {} }: ConfigFile,
  env: Environment,
): Pick<GatewayOptions, 'saltKey' | 'formerSaltKeys'> {
  const saltKey = written ?? env.SLUICE_SALT_KEY ?? env.LITELLM_SALT_KEY;
  const former = (formerly ?? env.SLUICE_FORMER_SALT_KEYS?.split(',') ?? []).map((key) => key.trim()).filter((key) => key !== '');
  return { ...(saltKey && { saltKey: secret(saltKey) }), ...(former.length > 0 && { formerSaltKeys: former.map(secret) }) };
}
