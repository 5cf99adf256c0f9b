/** Pages of one paper: capture, compare, the second person, the end. Where it was interrupted it is taken up again. */
import { z } from 'zod';
import { findDocument } from '../documents/index.ts';
import { type Route, type RouteReply, readUpload, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths } from '../web/index.ts';
import { CapturePage, captureFields, reasonField } from './capture-page.tsx';
import { isElectronic } from './capture-service.ts';
import { comparePage } from './compare-view.ts';
import { content } from './content.ts';
import { coverPicture } from './cover-sheet.ts';
import {
  type DigitisationPageParts,
  pageProps,
  shownPage,
  stepsAt,
  titleOf,
} from './digitisation-page-context.ts';
import { attestField, notAttested, RejectPage, rejectionReasons } from './digitisation-pages.tsx';
import { ATTEST_ROLES, SCAN_ROLES } from './digitisation-policy.ts';
import { DonePage, FinishPage, QuarantinePage, SecondPage, SlipPage } from './end-pages.tsx';
import { valuesAsText } from './extraction-service.ts';
import { isOver, openFindings } from './scan.ts';
import { readTyped, shownValue, type Typed } from './scan-form.ts';
import { scanPictureRoutes } from './scan-picture-routes.ts';
import type { ScanParts } from './scan-view.ts';
import { type Override, overridden } from './scanner-signature.ts';
import { digitisePaths } from './start-pages.tsx';

const page = { page: true } as const;
const common = { tag: 'digitisation', auth: { kind: 'office', roles: SCAN_ROLES }, page: true } as const;
const params = z.object({ scanId: z.uuid() });
const typedBody = z.record(z.string().max(120), z.string().max(2000));

export function scanPageRoutes(parts: DigitisationPageParts): Route[] {
  const { services } = parts;
  const { capture, signature, extraction, attestation, accession, view, desk } = services;

  const order = (input: PageInput & { params: { scanId: string } }) => ({
    actor: input.actor,
    scanId: input.params.scanId,
    requestId: input.requestId,
  });
  type ScanInput = PageInput & { params: { scanId: string } };

  /** The page that fits where the paper is. */
  async function show(
    input: ScanInput,
    more: {
      status?: number;
      faults?: readonly Fault[];
      typed?: Typed;
      page?: number;
      overrides?: readonly Override[];
    } = {},
  ): Promise<RouteReply> {
    const found = await view.show(order(input));
    const { scan } = found;
    const catalogue = await desk.catalogue();
    const props = { ...(await pageProps(parts, input)), faults: more.faults };
    const head = {
      id: scan.id,
      title: titleOf(catalogue, scan, input.language, desk.now()),
      dossier: scan.dossierCode,
    };
    const status = more.status ?? 200;
    switch (scan.state) {
      case 'opened':
      case 'captured':
      case 'examined':
        if (isElectronic(scan)) return comparePage(parts, input, found, { ...more, status });
        return shownPage(
          status,
          CapturePage({
            ...props,
            scan: head,
            pages: found.pages.map(({ number, filePosition, measures }) => ({
              number,
              file: filePosition,
              src: digitisePaths.thumbnail(scan.id, number),
              dpi: measures.dpi,
            })),
            findings: overridden(scan.examination, more.overrides ?? [])?.findings ?? [],
            cover: await coverPicture(scan.id),
            examined: scan.state === 'examined',
            steps: stepsAt(scan.state),
          }),
        );
      case 'signed-by-scanner':
        return comparePage(parts, input, found, { ...more, status });
      case 'extracted':
        if (scan.attestations.length === 0) return comparePage(parts, input, found, { ...more, status });
        return shownPage(status, SecondPage({ ...props, scan: head, ...(await secondProps(input, found)) }));
      case 'attested':
      case 'coded':
        return shownPage(status, FinishPage({ ...props, scan: head }));
      case 'rejected':
        return shownPage(
          status,
          SlipPage({
            ...props,
            scan: head,
            reason: rejectionReasons.find((each) => each === scan.reason) ?? 'blurred',
            at: scan.updatedAt,
          }),
        );
      case 'quarantined':
        return shownPage(status, QuarantinePage({ ...props, scan: head, reason: scan.reason ?? '' }));
      case 'accessioned': {
        const document = await desk.parts.database.transactSql((sql) => findDocument(sql, scan.id));
        return shownPage(
          status,
          DonePage({
            ...props,
            scan: head,
            resultCode: scan.resultCode,
            verificationCode: document?.verificationCode ?? '',
            sha256: found.files[0]?.sha256 ?? '',
            statement: scan.statementObjectId !== null,
          }),
        );
      }
    }
  }

  async function secondProps(input: ScanInput, { scan, pages }: ScanParts) {
    const type = await desk.typeOf(scan);
    const catalogue = await desk.catalogue();
    const t = content[input.language];
    const texts = scan.values ? valuesAsText(scan.values) : new Map<string, string>();
    const rows = [...texts].map(([name, value]) => {
      const field = type.fields.find((each) => each.name === name);
      const general = (t.general as Readonly<Record<string, string>>)[name];
      return {
        label: field?.labels[input.language] ?? general ?? name,
        value: field
          ? shownValue(field, value, input.language)
          : name === 'issuer'
            ? (catalogue.agencyVersions(value)[0]?.names[input.language] ?? value)
            : shownValue({ kind: name === 'issuedOn' ? 'date' : 'text' }, value, input.language),
      };
    });
    const me = input.actor.kind === 'person' ? input.actor.personId : '';
    return {
      rows,
      pictures: pages.map(({ number }) => ({
        src: digitisePaths.picture(scan.id, number),
        alt: t.pageAlt(number, ''),
      })),
      yours: scan.attestations.some(({ personId }) => personId === me),
    };
  }

  const words = (error: Failure, language: 'vi' | 'en'): string =>
    language === 'vi' ? error.vi : error.message;

  return [
    route(
      {
        ...common,
        method: 'get',
        path: '/so-hoa/{scanId}',
        operationId: 'showScanPage',
        summary: 'A paper where it stands: the next thing to do',
        params,
        responses: { 200: page },
      },
      (input) => show(input),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/so-hoa/{scanId}/trang/{page}',
        operationId: 'showScanAtPage',
        summary: 'The same with another page of the original in the middle',
        params: params.extend({ page: z.coerce.number().int().min(1).max(2000) }),
        responses: { 200: page },
      },
      (input) => show(input, { page: input.params.page }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/so-hoa/{scanId}/chup-them',
        operationId: 'showScanMore',
        summary: 'Leads to where pages are sent',
        params,
        responses: { 303: null },
      },
      async (input) => seeOther(paths.capture(input.params.scanId)),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}/chup-them',
        operationId: 'captureByForm',
        summary: 'Pages from a form: kept, examined, shown with what was found',
        params,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const upload = await readUpload(input.request, services.spoolFolder, {
          maxFileBytes: desk.parts.limits.maxBytes,
          maxFiles: 200,
        });
        try {
          const files = upload.files.filter(({ field, size }) => field === captureFields.files && size > 0);
          const device = upload.fields[captureFields.device]?.normalize('NFC').trim().slice(0, 100);
          await capture.capture({ ...order(input), files, device });
          parts.wake();
          return seeOther(paths.capture(input.params.scanId));
        } catch (error) {
          if (!(error instanceof Failure) || error.kind === 'not-found' || error.kind === 'forbidden')
            throw error;
          return await show(input, {
            status: 422,
            faults: [{ field: captureFields.files, text: words(error, input.language) }],
          });
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}/bo-anh',
        operationId: 'removeByForm',
        summary: 'Take a captured file out',
        params,
        body: z.object({ tep: z.coerce.number().int().min(0).max(2000), _csrf: z.string().optional() }),
        responses: { 303: null },
      },
      async (input) => {
        await capture.removeFile({ ...order(input), position: input.body.tep });
        return seeOther(paths.capture(input.params.scanId));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}/ky-ban-chup',
        operationId: 'signScanByForm',
        summary: 'Reasons for warnings, then the scanner’s signature',
        params,
        body: typedBody,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { scan } = await view.show(order(input));
        const overrides = (scan.examination?.findings ?? []).flatMap((finding): Override[] => {
          const reason = input.body[reasonField(finding)]?.trim() ?? '';
          return finding.verdict === 'warn' && reason !== ''
            ? [{ code: finding.code, page: finding.page, reason }]
            : [];
        });
        const open = openFindings(overridden(scan.examination, overrides));
        if (scan.state === 'examined' && open.length > 0) {
          const text = content[input.language].capture.fault;
          return show(input, {
            status: 422,
            overrides,
            faults: open.map((each) => ({ field: reasonField(each), text })),
          });
        }
        await signature.sign({ ...order(input), overrides });
        return seeOther(paths.capture(input.params.scanId));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}',
        operationId: 'compareByForm',
        summary: 'Values compared with the original: a reading chosen, a draft, or attested and kept',
        params,
        body: typedBody,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) => {
        const typed = { ...input.body };
        const [chosen, ...value] = (typed.use ?? '').split('=');
        if (typed.use) return show(input, { typed: { ...typed, [chosen ?? '']: value.join('=') } });
        const found = await view.show(order(input));
        const { scan } = found;
        const type = await desk.typeOf(scan);
        const catalogue = await desk.catalogue();
        const read = readTyped(typed, { type, catalogue, language: input.language, now: desk.now() });
        if (typed.viec === 'nhap') {
          if ('values' in read) await extraction.draft({ ...order(input), values: read.values });
          return 'values' in read
            ? seeOther(paths.digitise)
            : show(input, { status: 422, typed, faults: read.faults });
        }
        const faults = [
          ...('faults' in read ? read.faults : []),
          ...(typed[attestField] === 'yes' ? [] : [notAttested(input.language)]),
        ];
        if ('faults' in read || faults.length > 0) return show(input, { status: 422, typed, faults });
        const { proposals } = await services.reading.proposals(found);
        await extraction.confirm({ ...order(input), values: read.values, proposals });
        if (isElectronic(scan)) await accession.finishElectronic(order(input));
        else {
          const attested = await attestation.attest(order(input));
          if (attested.state === 'attested') await accession.finish(order(input));
        }
        return seeOther(paths.capture(scan.id));
      },
    ),
    route(
      {
        ...common,
        auth: { kind: 'office', roles: ATTEST_ROLES },
        method: 'post',
        path: '/so-hoa/{scanId}/nguoi-thu-hai',
        operationId: 'attestSecondByForm',
        summary: 'The second person attests; the paper is sealed, coded and kept',
        params,
        body: typedBody,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        if (input.body[attestField] !== 'yes') {
          return show(input, { status: 422, faults: [notAttested(input.language)] });
        }
        const attested = await attestation.attest(order(input));
        if (attested.state === 'attested') await accession.finish(order(input));
        return seeOther(paths.capture(input.params.scanId));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}/luu-vao-kho',
        operationId: 'finishByForm',
        summary: 'Go on after an interruption: code and keep',
        params,
        body: typedBody,
        responses: { 303: null },
      },
      async (input) => {
        await accession.finish(order(input));
        return seeOther(paths.capture(input.params.scanId));
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/so-hoa/{scanId}/khong-doi-chieu-duoc',
        operationId: 'showRejection',
        summary: 'Why a paper is not digitised',
        params,
        responses: { 200: page },
      },
      (input) => rejection(input, 200),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-hoa/{scanId}/khong-doi-chieu-duoc',
        operationId: 'rejectByForm',
        summary: 'Record the reason; the slip is shown for printing',
        params,
        body: typedBody,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const reason = rejectionReasons.find((each) => each === input.body['ly-do']);
        if (!reason) return rejection(input, 422);
        await capture.reject({ ...order(input), reason });
        return seeOther(paths.capture(input.params.scanId));
      },
    ),
    ...scanPictureRoutes(services),
  ];

  async function rejection(input: ScanInput, status: number): Promise<RouteReply> {
    const { scan } = await view.show(order(input));
    if (isOver(scan.state)) return seeOther(paths.capture(scan.id));
    const catalogue = await desk.catalogue();
    const title = titleOf(catalogue, scan, input.language, desk.now());
    const props = await pageProps(parts, input);
    const faults =
      status === 422 ? [{ field: 'ly-do', text: content[input.language].reject.choose }] : undefined;
    return shownPage(status, RejectPage({ ...props, capture: { id: scan.id, title }, faults }));
  }
}
