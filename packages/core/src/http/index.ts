export { errorBody, errorReply } from './error-reply.ts';
export type { HttpBody, HttpHandler, HttpHeaders, HttpReply, HttpRequest } from './http-types.ts';
export { ROUTES, type Route } from './routes.ts';
