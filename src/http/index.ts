/** The face of the HTTP layer. */
export { type AppParts, createApp, type Denial } from './app.ts';
export { cookieOf, hostCookie, hostCookieName } from './cookies.ts';
export { type IdempotencyClaim, IdempotencyKeys, NO_CLAIM } from './idempotency.ts';
export { type Language, languageOf } from './language.ts';
export { Metrics } from './metrics.ts';
export { openApiDocument } from './openapi.ts';
export { asFailure, type Problem } from './problems.ts';
export { RateLimiter } from './rate-limit.ts';
export { type Auth, type Route, type RouteInput, type RouteReply, route } from './route.ts';
export { readUpload, type Upload, type UploadedFile } from './upload.ts';
