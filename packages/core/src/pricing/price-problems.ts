import { didYouMean } from '../errors/did-you-mean.ts';
import type { Price, PriceTier, Rates } from '../types/model.ts';

type Problem = { readonly place: string; readonly message: string };

const RATES: Readonly<Record<keyof Required<Rates>, true>> = {
  input: true,
  output: true,
  cachedInput: true,
  cachedAudioInput: true,
  cachedImageInput: true,
  cacheWriteInput: true,
  hourCacheWriteInput: true,
  audioInput: true,
  imageInput: true,
  reasoning: true,
  audioOutput: true,
  imageOutput: true,
  citation: true,
  perImage: true,
  perSecond: true,
  perCharacter: true,
  perRequest: true,
  perSearchUnit: true,
  perPage: true,
  perAnnotatedPage: true,
  perWebSearch: true,
  perLowWebSearch: true,
  perHighWebSearch: true,
};

/** What keeps a price from being counted with, each with its place below `price`. */
export function priceProblems({ tiers, serviceTiers = {}, ...rates }: Price): Problem[] {
  return [
    ...(['input', 'output'] as const)
      .filter((name) => rates[name] === undefined)
      .map((name) => ({ place: `.${name}`, message: 'is missing; say 0 where it costs nothing' })),
    ...rateProblems(rates, ''),
    ...tierProblems(tiers, ''),
    ...Object.entries(serviceTiers).flatMap(([name, { tiers: own, ...served }]) => [
      ...rateProblems(served, `.serviceTiers.${name}`),
      ...tierProblems(own, `.serviceTiers.${name}`),
    ]),
  ];
}

function tierProblems(tiers: readonly PriceTier[] = [], place: string): Problem[] {
  return tiers.flatMap(({ aboveInputTokens, ...tier }, index) => [
    ...rateProblems(tier, `${place}.tiers[${index}]`),
    ...(aboveInputTokens > (tiers[index - 1]?.aboveInputTokens ?? -1)
      ? []
      : [{ place: `${place}.tiers[${index}].aboveInputTokens`, message: 'has to be higher than that of the tier before' }]),
  ]);
}

function rateProblems(rates: Partial<Record<string, unknown>>, place: string): Problem[] {
  return Object.entries(rates).flatMap(([name, rate]) => {
    if (!Object.hasOwn(RATES, name))
      return [{ place: `${place}.${name}`, message: ['is not a part of a price.', didYouMean(name, Object.keys(RATES))].filter(Boolean).join(' ') }];
    if (rate === undefined || (Number.isSafeInteger(rate) && (rate as number) >= 0)) return [];
    return [{ place: `${place}.${name}`, message: `${String(rate)} is not a whole number of nano-dollars per million` }];
  });
}
