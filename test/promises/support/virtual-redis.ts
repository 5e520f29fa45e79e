import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import { redisStore } from '@sluice/store-redis';
import type { SimulatedStore } from './store-walk.ts';

/** Ahead of the machine's clock, by which Redis forgets: nothing is forgotten too early. */
const AHEAD_MS = 86_400_000;
type ScriptInput = { keys: string[]; arguments: string[] };

const CLOCK = "redis.call('TIME')";
/** Taken off the end again: a script may go by its last argument. */
const TOLD = 'local moment = { ARGV[#ARGV - 1], ARGV[#ARGV] } ARGV[#ARGV] = nil ARGV[#ARGV] = nil';

export type VirtualRedis = { site(prefix: string): SimulatedStore; close(): void };

/** Stores over a real Redis whose scripts are told the time. */
export async function virtualRedis(url: string, processes: number, leaseMs: number): Promise<VirtualRedis> {
  const client = createClient({ url });
  await client.connect();
  let now = Math.floor(Date.now()) + AHEAD_MS;

  const clocked = new Map<string, string>();
  const scripted = {
    get: (key: string) => client.get(key),
    set: (key: string, value: string) => client.set(key, value),
    del: (key: string) => client.del(key),
    // By the hash that the store knows: what Redis runs in its place has another.
    evalSha(sha: string, input: ScriptInput) {
      const own = clocked.get(sha);
      return own === undefined ? Promise.reject(new Error('NOSCRIPT')) : client.evalSha(own, atMoment(input));
    },
    async eval(script: string, input: ScriptInput) {
      const loaded = await client.scriptLoad(`${TOLD}\n${script.replace(CLOCK, 'moment')}`);
      clocked.set(createHash('sha1').update(script).digest('hex'), loaded);
      return client.evalSha(loaded, atMoment(input));
    },
  };

  function atMoment({ keys, arguments: given }: ScriptInput): ScriptInput {
    return { keys, arguments: [...given, String(Math.floor(now / 1000)), String((now % 1000) * 1000)] };
  }

  return {
    site(prefix) {
      const another = () => redisStore({ client: scripted, prefix, leaseMs, timeoutMs: 10_000, onEvent: () => undefined });
      return {
        stores: Array.from({ length: processes }, another),
        now: () => now,
        pass: (ms) => void (now += ms),
        lease: { ms: leaseMs, another },
      };
    },
    close: () => client.destroy(),
  };
}
