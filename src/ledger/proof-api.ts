/**
 * Proof files (C2SP tlog-proof) of one's own usage log and of papers: what a person keeps and checks with the vault
 * switched off. Who may have which is decided by the usage log and by the documents; each proof given is an event.
 */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import type { Actor } from '../identity/actor.ts';
import { Failure } from '../platform/failure.ts';
import type { LogProofs } from './log-proofs.ts';
import type { UsageLog } from './usage-log.ts';

export interface ProofApiParts {
  readonly proofs: LogProofs;
  readonly usage: UsageLog;
  /** Resolves when the caller may see this paper, and writes the event of the look. @throws Failure `not-found` */
  readonly lookAtPaper: (look: {
    readonly actor: Actor;
    readonly documentId: string;
    readonly dossier?: string;
    readonly requestId: string;
  }) => Promise<unknown>;
}

const PROOF = 'text/plain; charset=utf-8';
const common = { method: 'get', tag: 'usage log', responses: { 200: { bytes: PROOF } } } as const;

export function proofRoutes({ proofs, usage, lookAtPaper }: ProofApiParts): Route[] {
  const reply = (name: string, proof: string) => ({
    status: 200,
    headers: {
      'Content-Type': PROOF,
      'Content-Disposition': `attachment; filename="${name}.tlog-proof"`,
      'Cache-Control': 'private, no-store',
    },
    body: Buffer.from(proof),
  });
  return [
    route(
      {
        ...common,
        path: '/api/v1/me/usages/{eventId}/proof',
        operationId: 'proveMyUsage',
        summary: 'One line of my usage log, to be checked with the vault switched off',
        description: 'A tlog-proof file; "vault -- log verify --key KEY FILE" reads it without a server.',
        auth: { kind: 'citizen' },
        params: z.object({ eventId: z.uuid() }),
      },
      async ({ actor, params, requestId }) => {
        if (actor.kind !== 'person' || !(await usage.permitProof(actor, params.eventId, requestId))) {
          throw new Failure('not-found', {
            en: 'Your usage log has no such line.',
            vi: 'Nhật ký của ông (bà) không có dòng này.',
          });
        }
        return reply('ai-da-xem', await proofs.ofEvent(params.eventId, ['paper', 'use'], actor.personId));
      },
    ),
    route(
      {
        ...common,
        path: '/api/v1/documents/{documentId}/proof',
        operationId: 'proveDocument',
        summary: 'That this paper, byte for byte, was deposited or issued here, and when',
        description:
          'A tlog-proof file; "vault -- log verify --key KEY --document FILE PROOF" holds it against the file.',
        auth: { kind: 'citizen-or-office', assurance: 1, scopes: ['reuse:retrieve'] },
        params: z.object({ documentId: z.uuid() }),
        query: z.object({ dossier: z.string().max(80).optional() }),
      },
      async ({ actor, params, query, requestId }) => {
        await lookAtPaper({ actor, ...params, ...query, requestId });
        return reply('giay-to', await proofs.ofPaper(params.documentId));
      },
    ),
  ];
}
