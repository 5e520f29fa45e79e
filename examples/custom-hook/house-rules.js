import { chatRequestOf, defineHook } from '@sluice/core';

/**
 * Puts the house's rules before every conversation, and tells how each call ended.
 *
 * @param {{ rules: string, onEnd?: (id: string, status: string) => void }} options
 */
export function houseRules({ rules, onEnd = () => {} }) {
  return defineHook({
    name: 'house-rules',
    phase: 'guardrail',
    async handle(ctx, next) {
      const chat = chatRequestOf(ctx);
      if (chat) ctx.request = { ...chat, messages: [{ role: 'system', content: rules }, ...chat.messages] };
      ctx.defer((outcome) => onEnd(ctx.id, outcome.status));
      return next();
    },
  });
}
