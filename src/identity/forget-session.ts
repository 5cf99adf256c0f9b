/** Lets an embedded provider begin anew: its session cookie neither comes in nor stays with the browser. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export function forgetSession(request: IncomingMessage, response: ServerResponse, name: string): void {
  request.headers.cookie = (request.headers.cookie ?? '')
    .split(';')
    .filter((pair) => !pair.trim().startsWith(name))
    .join(';');
  for (const cookie of [name, `${name}.sig`]) {
    response.appendHeader('Set-Cookie', `${cookie}=; Path=/; Max-Age=0`);
  }
}
