import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { SECURITY } from './change-password.docs.js';

/** Version of the API, as documented. */
export const API_VERSION = '0.1.0';

/**
 * The OpenAPI 3.1 document of the gateway.
 *
 * @param app the application whose controllers are documented
 * @param publicUrl where callers see the gateway; empty makes the server relative
 */
export function createOpenApiDocument(app: INestApplication, publicUrl: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Password Gateway')
    .setDescription(
      'One route that changes a password in Amazon Cognito or AWS IAM. The gateway holds no AWS credentials: the caller authorises the change, with an access token or with a signature.',
    )
    .setVersion(API_VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(publicUrl === '' ? '/' : publicUrl)
    .addTag('Password', 'Changing a password')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Access token of an Amazon Cognito user, with the scope aws.cognito.signin.user.admin.',
      },
      SECURITY.cognito,
    )
    .addSecurity(SECURITY.iam, {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description:
        'AWS Signature Version 4 of the IAM ChangePassword request: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…',
    })
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Swagger UI needs its own scripts, images in its style sheet, and inline styles; nothing from anywhere else. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Serves the document at `/openapi.json` and Swagger UI at `/docs`.
 *
 * @param app the application, before it listens
 * @param publicUrl where callers see the gateway
 */
export function serveDocs(app: NestFastifyApplication, publicUrl: string): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url?.startsWith('/docs') === true) {
      void reply.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    }
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    // The static files come with a header of their own.
    if (request.routeOptions.url?.startsWith('/docs') === true)
      void reply.header('Cache-Control', 'no-store');
    done();
  });
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app, publicUrl), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Password Gateway',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}
