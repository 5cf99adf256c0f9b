/** What every page of a signed-in citizen needs, and how its routes get it. */
import type { RouteInput, RouteReply } from '../http/route.ts';
import type { Frame } from './frame.ts';
import type { Addressee } from './person.ts';

/** The part of a route's input that pages are made from. */
export type PageInput = Pick<
  RouteInput<unknown, unknown, unknown>,
  'request' | 'actor' | 'language' | 'requestId'
>;

/** The citizen as pages speak to them, and how many requests wait for their answer. */
export interface CitizenContext {
  readonly frame: Frame;
  readonly person: Addressee;
  readonly waiting: number;
}

/** Given to the routes of citizens' pages by the composition root. */
export interface CitizenPageParts {
  readonly citizen: (input: PageInput) => Promise<CitizenContext>;
}

/** The shape shared by declarations of citizens' pages. */
export const citizenPage = { auth: { kind: 'citizen' }, page: true } as const;

/** After a form was taken: the browser asks for the next page by itself, so that a reload sends nothing twice. */
export const seeOther = (location: string): RouteReply => ({ status: 303, headers: { Location: location } });
