export { errorBody, errorReply } from './error-reply.ts';
export type { HttpBody, HttpHandler, HttpHeaders, HttpReply, HttpRequest } from './http-types.ts';
export { OPEN_ROUTES, type OpenRoute, ROUTES, type Route } from './routes.ts';
