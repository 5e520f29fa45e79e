import type { Fitting, ObjectShape, Shape } from '../requests/shape.ts';
import type { ManagementOperation } from '../types/call.ts';
import type { Role } from '../types/principal.ts';

/**
 * What somebody is to an object: by role anywhere, by a seat among the administrators of its team or organization, or
 * only by the key that the call is made with.
 */
export type Standing = Role | 'team_admin' | 'key';

/** Fields that only some of those may set who may use the route. */
export type Reserved = { readonly for: readonly Standing[]; readonly fields: readonly string[] };

/** A management route as data: matched, authorised, checked, described and called from it alone. */
export type AdminRoute<Input = unknown, Output = unknown> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the mount path and an optional `/v1`. A `{name}` stands for one segment, which joins the input under that name. */
  readonly path: string;
  /** Other paths with the same meaning. */
  readonly also?: readonly string[];
  readonly summary: string;
  /** Who may use it, each as far as that standing reaches. Nobody else may. */
  readonly who: readonly Standing[];
  readonly reserved?: readonly Reserved[];
  readonly input: ObjectShape<Input>;
  readonly output: Shape<Output>;
  /** Where the rows of a list stand in its answer, empty where they are it, and what of each is a column: for CSV. */
  readonly table?: { readonly rows: string; readonly columns: readonly string[] };
};

/** By operation without its `admin.`: `key.generate`. */
export type AdminRoutes = Readonly<Record<string, AdminRoute>>;

export type InputOf<R> = R extends { readonly input: infer S } ? Fitting<S> : never;
export type OutputOf<R> = R extends { readonly output: infer S } ? Fitting<S> : never;

export function toOperation(name: string): ManagementOperation {
  return `admin.${name}`;
}

/** Types a route as it is written. */
export function route<Input, Output>(given: AdminRoute<Input, Output>): AdminRoute<Input, Output> {
  return given;
}
