// What the price of a call depends on beside its counts, where the package of prices says nothing of it.

const HALF = [1, 2];
const BATCH = { batch: HALF };

/**
 * What a service tier costs: a fraction of the usual price, and what is `listed` otherwise, in dollars per million.
 * Claude's `fast` mode and inference in the `us` only are such terms, and multiply.
 * Where it `keepsCache`, cached input costs no less than usual.
 * https://developers.openai.com/api/docs/pricing https://platform.claude.com/docs/en/about-claude/pricing
 * https://ai.google.dev/gemini-api/docs/pricing https://aws.amazon.com/bedrock/pricing https://mistral.ai/pricing
 * https://platform.claude.com/docs/en/build-with-claude/fast-mode https://platform.claude.com/docs/en/build-with-claude/data-residency
 * https://docs.x.ai/docs/models https://console.groq.com/docs/batch https://docs.fireworks.ai/guides/serverless-tiers
 */
const SERVICE_TIERS = {
  anthropic: [
    { names: /claude-opus-4-[67]/, tiers: { ...BATCH, fast: [6, 1], us: [11, 10], fast_us: [66, 10] } },
    { names: /claude-opus-(4-8|[5-9])/, tiers: { ...BATCH, fast: [2, 1], us: [11, 10], fast_us: [22, 10] } },
    { names: /claude-[a-z]+-(4-[6-9]|[5-9])/, tiers: { ...BATCH, us: [11, 10] } },
    { names: /claude/, tiers: BATCH },
  ],
  azure: [{ names: /^(o\d|gpt|text-embedding)/, tiers: BATCH, keepsCache: true }],
  bedrock: [
    { names: /claude/, tiers: BATCH, keepsCache: true },
    { names: /nova-(2-lite|pro|premier)/, tiers: { batch: HALF, flex: HALF, priority: [7, 4] } },
    {
      names: /deepseek\.v|gemma|ministral|mistral-large-3|devstral|voxtral|magistral|nemotron|gpt-oss|qwen/,
      tiers: { batch: HALF, flex: HALF, priority: [7, 4] },
    },
    { names: /nova|llama/, tiers: BATCH, keepsCache: true },
  ],
  gemini: [
    { names: /claude/, tiers: BATCH },
    { names: /live|native-audio|omni|gemma|gemini-(1|pro|flash-1)/, tiers: {} },
    { names: /embedding/, tiers: BATCH },
    { names: /gemini-(2\.5|3-|3\.1-pro)/, tiers: { batch: HALF, flex: HALF, priority: [9, 5] }, keepsCache: true },
    {
      names: /^gemini-3\.5-flash(-preview\*)?$/,
      tiers: { batch: HALF, flex: HALF, priority: [9, 5] },
      listed: { flex: { cachedInput: '0.08' } },
    },
    { names: /gemini-[3-9]/, tiers: { batch: HALF, flex: HALF, priority: [9, 5] } },
  ],
  groq: [{ names: /./, tiers: BATCH }],
  mistral: [{ names: /./, tiers: BATCH }],
  openai: [
    { names: /audio|realtime|tts|whisper|transcribe|dall-e|moderation/, tiers: {} },
    { names: /^gpt-4o-mini(?!-search)/, tiers: { batch: HALF, priority: [5, 3] }, keepsCache: true },
    { names: /^gpt-4o-2024-05-13/, tiers: { batch: HALF, priority: [7, 4] } },
    { names: /^gpt-4o(?!.*search)/, tiers: { batch: HALF, priority: [17, 10] }, keepsCache: true },
    { names: /^gpt-4\.1-nano/, tiers: { batch: HALF, priority: [2, 1] }, keepsCache: true },
    { names: /^gpt-4\.1/, tiers: { batch: HALF, priority: [7, 4] }, keepsCache: true },
    { names: /^o3(?!-(mini|pro))/, tiers: { batch: HALF, flex: HALF, priority: [7, 4] } },
    { names: /^o4-mini/, tiers: { batch: HALF, flex: HALF, priority: [20, 11] } },
    { names: /^gpt-5-mini/, tiers: { batch: HALF, flex: HALF, priority: [9, 5] } },
    { names: /^gpt-5\.5(?!-pro)/, tiers: { batch: HALF, flex: HALF, priority: [5, 2] } },
    { names: /^gpt-5.*-pro/, tiers: { batch: HALF, flex: HALF } },
    {
      names: /^gpt-5\.4$/,
      tiers: { batch: HALF, flex: HALF, priority: [2, 1] },
      listed: { batch: { cachedInput: '0.13' }, flex: { cachedInput: '0.13' } },
    },
    { names: /^gpt-[56]/, tiers: { batch: HALF, flex: HALF, priority: [2, 1] } },
    { names: /^gpt-image/, tiers: BATCH },
    { names: /^gpt-3\.5-turbo-1106/, tiers: {} },
    { names: /./, tiers: BATCH, keepsCache: true },
  ],
  xai: [{ names: /^grok-4\.[2-9]/, tiers: { batch: [4, 5] } }],
};

/**
 * Dollars for one search of the web: for any, or for those that bring little, the usual and much of what they find.
 * https://ai.google.dev/gemini-api/docs/pricing https://docs.perplexity.ai/getting-started/pricing https://docs.x.ai/docs/models
 */
const SEARCHES = {
  azure: [{ names: /^(o\d|gpt)/, dollars: ['0.014'] }],
  gemini: [
    { names: /claude/, dollars: ['0.01'] },
    { names: /gemini-(3|flash-latest|pro-latest)/, dollars: ['0.014'] },
    { names: /gemini-(2|live)/, dollars: ['0.035'] },
  ],
  bedrock: [{ names: /claude/, dollars: ['0.01'] }],
  groq: [{ names: /gpt-oss/, dollars: ['0.005'] }],
  openai: [{ names: /search/, dollars: ['0.025'] }],
  perplexity: [
    { names: /^sonar(-reasoning)?$/, dollars: ['0.005', '0.008', '0.012'] },
    { names: /^sonar-(reasoning-)?pro$/, dollars: ['0.006', '0.01', '0.014'] },
  ],
  xai: [{ names: /./, dollars: ['0.005'] }],
};

const CACHED = /^cached/;
const TOKEN_RATES = /^(?!per)/;

/** `price` with what its service tiers and its searches cost. `toNano` makes nano-dollars a million units of dollars. */
export function onTerms(provider, names, price, toNano) {
  return withServiceTiers(provider, names, withSearches(provider, names, price, toNano), toNano);
}

function withSearches(provider, names, price, toNano) {
  const dollars = ruleFor(SEARCHES, provider, names)?.dollars;
  if (!dollars || price.perWebSearch !== undefined) return price;
  const [low, usual = low, high] = dollars.map(toNano);
  // The fee for each call of such a model is that for its search.
  const { perRequest: _, ...rest } = price;
  return { ...rest, perWebSearch: usual, ...(high !== undefined && { perLowWebSearch: low, perHighWebSearch: high }) };
}

function withServiceTiers(provider, names, price, toNano) {
  const { tiers = {}, keepsCache = false, listed = {} } = ruleFor(SERVICE_TIERS, provider, names) ?? {};
  const found = Object.entries(tiers).flatMap(([tier, fraction]) => {
    const otherwise = Object.entries(listed[tier] ?? {}).map(([name, usd]) => [name, toNano(usd) / 1_000_000]);
    const rates = { ...scaled(price, fraction, keepsCache), ...Object.fromEntries(otherwise) };
    if (Object.keys(rates).length === 0) return [];
    const thresholds = price.tiers?.map(({ aboveInputTokens, ...above }) => ({ aboveInputTokens, ...above, ...scaled(above, fraction, keepsCache) }));
    return [[tier, { ...rates, ...(thresholds && { tiers: thresholds }) }]];
  });
  return found.length === 0 ? price : { ...price, serviceTiers: Object.fromEntries(found) };
}

/** The token rates that change, rounded half up as any amount. */
function scaled(rates, [times, per], keepsCache) {
  return Object.fromEntries(
    Object.entries(rates)
      .filter(([name, rate]) => typeof rate === 'number' && rate > 0 && TOKEN_RATES.test(name) && !(keepsCache && times < per && CACHED.test(name)))
      .map(([name, rate]) => [name, Number((BigInt(rate) * BigInt(times) + BigInt(per) / 2n) / BigInt(per))]),
  );
}

function ruleFor(table, provider, names) {
  return table[provider]?.find((rule) => names.some((name) => rule.names.test(name)));
}
