import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startDemoStack } from './support/demo-stack.js';
import { expectProblem } from './support/expect-problem.js';
import { request } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';

describe('GET /docs', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });

  afterAll(() => stack.close());

  it('is a page that may run its own scripts and nothing else', async () => {
    const { status, headers, text } = await request(stack, '/docs');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('asks for nothing from anywhere else, by relative addresses that are answered', async () => {
    const { text } = await request(stack, '/docs');
    const links = [...text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link = '']) => link);
    const files = [...new Set(links)].filter((link) => link !== 'data:,');
    expect(files).toEqual(['docs/page.css', 'docs/page.js', 'problems', 'openapi.json']);
    for (const link of files) {
      const { status } = await request(stack, new URL(link, 'http://gateway.test/docs').pathname);
      expect([link, status]).toEqual([link, 200]);
    }
  });

  it.each(['/docs', '/docs/page.js', '/docs/settings.json', '/openapi.json'])(
    'HEAD %s has the headers alone',
    async (path) => {
      const { status, text, headers } = await request(stack, path, { method: 'HEAD' });
      expect([status, text]).toEqual([200, '']);
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('has a trailing slash taken away, whatever prefix a proxy adds', async () => {
    const { status, headers } = await request(stack, '/docs/');
    expect(status).toBe(308);
    expect(headers.get('location')).toBe('../docs');
  });

  it('offers no demo user unless a local AWS is named', async () => {
    const { text } = await request(stack, '/docs/settings.json');
    expect(JSON.parse(text)).toEqual({ cognito: true, iamPartitions: ['aws'], sandbox: false });
    for (const provider of ['cognito', 'iam']) {
      const answer = await request(stack, `/docs/sandbox/${provider}`, { method: 'POST' });
      expectProblem(answer, 'route_not_found');
    }
  });

  it.each(['cross-site', 'same-site'])('hands no demo user to a page that is %s', async (site) => {
    const own = await startDemoStack();
    try {
      const asked = { method: 'POST', headers: { 'Sec-Fetch-Site': site } };
      expectProblem(await request(own, '/docs/sandbox/iam', asked), 'permission_denied');
    } finally {
      await own.close();
    }
  });

  it('says what to do when the local AWS breaks off', async () => {
    const broken = createServer((_request, answer) => {
      answer.writeHead(200, { 'Content-Length': 100 }).write('{', () => answer.destroy());
    });
    await once(broken.listen(0, '127.0.0.1'), 'listening');
    const { port } = broken.address() as AddressInfo;
    const own = await startStack({ environment: { DOCS_SANDBOX_URL: `http://127.0.0.1:${port}` } });
    try {
      const answer = await request(own, '/docs/sandbox/iam', { method: 'POST' });
      expectProblem(answer, 'upstream_unreachable', { detail: /npm start/ });
    } finally {
      await own.close();
      broken.close();
    }
  });

  it('says what to do when the local AWS is away', async () => {
    const own = await startDemoStack();
    try {
      await own.sandbox.refuse();
      const answer = await request(own, '/docs/sandbox/iam', { method: 'POST' });
      expectProblem(answer, 'upstream_unreachable', { detail: /npm start/ });
    } finally {
      await own.close();
    }
  });
});

it('DOCS=off removes page and document, and leaves the problem pages', async () => {
  const own = await startStack({ environment: { DOCS: 'off' } });
  try {
    for (const path of ['/openapi.json', '/docs', '/docs/page.js', '/docs/settings.json']) {
      expectProblem(await request(own, path), 'route_not_found');
    }
    expect((await request(own, '/problems/rate_limited')).status).toBe(200);
  } finally {
    await own.close();
  }
});
