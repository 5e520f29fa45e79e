import { startRedis } from '@sluice/testing/servers';
import type { Evidence, Run } from '../frame/proof.ts';
import { startInstance } from './fork-instance.ts';
import type { Instance, InstanceOptions } from './instance.ts';

export type Site = {
  /** In words, for the table. */
  readonly name: string;
  readonly instances: readonly Instance[];
  /** Whether they count in one store. */
  readonly isShared: boolean;
  /** The address of the gateway whose turn it is. */
  urlFor(index: number): string;
};

/** The same experiment with one gateway, and with two of the same options that share a Redis of their own. */
export async function oneAndTwo(run: Run, experiment: (open: (options: InstanceOptions) => Promise<Site>) => Promise<Evidence>): Promise<readonly Evidence[]> {
  const redis = await startRedis();
  try {
    return [await at('one gateway', 1, undefined), await at('two gateways over one Redis', 2, redis.url)];
  } finally {
    await redis.stop();
  }

  async function at(name: string, gateways: number, redisUrl: string | undefined): Promise<Evidence> {
    let instances: readonly Instance[] = [];
    try {
      const { test, ...evidence } = await experiment(async (options) => {
        const own = { ...options, ...(redisUrl !== undefined && { redisUrl }) };
        instances = await Promise.all(Array.from({ length: gateways }, () => startInstance(run, own)));
        return { name, instances, isShared: redisUrl !== undefined, urlFor: (index) => instances[index % gateways]?.url ?? '' };
      });
      return { test: `${test}, ${name}`, ...evidence };
    } finally {
      await Promise.all(instances.map((instance) => instance.close()));
    }
  }
}
