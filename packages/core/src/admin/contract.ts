import { KEY_ROUTES } from './contract/key-routes.ts';

/** Every management route there is. */
export const ADMIN_ROUTES = { ...KEY_ROUTES };

export type AdminContract = typeof ADMIN_ROUTES;
export type AdminRouteName = keyof AdminContract;
