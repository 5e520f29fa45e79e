export { countTokens } from './count-tokens.ts';
export { messages, type MessagesEndpoint, type MessagesHost } from './messages.ts';
export { objects, type ObjectsEndpoint } from './objects.ts';
export { argumentsOf, callIdOf, signedThoughts, toToolId, toTurns, type Turns } from './request/turns.ts';
