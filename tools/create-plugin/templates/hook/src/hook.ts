import { chatRequestOf, defineHook, GatewayError, type Hook } from '@sluice/core';

export type SampleNameHookOptions = {
  /** Messages of the longest conversation that is let through. */
  readonly maxMessages: number;
  /** Hears how each call ended that was let through. */
  readonly onEnd?: (id: string, status: string) => void;
};

/**
 * Refuses conversations that are too long.
 *
 * @example
 * createGateway({ hooks: [sampleNameHook({ maxMessages: 100 })] });
 */
export function sampleNameHook({ maxMessages, onEnd = () => {} }: SampleNameHookOptions): Hook {
  return defineHook({
    name: 'sample-name',
    phase: 'guardrail',
    handle(ctx, next) {
      const { messages = [] } = chatRequestOf(ctx) ?? {};
      if (messages.length > maxMessages) {
        throw new GatewayError('invalid_request', `A conversation has at most ${maxMessages} messages, not ${messages.length}.`, { param: 'messages' });
      }
      // What comes after the answer goes into `ctx.defer`; a request is changed by assigning a new `ctx.request`.
      ctx.defer(({ status }) => onEnd(ctx.id, status));
      return next();
    },
  });
}
