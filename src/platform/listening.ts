/** An HTTP server begins to listen, and ends without cutting what it is answering. */
import type { Server } from 'node:http';

/** @throws Error with a sentence for the operator where the port is taken */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is taken. Stop the program that listens there, or set PORT to a free one.`,
            )
          : error,
      ),
    );
    server.listen(port, host, () => resolve());
  });
}

/** No new requests; running ones get ten seconds. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), 10_000);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
