import type { ModelRequest } from '@sluice/core';

/** One call, as the world knows it. The gateway sees only its request and its headers. */
export type SimulatedCall = {
  readonly request: ModelRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly session: string;
  readonly user: string;
  /** 0 to 3: what a model must be able to do to answer rightly. */
  readonly difficulty: number;
  readonly topic: string;
  /** Whether an answer that is wrong says that it is not sure. */
  readonly ownsUp: boolean;
  readonly place: string;
  readonly tier: string;
};

export type CallTraits = Partial<Omit<SimulatedCall, 'request' | 'headers'>> & { readonly text?: string; readonly isStreamed?: boolean };

/** About four letters a token, as most texts have. */
const FILLER = 'word '.repeat(8_000);

/** A call of which nothing is known but these traits. */
export function simulatedCall({
  text,
  inputTokens = 200,
  outputTokens = 150,
  session = 's',
  user = session,
  tier = '',
  place = '',
  isStreamed = false,
  ...rest
}: CallTraits): SimulatedCall {
  const content = text ?? FILLER.slice(0, inputTokens * 4);
  return {
    request: {
      model: 'm',
      max_tokens: outputTokens,
      user,
      metadata: { tier, session_id: session },
      messages: [{ role: 'user', content }],
      ...(isStreamed && { stream: true }),
    },
    headers: place === '' ? {} : { 'x-sluice-location': place },
    inputTokens,
    outputTokens,
    session,
    user,
    tier,
    place,
    difficulty: 0,
    topic: '',
    ownsUp: false,
    ...rest,
  };
}
