// The upstream of every contestant: answers at once, or after a time, and checks nothing.
import { createServer } from 'node:http';
import { env, stdout } from 'node:process';

const delayMs = Number(env.DELAY_MS ?? 0);
const jwks = env.JWKS ?? '{"keys":[]}';

const COGNITO = { type: 'application/x-amz-json-1.1', body: '{}' };
const IAM = {
  type: 'text/xml',
  body: '<ChangePasswordResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></ChangePasswordResponse>',
};

let calls = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      return response.end(request.url.endsWith('/jwks.json') ? jwks : String(calls));
    }
    calls += 1;
    const { type, body } = request.headers['x-amz-target'] === undefined ? IAM : COGNITO;
    const answer = () =>
      response
        .writeHead(200, {
          'content-type': type,
          'content-length': body.length,
          'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
        })
        .end(body);
    return delayMs > 0 ? setTimeout(answer, delayMs) : answer();
  });
});
server.keepAliveTimeout = 120_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
