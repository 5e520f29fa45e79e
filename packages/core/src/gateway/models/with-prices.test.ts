import { describe, expect, test } from 'vitest';
import { modelRegistry } from '../../models/model-registry.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Deployment, Price } from '../../types/model.ts';
import { withPrices } from './with-prices.ts';

const price = (input: number): Price => ({ input, output: input });
const deployment = (provider: string, model: string, more: Partial<Deployment> = {}): Deployment => ({ id: `${provider}/${model}`, provider, model, ...more });
const acme: Provider = { name: 'acme', operations: {}, priceOf: (model) => (model === 'broken' ? price(NaN) : model === 'large' ? price(4) : undefined) };

describe('the price of a deployment is', () => {
  const complete = withPrices({ providers: [acme], prices: { 'acme/large': price(2), large: price(3), 'gpt-4o': price(5) } });

  test.each<[string, Deployment, number | undefined]>([
    ['its own first', deployment('acme', 'large', { price: price(1) }), 1],
    ['then the configured one for its provider', deployment('acme', 'large'), 2],
    ['then the configured one for its model', deployment('other', 'large'), 3],
    ['also before the catalogue', deployment('openai', 'gpt-4o'), 5],
    ['then what the catalogue says', deployment('openai', 'gpt-4o-mini'), 150_000_000],
    ['that of the model behind a name that its owner made up', deployment('azure', 'mine', { baseModel: 'gpt-4o-mini' }), 150_000_000],
    ['and nothing where nobody knows', deployment('acme', 'small'), undefined],
    ['nor where a provider says what cannot be counted with', deployment('acme', 'broken'), undefined],
  ])('%s', (_, given, expected) => {
    expect(complete(given).price?.input).toBe(expected);
  });

  test("its provider's, before the catalogue", () => {
    expect(withPrices({ providers: [acme] })(deployment('acme', 'large')).price?.input).toBe(4);
    expect(withPrices({ providers: [{ ...acme, name: 'openai', priceOf: () => price(6) }] })(deployment('openai', 'gpt-4o')).price?.input).toBe(6);
  });
});

test('behind a wildcard, each name has the price of the model it stands for', () => {
  const models = modelRegistry([{ name: 'openai/*', deployments: [deployment('openai', '*')] }], {}, withPrices({}));
  expect(models.resolve('openai/gpt-4o')?.deployments[0]).toMatchObject({ model: 'gpt-4o', maxInputTokens: 128_000, price: { input: 2_500_000_000 } });
  expect(models.resolve('openai/gpt-4o-mini')?.deployments[0]?.price?.input).toBe(150_000_000);
  expect(models.resolve('openai/nobody-knows')?.deployments[0]?.price).toBeUndefined();
});
