import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { json } from 'node:stream/consumers';

import { seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { IamPasswordProvider } from '@password-gateway/provider-iam';

const sandbox = await startAwsSandbox();
const demo = seedDemo(sandbox);
const passwords = new IamPasswordProvider({ endpoint: sandbox.url });
const script = await readFile(new URL('page.bundle.js', import.meta.url));

const server = createServer(async (request, response) => {
  if (request.url === '/page.js') {
    response.setHeader('content-type', 'text/javascript').end(script);
  } else if (request.url === '/change') {
    try {
      // Only what the page is to decide: whatever else is in the JSON never reaches the provider.
      const { signedRequest, currentPassword, newPassword } = await json(request);
      const changed = await passwords.changePassword({ signedRequest, currentPassword, newPassword });
      response.end(JSON.stringify(changed));
    } catch ({ code }) {
      response.writeHead(422).end(JSON.stringify({ code }));
    }
  } else {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>change</title><script src="/page.js" type="module"></script>');
  }
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, ...demo }));
});
