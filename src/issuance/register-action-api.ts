/** Actions on what was issued, over HTTP: one paper or a cohort, always with a dry run and a second person. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, labelsSchema } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import { person } from './batch-list-routes.ts';
import { actionKinds } from './register-action.ts';
import type { ActionPlan, RegisterActions } from './register-actions.ts';

const tag = 'issuance';
const office = { kind: 'office', roles: ['school-clerk', 'civil-status-officer', 'head'] } as const;

const planAnswer = z.object({
  action: z.string().nullable(),
  state: z.enum(['prepared', 'approved', 'done', 'cancelled']).nullable(),
  batch: z.string().nullable(),
  entries: z.array(
    z.object({
      entry: z.string(),
      label: z.string(),
      allowed: z.boolean(),
      reason: labelsSchema,
      copies: z.int(),
      outcome: z.string().nullable(),
    }),
  ),
});

const order = z.strictObject({
  agency: agencyIdSchema,
  kind: z.enum(actionKinds),
  entries: z.array(z.uuid()).min(1).max(100_000),
  decisionNumber: z.string().trim().min(1).max(100),
  decisionDate: calendarDateSchema,
  authority: z.string().trim().min(1).max(300),
  reason: z.string().trim().min(1).max(1000),
  changes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  dryRun: z.boolean().default(false),
});

export function registerActionRoutes({ actions }: { readonly actions: RegisterActions }): Route[] {
  const params = z.object({ action: z.uuid() });
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/register-actions',
        operationId: 'prepareRegisterAction',
        summary:
          'Prepare what is decided about issued papers: correct, suspend, resume, revoke, annul, re-issue',
        tag,
        auth: office,
        body: order,
        responses: { 200: planAnswer, 201: planAnswer },
      },
      async ({ actor, body: { agency, entries, ...rest } }) => {
        const plan = await actions.prepare(person({ actor }), {
          ...rest,
          agencyId: agency,
          entryIds: entries,
        });
        return { status: plan.action ? 201 : 200, body: toAnswer(plan) };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/register-actions/{action}',
        operationId: 'getRegisterAction',
        summary: 'What an action does or did to each entry',
        tag,
        auth: { kind: 'office', roles: [...office.roles, 'manager'] },
        params,
        responses: { 200: planAnswer },
      },
      async ({ actor, params: { action } }) => ({
        status: 200,
        body: toAnswer(await actions.look(person({ actor }), action)),
      }),
    ),
    ...(['approve', 'cancel'] as const).map((step) =>
      route(
        {
          method: 'post',
          path: `/api/v1/register-actions/{action}/${step}`,
          operationId: `${step}RegisterAction`,
          summary:
            step === 'approve' ? 'Let it happen; another person than the one who prepared it' : 'Give it up',
          tag,
          auth: office,
          params,
          responses: { 200: planAnswer },
        },
        async ({ actor, params: { action } }) => {
          await actions[step](person({ actor }), action);
          return { status: 200, body: toAnswer(await actions.look(person({ actor }), action)) };
        },
      ),
    ),
  ];
}

const toAnswer = ({ action, entries }: ActionPlan): z.input<typeof planAnswer> => ({
  action: action?.id ?? null,
  state: action?.state ?? null,
  batch: action?.batchId ?? null,
  entries: entries.map(({ entryId, label, allowed, reason, copies, outcome }) => ({
    entry: entryId,
    label,
    allowed,
    reason: { vi: reason.vi, en: reason.en },
    copies,
    outcome,
  })),
});
