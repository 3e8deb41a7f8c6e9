import type { IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import type { Connect, Plugin } from 'vite';
import { isActive } from '../src/api/model.ts';
import { FakeApi } from './api/fake.ts';

const STEP_MILLIS = 700;

const states: Record<string, () => FakeApi> = {
  empty: () => new FakeApi(),
  damaged: () => FakeApi.damaged(),
};

/** Answers /api in `vite dev` and `vite preview`. NIGHTJAR_FAKE=empty starts as on the first day, =damaged after a scrub that found something. */
export function fakeApi(): Plugin {
  const api = states[process.env.NIGHTJAR_FAKE ?? '']?.() ?? FakeApi.filled();
  const listeners = new Set<ServerResponse>();
  const use = (middlewares: Connect.Server) => {
    const timer = setInterval(() => {
      for (const run of api.step()) {
        const event = isActive(run) ? 'progress' : 'done';
        for (const listener of listeners) listener.write(`event: ${event}\ndata: ${JSON.stringify(run)}\n\n`);
      }
    }, STEP_MILLIS);
    timer.unref();
    middlewares.use((request, response, next) => {
      if (!request.url?.startsWith('/api/')) next();
      else if (request.url.endsWith('/events')) stream(listeners, response);
      else void answer(api, request, response).catch(next);
    });
  };
  return {
    name: 'nightjar-fake-api',
    apply: (_config, { command, isPreview }) => command === 'serve' || isPreview === true,
    configureServer: ({ middlewares }) => use(middlewares),
    configurePreviewServer: ({ middlewares }) => use(middlewares),
  };
}

function stream(listeners: Set<ServerResponse>, response: ServerResponse) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.write(': hello\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}

async function answer(api: FakeApi, request: IncomingMessage, response: ServerResponse) {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const method = request.method ?? 'GET';
  const result = await api.handle(
    new Request(`http://localhost${request.url ?? '/'}`, {
      method,
      ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
    }),
  );
  response.writeHead(result.status, Object.fromEntries(result.headers));
  response.end(Buffer.from(await result.arrayBuffer()));
}
