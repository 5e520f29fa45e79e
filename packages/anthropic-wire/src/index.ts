export { countTokens } from './count-tokens.ts';
export { messages, type MessagesEndpoint, type MessagesHost } from './messages.ts';
export { objects, type ObjectsEndpoint } from './objects.ts';
