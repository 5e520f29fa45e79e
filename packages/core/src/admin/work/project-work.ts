import type { DirectoryObject } from '../../directory/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import type { PROJECT_ROUTES } from '../contract/organization-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { textsIn } from '../read-body.ts';
import { asLeft, changed, listed, requireReferences, requireUnused, shown, shownWithSpend } from './bodies.ts';
import { requireNames } from './key-body.ts';
import { together } from './together.ts';

type Routes = typeof PROJECT_ROUTES;
type Row = OutputOf<Routes['project.new']>;

export const projectWork: Work<Routes> = {
  'project.new'(call, desk) {
    const id = call.input.project_id ?? newId();
    call.create('project', id, toBody(call, desk, {}));
    return shown(asLeft(call, 'project', id), 'project_id');
  },

  'project.info': (call, desk) => shownWithSpend<Row>(desk, requireProject(call), 'project_id'),

  'project.list'(call, desk) {
    const { team_id: teamId } = call.input;
    const found = call.list('project').filter(({ body }) => !teamId || body.team_id === teamId);
    return Promise.all(listed(found, call.input).map((project) => shownWithSpend<Row>(desk, project, 'project_id')));
  },

  'project.update'(call, desk) {
    const project = requireProject(call);
    call.amend(project, toBody(call, desk, project.body));
    return shown(asLeft(call, 'project', project.id), 'project_id');
  },

  'project.delete'(call) {
    return call.input.project_ids.map((id) => {
      const project = call.require('project', id, 'project_ids');
      requireUnused(call, 'project_id', id, ['key']);
      call.remove(project);
      return shown<Row>(project, 'project_id');
    });
  },
};

function toBody(call: AdminCall<object>, desk: Desk, before: JsonObject): JsonObject {
  const body = changed(before, call.input, ['project_id']);
  together(
    () => requireReferences(call, body, before),
    () => requireNames('guardrails', textsIn(body.guardrails), (name) => desk.guardrails.includes(name), desk.guardrails),
  );
  return body;
}

function requireProject(call: AdminCall<{ readonly project_id: string }>): DirectoryObject {
  return call.require('project', call.input.project_id, 'project_id');
}
