import type { Price } from '../types/model.ts';

/** What keeps a price from being counted with, each with its place below `price`. */
export function priceProblems({ tiers = [], ...rates }: Price): { readonly place: string; readonly message: string }[] {
  return [
    ...rateProblems(rates, ''),
    ...tiers.flatMap(({ aboveInputTokens, ...tier }, index) => [
      ...rateProblems(tier, `.tiers[${index}]`),
      ...(aboveInputTokens > (tiers[index - 1]?.aboveInputTokens ?? -1)
        ? []
        : [{ place: `.tiers[${index}].aboveInputTokens`, message: 'has to be higher than that of the tier before' }]),
    ]),
  ];
}

function rateProblems(rates: Partial<Record<string, unknown>>, place: string): { place: string; message: string }[] {
  return Object.entries(rates)
    .filter(([, rate]) => rate !== undefined && !(Number.isSafeInteger(rate) && (rate as number) >= 0))
    .map(([name, rate]) => ({ place: `${place}.${name}`, message: `${String(rate)} is not a whole number of nano-dollars per million` }));
}
