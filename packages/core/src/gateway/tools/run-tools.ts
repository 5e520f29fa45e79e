import { addedUsage } from '../../pricing/added-usage.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { formatUsd, toNanoUsd } from '../../pricing/money.ts';
import type { Usage } from '../../types/usage.ts';
import type { ChatMessage, ChatRequest, ChatResponse } from '../../types/chat.ts';
import { callTools } from './call-tools.ts';
import type { ToolResult, ToolRound, ToolRun, ToolRunRequest } from './tool-run.ts';

/** One answer of the model, and what it took. */
export type Answered = { readonly response: ChatResponse; readonly usage: Usage | undefined; readonly costNanoUsd: number | undefined };

export type Round = {
  /** The most that it may cost, in nano-dollars. @throws GatewayError `model_unpriced` */
  readonly most: () => number;
  readonly answer: () => Promise<Answered>;
};

/** Makes one round of a run: the call that `request` is, not yet made. */
export type OpenRound = (request: ChatRequest, run: ToolRunRequest, round: number) => Round;

const DEFAULT_ROUNDS = 10;
const DEFAULT_PARALLEL_CALLS = 8;

/**
 * Asks the model, runs the tools that it calls, tells it what they gave, and asks again, until it calls no more or a
 * cap is reached.
 * @throws GatewayError `invalid_request` for caps and handlers that cannot be right, `budget_exceeded` where not even
 * the first round fits, and whatever a call may throw.
 */
export async function runTools(run: ToolRunRequest, open: OpenRound): Promise<ToolRun> {
  const { maxRounds, maxParallelCalls, maxCost } = readCaps(run);
  requireHandlers(run);
  const signal = run.signal ?? new AbortController().signal;
  const messages: ChatMessage[] = [...run.messages];
  const rounds: ToolRound[] = [];
  for (;;) {
    const number = rounds.length + 1;
    const round = open(toRequest(run, messages), run, number);
    if (maxCost !== undefined && spentOn(rounds) + round.most() > maxCost) {
      if (rounds.length > 0) return ended('cost', rounds, messages);
      throw new GatewayError('budget_exceeded', `The first round may cost ${formatUsd(round.most())} USD; all may cost ${formatUsd(maxCost)} USD`);
    }
    const { response, usage, costNanoUsd } = await round.answer();
    const message = messageOf(response);
    messages.push(message);
    const calls = message.tool_calls ?? [];
    const isLast = calls.length === 0 || number >= maxRounds;
    const results = isLast ? [] : await callTools(calls, { handlers: run.handlers, round: number, maxParallelCalls, signal });
    messages.push(...results.map(toMessage));
    rounds.push({ number, response, results, usage, costNanoUsd });
    await run.onRound?.(rounds[number - 1] as ToolRound);
    if (isLast) return ended(calls.length === 0 ? 'answer' : 'rounds', rounds, messages);
  }
}

function readCaps({ maxRounds = DEFAULT_ROUNDS, maxParallelCalls = DEFAULT_PARALLEL_CALLS, maxCostNanoUsd, maxCostUsd }: ToolRunRequest) {
  for (const [param, value] of Object.entries({ maxRounds, maxParallelCalls }))
    if (!(Number.isSafeInteger(value) && value >= 1)) throw invalid(param, `${value} is not a whole number of 1 or more`);
  if (maxCostNanoUsd !== undefined && maxCostUsd !== undefined) throw invalid('maxCostUsd', 'is said twice, here and as maxCostNanoUsd');
  const maxCost = maxCostUsd === undefined ? maxCostNanoUsd : dollars(maxCostUsd);
  if (maxCost !== undefined && !(Number.isSafeInteger(maxCost) && maxCost >= 0))
    throw invalid('maxCostNanoUsd', `${maxCost} is not a whole number of 0 or more`);
  return { maxRounds, maxParallelCalls, maxCost };
}

function dollars(value: string | number): number {
  try {
    return toNanoUsd(value);
  } catch (error) {
    throw invalid('maxCostUsd', (error as Error).message);
  }
}

/** A tool that nobody answers for would only be found out when the model calls it. */
function requireHandlers({ tools, handlers }: ToolRunRequest): void {
  const names = tools.flatMap((tool) => {
    const name = (tool.function as { readonly name?: unknown } | undefined)?.name;
    return typeof name === 'string' ? [name] : [];
  });
  const lacking = names.find((name) => !Object.hasOwn(handlers, name));
  if (lacking !== undefined)
    throw invalid(`handlers.${lacking}`, `is missing, and the tool needs it. ${didYouMean(lacking, Object.keys(handlers)) ?? ''}`.trim());
}

/** What belongs to the run stays here; the rest is the request. */
function toRequest(run: ToolRunRequest, messages: readonly ChatMessage[]): ChatRequest {
  const { handlers, maxRounds, maxCostNanoUsd, maxCostUsd, maxParallelCalls, onRound, onChunk, principal, apiKey, signal, policy, ...request } = run;
  return { ...request, messages: [...messages], ...(onChunk && { stream: true }) } as ChatRequest;
}

function messageOf({ choices }: ChatResponse): ChatMessage {
  const message = choices[0]?.message;
  if (!message) throw new GatewayError('upstream_invalid_answer', "The provider's answer has no choice", { retryable: true });
  return message;
}

function toMessage({ toolCall, content }: ToolResult): ChatMessage {
  return { role: 'tool', tool_call_id: toolCall.id, content };
}

function ended(how: ToolRun['ended'], rounds: readonly ToolRound[], messages: readonly ChatMessage[]): ToolRun {
  const { response } = rounds.at(-1) as ToolRound;
  const isPriced = rounds.every(({ costNanoUsd }) => costNanoUsd !== undefined);
  return {
    text: response.choices[0]?.message.content ?? '',
    response,
    messages,
    rounds,
    ended: how,
    usage: rounds.reduce<Usage>((sum, { usage }) => addedUsage(sum, usage), { inputTokens: 0, outputTokens: 0 }),
    costNanoUsd: isPriced ? spentOn(rounds) : undefined,
  };
}

function spentOn(rounds: readonly ToolRound[]): number {
  return rounds.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
}

function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `${param} ${what}`, { param });
}
