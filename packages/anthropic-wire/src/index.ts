export { messages, type MessagesEndpoint, type MessagesHost } from './messages.ts';
