import { randomUUID } from 'node:crypto';

/** @typedef {{ name: string, plan: 'trial' | 'paid' }} User */

const USERS = [
  { name: 'ada', plan: 'paid' },
  { name: 'bob', plan: 'trial' },
];
/** @type {Map<string, User>} */
const loggedIn = new Map();

/**
 * Stands for whatever logs users in to your app: sets `req.user` from a cookie. No passwords: it is an example.
 *
 * @param {import('express').Request & { user?: User }} req
 * @param {import('express').Response} res
 * @param {import('express').NextFunction} next
 */
export function sessions(req, res, next) {
  const user = loggedIn.get(/session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1] ?? '');
  if (user) req.user = user;
  if (req.method !== 'POST' || req.path !== '/login') return next();
  const found = USERS.find(({ name }) => name === req.query.name);
  if (!found) return void res.sendStatus(403);
  const session = randomUUID();
  loggedIn.set(session, /** @type {User} */ (found));
  res.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict; Path=/`).sendStatus(204);
}
