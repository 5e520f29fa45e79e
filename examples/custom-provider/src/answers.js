/** @import { ProviderCall, WireEvent } from '@sluice/core' */

/**
 * A parrot's whole answer as a chat completion.
 *
 * @param {unknown} body
 * @param {ProviderCall} call
 */
export function toReply(body, { request }) {
  const { said, words } = /** @type {{ said: string, words: Words }} */ (body);
  return {
    ...frame('chat.completion', request.model),
    choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
    usage: toUsage(words),
  };
}

/**
 * A mapper for one stream: a word becomes a chunk, the silence after the last one the finish reason and the usage.
 *
 * @param {ProviderCall} call
 */
export function toChunks({ request }) {
  const head = frame('chat.completion.chunk', request.model);
  return (/** @type {WireEvent} */ { event, data }) => {
    const body = JSON.parse(data);
    if (event !== 'silence') return [{ ...head, choices: [{ index: 0, delta: { content: body.word }, finish_reason: null }] }];
    const last = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    return [last, { ...head, choices: [], usage: toUsage(body) }];
  };
}

/** @param {string} object @param {string} model */
function frame(object, model) {
  return { id: `parrot-${Date.now()}`, object, created: Math.floor(Date.now() / 1000), model };
}

/** @typedef {{ heard: number, said: number }} Words */

/** @param {Words} words */
function toUsage({ heard, said }) {
  return { prompt_tokens: heard, completion_tokens: said, total_tokens: heard + said };
}
