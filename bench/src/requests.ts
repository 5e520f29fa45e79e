export const BENCH_KEY = 'sk-bench-0123456789abcdef0123456789abcdef';

/** The names that callers use; the mock reads from them what to answer. `same-…` goes upstream under its own name. */
export const MODELS = ['mock-0-0', 'same-0-0', 'mock-5-0', 'mock-200-0', 'mock-25-20', 'mock-100-20', 'mock-400-20', 'mock-1000-20'] as const;

export type Model = (typeof MODELS)[number];

/** What an official client sends with each request. */
export const CLIENT_HEADERS: Readonly<Record<string, string>> = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'OpenAI/JS 6.1.0',
  'x-stainless-retry-count': '0',
  'x-stainless-lang': 'js',
  'x-stainless-package-version': '6.1.0',
  'x-stainless-os': 'Linux',
  'x-stainless-arch': 'x64',
  'x-stainless-runtime': 'node',
  authorization: `Bearer ${BENCH_KEY}`,
};

const SENTENCE = 'The quick brown fox jumps over the lazy dog, and the dog, who has seen this before, sleeps on. ';

export type ChatBody = {
  readonly model: Model;
  readonly stream?: true;
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[];
  readonly max_tokens: number;
  readonly temperature: number;
};

/** A chat request of about `bytes`, in a few messages as conversations have them. */
export function chatBody(model: Model, bytes: number, isStream = false): ChatBody {
  const messages = [
    { role: 'system' as const, content: 'You are a helpful assistant. Answer in one sentence.' },
    ...Array.from({ length: 4 }, () => ({ role: 'user' as const, content: textOf((bytes - 300) / 4) })),
  ];
  return { model, ...(isStream ? { stream: true as const } : {}), messages, max_tokens: 256, temperature: 0.2 };
}

function textOf(length: number): string {
  return SENTENCE.repeat(Math.ceil(length / SENTENCE.length)).slice(0, Math.max(1, Math.floor(length)));
}
