// Writes the price catalogue from the data of genai-prices (MIT) and a few prices it lacks.
// Run it after updating that package: node tools/update-prices.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findProvider } from '@pydantic/genai-prices';
import { onTerms } from './price-terms.mjs';

const OUTPUT = new URL('../packages/core/src/pricing/catalogue.json', import.meta.url);
const require = createRequire(import.meta.url);
const entry = require.resolve('@pydantic/genai-prices');
const { version } = JSON.parse(readFileSync(new URL('../package.json', `file://${entry}`), 'utf8'));

/** Our names for providers, where they differ. */
const NAMES = {
  aws: 'bedrock',
  fireworks: 'fireworks_ai',
  google: 'gemini',
  huggingface_hyperbolic: 'hyperbolic',
  huggingface_nebius: 'nebius',
  huggingface_nscale: 'nscale',
  huggingface_publicai: 'publicai',
  huggingface_sambanova: 'sambanova',
  moonshotai: 'moonshot',
  together: 'together_ai',
  voyageai: 'voyage',
  'x-ai': 'xai',
};

/** Subscriptions, and routes to providers that stand here under their own name. */
const LEFT_OUT = /^(cursor|github-copilot|huggingface_.*)$/;

/** Where a price of nothing is meant. Elsewhere it is a gap in the data. */
const FREE = /:free$|moderation|^gemma/;

/**
 * What is paid by the character, the hour, the image, the search or the page, in dollars.
 * https://developers.openai.com/api/docs/pricing https://cohere.com/pricing https://mistral.ai/pricing#api-pricing
 * https://docs.voyageai.com/docs/pricing https://azure.microsoft.com/pricing/details/ai-foundry-models
 * https://bfl.ai/pricing/api https://www.recraft.ai/docs/api-reference/pricing https://docs.dev.runwayml.com/guides/pricing
 * https://platform.stability.ai/pricing https://ideogram.ai/features/api-pricing https://docs.cartesia.ai/pricing
 * https://www.assemblyai.com/pricing https://deepgram.com/pricing https://elevenlabs.io/pricing/api https://www.gladia.io/pricing
 * https://docs.x.ai/developers/models/speech-to-text
 */
const ADDITIONS = {
  assemblyai: [
    { names: ['universal-3-5-pro', 'universal-3-pro', 'best'], hourly: '0.21' },
    { names: ['universal-2', 'universal'], hourly: '0.15' },
  ],
  deepgram: [
    { names: ['nova-3', 'nova-3-general', 'nova-2*', 'nova-general', 'nova-phonecall', 'nova'], hourly: '0.258' },
    { names: ['nova-3-medical'], hourly: '0.312' },
    { names: ['enhanced*'], hourly: '0.87' },
    { names: ['base*'], hourly: '0.75' },
    { names: ['whisper*'], hourly: '0.36' },
    { names: ['aura-2*'], dollars: { perCharacter: '0.00003' } },
    { names: ['aura-*', 'aura'], dollars: { perCharacter: '0.000015' } },
  ],
  elevenlabs: [
    { names: ['eleven_v3', 'eleven_multilingual_*', 'eleven_monolingual_*'], dollars: { perCharacter: '0.00008' } },
    { names: ['eleven_flash_*', 'eleven_turbo_*'], dollars: { perCharacter: '0.00004' } },
    { names: ['scribe_*'], hourly: '0.22' },
  ],
  black_forest_labs: [
    { names: ['flux-pro-1.1', 'flux-kontext-pro'], dollars: { perImage: '0.04' } },
    { names: ['flux-pro-1.1-ultra'], dollars: { perImage: '0.06' } },
    { names: ['flux-kontext-max'], dollars: { perImage: '0.08' } },
    { names: ['flux-dev'], dollars: { perImage: '0.025' } },
    { names: ['flux-pro', 'flux-pro-1.0-fill', 'flux-pro-1.0-expand'], dollars: { perImage: '0.05' } },
  ],
  // A price knows one image: the dearest of their speeds.
  ideogram: [
    { names: ['ideogram-v4*'], dollars: { perImage: '0.10' } },
    { names: ['ideogram-v3*'], dollars: { perImage: '0.09' } },
  ],
  // Paid by credits, one a character and one for two seconds, which are dearest in the smallest plan: five dollars for 100,000.
  cartesia: [
    { names: ['sonic*'], dollars: { perCharacter: '0.00005' } },
    { names: ['ink-whisper*'], hourly: '0.09' },
  ],
  recraft: [
    // Of May 2026, second hand.
    { names: ['recraftv4'], dollars: { perImage: '0.04' } },
    { names: ['recraftv4_vector'], dollars: { perImage: '0.08' } },
    { names: ['recraftv4_pro'], dollars: { perImage: '0.25' } },
    { names: ['recraftv4_pro_vector'], dollars: { perImage: '0.30' } },
    { names: ['recraftv3'], dollars: { perImage: '0.04' } },
    { names: ['recraftv3_vector'], dollars: { perImage: '0.08' } },
    { names: ['recraftv2'], dollars: { perImage: '0.022' } },
    { names: ['recraftv2_vector'], dollars: { perImage: '0.044' } },
  ],
  // The dearest of their sizes.
  runwayml: [
    { names: ['gen4_image'], dollars: { perImage: '0.08' } },
    { names: ['gen4_image_turbo'], dollars: { perImage: '0.02' } },
  ],
  stability: [
    { names: ['sd3', 'sd3-large', 'sd3.5-large'], dollars: { perImage: '0.065' } },
    { names: ['sd3-large-turbo', 'sd3.5-large-turbo'], dollars: { perImage: '0.04' } },
    { names: ['sd3-medium', 'sd3.5-medium'], dollars: { perImage: '0.035' } },
    { names: ['stable-image-ultra'], dollars: { perImage: '0.08' } },
    { names: ['stable-image-core'], dollars: { perImage: '0.03' } },
  ],
  xai_audio: [{ names: ['stt', 'speech-to-text'], hourly: '0.10' }],
  gladia: [{ names: ['solaria-*'], hourly: '0.61' }],
  azure: [
    {
      names: ['cohere-rerank-v3-english', 'cohere-rerank-v3-multilingual', 'cohere-rerank-v3.5', 'cohere-rerank-v4.0-fast'],
      dollars: { perSearchUnit: '0.002' },
    },
    { names: ['cohere-rerank-v4.0-pro'], dollars: { perSearchUnit: '0.0025' } },
    { names: ['mistral-document-ai-2505', 'mistral-document-ai-2512'], dollars: { perPage: '0.003' } },
  ],
  bedrock: [
    { names: ['amazon.rerank-v1:0'], dollars: { perSearchUnit: '0.001' } },
    { names: ['cohere.rerank-v3-5:0'], dollars: { perSearchUnit: '0.002' } },
  ],
  cohere: [
    { names: ['rerank-english-v3.0', 'rerank-multilingual-v3.0', 'rerank-v3.5', 'rerank-v4.0-fast'], dollars: { perSearchUnit: '0.002' } },
    { names: ['rerank-v4.0-pro'], dollars: { perSearchUnit: '0.0025' } },
  ],
  jina_ai: [{ names: ['jina-reranker-v2-base-multilingual'], perMillion: { input: '0.018' } }],
  mistral: [
    { names: ['mistral-ocr-2505'], dollars: { perPage: '0.001', perAnnotatedPage: '0.003' } },
    { names: ['mistral-ocr-2512'], dollars: { perPage: '0.002', perAnnotatedPage: '0.003' } },
    { names: ['mistral-ocr-4-0', 'mistral-ocr-latest'], dollars: { perPage: '0.004', perAnnotatedPage: '0.005' } },
  ],
  voyage: [
    { names: ['rerank-2', 'rerank-2.5'], perMillion: { input: '0.05' } },
    { names: ['rerank-2-lite', 'rerank-2.5-lite'], perMillion: { input: '0.02' } },
  ],
  openai: [
    { names: ['tts-1', 'tts-1-1106'], dollars: { perCharacter: '0.000015' } },
    { names: ['tts-1-hd', 'tts-1-hd-1106'], dollars: { perCharacter: '0.00003' } },
    // Paid by tokens, of which a spoken answer reports none: an estimated 0.015 dollars a minute of 900 characters.
    { names: ['gpt-4o-mini-tts', 'gpt-4o-mini-tts-2025-12-15'], dollars: { perCharacter: '0.0000167' }, perMillion: { input: '0.6', output: '12' } },
    // A price knows one image: these are the dearest of their qualities and sizes.
    { names: ['dall-e-2'], dollars: { perImage: '0.02' } },
    { names: ['dall-e-3'], dollars: { perImage: '0.12' } },
  ],
};

/** Dollars per million tokens, by our names. */
const PER_MILLION = {
  input: 'input_mtok',
  output: 'output_mtok',
  cachedInput: 'cache_read_mtok',
  cachedAudioInput: 'cache_audio_read_mtok',
  cachedImageInput: 'cache_image_read_mtok',
  cacheWriteInput: 'cache_write_mtok',
  hourCacheWriteInput: 'cache_write_1h_mtok',
  audioInput: 'input_audio_mtok',
  audioOutput: 'output_audio_mtok',
  imageInput: 'input_image_mtok',
  imageOutput: 'output_image_mtok',
  reasoning: 'output_reasoning_mtok',
  citation: 'output_citation_mtok',
};

const providers = {};
const known = providerIds().filter((id) => !LEFT_OUT.test(id) || id in NAMES);
const own = Object.keys(ADDITIONS).filter((name) => !known.some((id) => (NAMES[id] ?? id) === name));
for (const id of [...known, ...own]) {
  const name = NAMES[id] ?? id;
  const added = (ADDITIONS[name] ?? []).map(({ names, dollars = {}, hourly, perMillion = {} }) => ({
    names,
    price: {
      input: 0,
      output: 0,
      ...mapValues(perMillion, toNano),
      ...mapValues(dollars, (usd) => toNano(usd) * 1_000_000),
      ...(hourly === undefined ? {} : { perSecond: toNano(hourly, 1_000_000n, 3600n) }),
    },
  }));
  const taken = new Set(added.flatMap(({ names }) => names));
  const found = (findProvider({ providerId: id })?.models ?? []).flatMap((model) => toEntry(model) ?? []);
  providers[name] = [
    ...added,
    ...found.map((one) => ({ ...one, names: one.names.filter((pattern) => !taken.has(pattern)) })).filter(({ names }) => names.length > 0),
  ].map((one) => ({ ...one, price: onTerms(name, one.names, one.price, (usd) => toNano(usd) * 1_000_000) }));
}

const lines = Object.keys(providers)
  .sort()
  .map((name) => `    ${JSON.stringify(name)}: [\n${providers[name].map((one) => `      ${JSON.stringify(one)}`).join(',\n')}\n    ]`);
writeFileSync(OUTPUT, `{\n  "source": "@pydantic/genai-prices ${version}",\n  "providers": {\n${lines.join(',\n')}\n  }\n}\n`);
console.log(`${Object.values(providers).flat().length} models of ${lines.length} providers`);

/** The package exports a look-up and no list, so the ids are read from its text. */
function providerIds() {
  const source = readFileSync(entry.replace(/\.cjs$/, '.js'), 'utf8');
  const ids = [...source.matchAll(/\bid: "([^"]+)"/g)].map(([, id]) => id);
  return [...new Set(ids)].filter((id) => findProvider({ providerId: id })?.id === id).sort();
}

function toEntry({ match, context_window: context, prices }) {
  const names = toPatterns(match);
  const price = dearest(livePrices(prices).map(toPrice));
  if (!Object.values(price).some((rate) => rate > 0) && !names.every((name) => FREE.test(name))) return undefined;
  return names.length === 0 ? undefined : { names, ...(context === undefined ? {} : { context }), price };
}

/** A name with `*` for what may stand there. Regular expressions only add dates, which every look-up takes off. */
function toPatterns(match) {
  if (match.or) return [...new Set(match.or.flatMap(toPatterns))];
  if (match.and) return match.and.flatMap(toPatterns).slice(0, 1);
  if (match.equals) return [match.equals];
  if (match.starts_with) return [`${match.starts_with}*`];
  if (match.ends_with) return [`*${match.ends_with}`];
  if (match.contains) return [`*${match.contains}*`];
  return [];
}

/** Without those that are over or have not begun. Prices of some hours of the day all count as live. */
function livePrices(prices) {
  if (!Array.isArray(prices)) return [prices];
  const today = new Date().toISOString().slice(0, 10);
  const begun = prices.filter(({ constraint }) => constraint?.type !== 'time_of_date' && (constraint?.start_date ?? '') <= today);
  return [begun.at(-1), ...prices.filter(({ constraint }) => constraint?.type === 'time_of_date')].map(({ prices: rates }) => rates);
}

function dearest(prices) {
  return prices.sort((a, b) => b.output - a.output || b.input - a.input)[0];
}

function toPrice(rates) {
  const base = tokenRates(rates, baseOf);
  const hourly = rates.input_audio_hours ?? rates.audio_hours;
  const price = {
    input: 0,
    output: base.imageOutput ?? 0,
    ...base,
    ...(hourly === undefined ? {} : { perSecond: toNano(String(hourly), 1_000_000n, 3600n) }),
    ...perThousand(rates, 'requests_kcount', 'perRequest'),
    ...perThousand(rates, 'web_searches_kcount', 'perWebSearch'),
  };
  const starts = [...new Set(Object.values(PER_MILLION).flatMap((key) => (rates[key]?.tiers ?? []).map(({ start }) => start)))].sort((a, b) => a - b);
  if (starts.length === 0) return price;
  return { ...price, tiers: starts.map((start) => ({ aboveInputTokens: start, ...tokenRates(rates, (rate) => rateAbove(rate, start)) })) };
}

function perThousand(rates, key, name) {
  return rates[key] === undefined ? {} : { [name]: toNano(String(rates[key]), 1_000_000n, 1000n) };
}

function tokenRates(rates, pick) {
  const found = {};
  for (const [name, key] of Object.entries(PER_MILLION)) if (rates[key] !== undefined) found[name] = toNano(String(pick(rates[key])));
  return found;
}

function baseOf(rate) {
  return typeof rate === 'object' ? rate.base : rate;
}

function rateAbove(rate, start) {
  if (typeof rate !== 'object') return rate;
  return rate.tiers.filter((tier) => tier.start <= start).at(-1)?.price ?? rate.base;
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

/** Decimal dollars to whole nano-dollars, times a fraction; the text is read, so that no float comes between. */
function toNano(usd, times = 1n, per = 1n) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(plain(usd));
  const digits = BigInt(whole + fraction) * 10n ** 9n * times;
  const divisor = 10n ** BigInt(fraction.length) * per;
  return Number((digits + divisor / 2n) / divisor);
}

/** Without an exponent: the shortest decimal of a small number may have one. */
function plain(usd) {
  return /e/i.test(usd) ? Number(usd).toFixed(15).replace(/0+$/, '') : usd;
}
