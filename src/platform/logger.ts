/** JSON logs. A line carries ids and codes of operations, never names, contents, URLs or bodies. */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: errorWithoutContents },
  });
}

/** Names an error without its message where the message may quote input: only our own sentences are kept. */
function errorWithoutContents(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .slice(1, 12)
      .map((line) => line.trim()),
    ...(error.cause ? { cause: errorWithoutContents(error.cause) } : {}),
  };
}
