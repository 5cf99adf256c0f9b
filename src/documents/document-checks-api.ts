/**
 * `POST /api/v1/verifications/by-code`: the named checks of a paper in the vault, for whoever holds its code. Integrity,
 * status and issuer as the public page has them, and the timestamp; whether the paper is a given person's is told to
 * people who are signed in and supply all that the paper says of its holder, a few times a minute, and its owner sees it.
 */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import { VERDICTS } from '../verification/index.ts';
import type { DocumentChecks } from './document-checks.ts';

const check = z.object({
  passed: z.boolean(),
  /** A word that says why: stable, for programs. */
  reason: z.string(),
});

export function documentChecksRoutes(parts: { readonly checks: DocumentChecks }): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/verifications/by-code',
        operationId: 'checkPaperByCode',
        summary:
          'The named checks of a paper in the vault: integrity, status, issuer, timestamp, and its owner',
        description:
          'The code is the one printed on the paper. "holder" is compared only for somebody who is signed in, and only as a whole.',
        tag: 'verification',
        auth: { kind: 'public' },
        ratePerMinute: 10,
        body: z.strictObject({
          code: z.string().min(1).max(200),
          holder: z
            .strictObject({
              fullName: z.string().min(1).max(200),
              birthDate: z.iso.date(),
              personalNumber: z.string().regex(/^\d{12}$/),
            })
            .optional(),
        }),
        responses: {
          200: z.object({
            verdict: z.enum(VERDICTS),
            indication: z.string(),
            subIndication: z.string().nullable(),
            sha256: z.string(),
            checks: z.object({
              integrity: check,
              status: check,
              issuer: check,
              timestamp: check,
              owner: check.optional(),
            }),
            headline: z.string(),
            advice: z.string(),
          }),
        },
      },
      async ({ body, actor, language, requestId, signal, request }) => {
        const { code, holder } = body;
        const input = { actor, language, requestId, signal, request };
        if (holder !== undefined && actor.kind !== 'person') throw signInFirst();
        const found = await parts.checks.byCode(code, input, holder);
        if (found === undefined) throw noSuchCode();
        return { status: 200, body: found };
      },
    ),
  ];
}

const signInFirst = (): Failure =>
  new Failure(
    'unauthenticated',
    {
      en: 'Comparing a paper with its holder needs a signed-in person. Sign in, or leave "holder" out.',
      vi: 'Đối chiếu chủ giấy tờ cần đăng nhập. Hãy đăng nhập, hoặc bỏ phần "holder".',
    },
    { code: 'sign-in-needed' },
  );

const noSuchCode = (): Failure =>
  new Failure(
    'not-found',
    {
      en: 'No paper has this code. Compare it letter by letter with the paper.',
      vi: 'Không có giấy tờ nào mang mã này. Hãy so từng chữ với giấy.',
    },
    { code: 'no-such-code' },
  );
