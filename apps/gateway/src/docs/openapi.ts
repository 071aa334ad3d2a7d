import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { PASSWORD_ROUTE } from '../transport/route-target.js';
import { SECURITY } from './change-password.docs.js';
import { codeSamples } from './code-samples.js';

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
  const document = SwaggerModule.createDocument(app, config);
  const operation = document.paths[PASSWORD_ROUTE]?.post;
  if (operation === undefined) throw new Error(`${PASSWORD_ROUTE} is missing in the document`);
  Object.assign(operation, { 'x-codeSamples': codeSamples(publicUrl) });
  return document;
}
