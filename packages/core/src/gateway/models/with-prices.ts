import type { Complete } from '../../models/model-memory.ts';
import { priceBook } from '../../pricing/price-book.ts';
import { priceProblems } from '../../pricing/price-problems.ts';
import type { Price } from '../../types/model.ts';
import type { GatewayOptions } from '../options.ts';

/**
 * Gives each deployment its price, once: its own, else the configured one for its model, or the one behind it, else what
 * its provider says, else the catalogue's.
 */
export function withPrices({ prices = {}, providers = [] }: Pick<GatewayOptions, 'prices' | 'providers'>): Complete {
  const book = priceBook();
  const byName = new Map(providers.map((provider) => [provider.name, provider]));

  return (deployment) => {
    const { provider } = deployment;
    const model = deployment.baseModel ?? deployment.model;
    const price = deployment.price ?? prices[`${provider}/${model}`] ?? prices[model] ?? sound(byName.get(provider)?.priceOf?.(model));
    if (price) return { ...deployment, price };
    const known = book.find(provider, model);
    return known ? { ...known, ...deployment } : deployment;
  };
}

/** A provider's word that could not be counted with is none. */
function sound(price: Price | undefined): Price | undefined {
  return price && priceProblems(price).length === 0 ? price : undefined;
}
