/** The addresses that need nobody's data: stylesheet, first page, the pages behind the footer, the gallery. */
import { type Route, type RouteInput, type RouteReply, route } from '../http/route.ts';
import { DesignPage } from './design-page.tsx';
import type { Frame } from './frame.ts';
import { InfoPage, type Office, OfficesPage, WelcomePage } from './info-pages.tsx';
import { paths } from './paths.ts';
import { renderPage } from './render.ts';
import { stylesheet } from './stylesheet.ts';

/** What a frame is made from. */
export type FrameInput = Pick<RouteInput<unknown, unknown, unknown>, 'request' | 'actor' | 'language'>;

export interface WebRouteParts {
  readonly frame: (input: FrameInput) => Frame;
  /** Desks where people are helped in person; empty where the instance lists none. */
  readonly offices: () => Promise<readonly Office[]>;
  /** Where a signed-in person begins. */
  readonly begin: (input: FrameInput) => string;
  /** True in development: shows `/design`. */
  readonly gallery: boolean;
}

/** Address of the gallery of components. */
export const galleryPath = '/design';

const page = { page: true } as const;
const common = { method: 'get', tag: 'pages', auth: { kind: 'public' }, page: true } as const;

export function webRoutes(parts: WebRouteParts): Route[] {
  const shown = (body: string): RouteReply => ({ status: 200, body });
  const info = (about: 'help' | 'privacy' | 'accessibility', operationId: string, summary: string): Route =>
    route({ ...common, path: paths[about], operationId, summary, responses: { 200: page } }, async (input) =>
      shown(renderPage(InfoPage({ frame: parts.frame(input), about }))),
    );
  return [
    route(
      {
        method: 'get',
        path: stylesheet.path,
        operationId: 'getStylesheet',
        summary: 'The stylesheet; its name changes with its bytes',
        tag: 'pages',
        auth: { kind: 'public' },
        responses: { 200: { bytes: stylesheet.contentType } },
      },
      async () => ({
        status: 200,
        body: Buffer.from(stylesheet.body),
        headers: { 'Cache-Control': 'public, max-age=31536000, immutable' },
      }),
    ),
    route(
      {
        ...common,
        path: paths.home,
        operationId: 'showFirstPage',
        summary: 'Where to begin',
        responses: { 200: page, 303: null },
      },
      async (input) =>
        input.actor.kind === 'person'
          ? { status: 303, headers: { Location: parts.begin(input) } }
          : shown(renderPage(WelcomePage({ frame: parts.frame(input) }))),
    ),
    info('help', 'showHelp', 'How to do the common tasks'),
    info('privacy', 'showPrivacy', 'What the vault keeps, who sees it, what the owner may do'),
    info('accessibility', 'showAccessibility', 'The accessibility statement'),
    route(
      {
        ...common,
        path: paths.offices,
        operationId: 'showOffices',
        summary: 'One-stop desks',
        responses: { 200: page },
      },
      async (input) =>
        shown(renderPage(OfficesPage({ frame: parts.frame(input), offices: await parts.offices() }))),
    ),
    ...(parts.gallery
      ? [
          route(
            {
              ...common,
              path: galleryPath,
              operationId: 'showGallery',
              summary: 'Every component in every state (development)',
              responses: { 200: page },
            },
            async (input) => shown(renderPage(DesignPage({ frame: parts.frame(input) }))),
          ),
        ]
      : []),
  ];
}
