export { type AdminClient, type AdminClientOptions, AdminError, adminClient } from './admin-client.ts';
export type { AdminRoute, AdminRoutes, InputOf, OutputOf, Reserved, Standing } from './admin-route.ts';
export { ADMIN_ROUTES, type AdminContract, type AdminRouteName } from './contract.ts';
