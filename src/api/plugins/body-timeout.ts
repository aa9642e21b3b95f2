import type { FastifyInstance } from 'fastify';

/** A body that people upload may take so long, in ms; the bound of the server for all requests. */
export const UPLOAD_MS = 3_600_000;

/**
 * Ends the connection of a request whose body is not whole in time, so that nobody holds sockets by sending little by little. Routes with
 * `upload` have the time of the server.
 *
 * @param ms for all other routes
 */
export function addBodyTimeout(app: FastifyInstance, ms: number): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw, headers } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody && !request.routeOptions.config.upload) {
      const timer = setTimeout(() => raw.destroy(), ms);
      timer.unref();
      for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(timer));
    }
    done();
  });
}
