/** The bytes of a scan over HTTP: pictures of its pages while it is under way, its statement and the statement's signature. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { SCAN_ROLES } from './digitisation-policy.ts';
import type { DigitisationServices } from './digitisation-services.ts';

const tag = 'digitisation';
const sees = { kind: 'office', roles: [...SCAN_ROLES, 'head', 'manager'] } as const;
const params = z.object({ scanId: z.uuid() });

export function scanFilesRoutes({ view }: Pick<DigitisationServices, 'view'>): Route[] {
  return [
    ...(['statement', 'signature'] as const).map((part) =>
      route(
        {
          method: 'get',
          path:
            part === 'statement'
              ? '/api/v1/scans/{scanId}/statement.json'
              : '/api/v1/scans/{scanId}/statement.p7s',
          operationId: part === 'statement' ? 'readStatement' : 'readStatementSignature',
          summary:
            part === 'statement'
              ? 'The digitisation statement, exactly as it was signed'
              : 'The agency’s detached CMS signature over the statement',
          tag,
          auth: sees,
          params,
          responses: {
            200: { bytes: part === 'statement' ? 'application/json' : 'application/pkcs7-signature' },
          },
        },
        async ({ actor, params: { scanId }, requestId }) => ({
          status: 200,
          body: await view.statement({ actor, scanId, requestId, part }),
          headers: {
            'Content-Disposition': `attachment; filename="${scanId}.${part === 'statement' ? 'json' : 'p7s'}"`,
          },
        }),
      ),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/scans/{scanId}/pages/{page}',
        operationId: 'showScannedPage',
        summary: 'The access picture of a page on its way: straightened, without what a camera adds',
        tag,
        auth: sees,
        params: params.extend({ page: z.coerce.number().int().min(1).max(2000) }),
        query: z.object({ size: z.enum(['access', 'thumbnail']).default('access') }),
        responses: { 200: { bytes: 'image/jpeg' } },
      },
      async ({ actor, params: { scanId, page }, query, requestId }) => {
        const order = { actor, scanId, page, requestId } as const;
        return { status: 200, body: await view.picture({ ...order, kind: query.size }) };
      },
    ),
  ];
}
