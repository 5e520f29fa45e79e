import type { ServerResponse } from 'node:http';

export type StreamPlan = {
  readonly words: number;
  /** Between two events. Default 0. */
  readonly everyMs?: number;
  /** Each word. Default: its number. */
  readonly word?: (index: number) => string;
};

/** Answers with a chat stream, at its own pace, to its end or until nobody listens. */
export function streamOf(res: ServerResponse, { words, everyMs = 0, word = (index) => `${index} ` }: StreamPlan): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const startedAt = performance.now();
  let index = 0;
  const write = (): void => {
    const due = everyMs === 0 ? words : Math.min(words, Math.floor((performance.now() - startedAt) / everyMs) + 1);
    for (; index < due; index += 1) res.write(eventOf({ content: word(index) }, null));
    if (index < words) return;
    clearInterval(timer);
    res.end(`${eventOf({}, 'stop')}data: [DONE]\n\n`);
  };
  const timer = setInterval(write, Math.max(1, everyMs));
  res.on('close', () => clearInterval(timer));
  write();
}

function eventOf(delta: object, finish: string | null): string {
  const chunk = {
    id: 'chatcmpl-mock',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'mock-1',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
