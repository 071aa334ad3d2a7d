import type { INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { HealthController } from '../operations/health.controller.js';
import { PasswordController } from '../password/password.controller.js';
import { ProblemsController } from '../problem/problems.controller.js';
import { PASSWORD_ROUTE } from '../transport/route-target.js';
import { ApiChangePassword, SECURITY } from './change-password.docs.js';
import { codeSamples } from './code-samples.js';

/** Version of the API, as documented. */
export const API_VERSION = '0.1.0';

/**
 * The OpenAPI 3.1 document of the gateway. Made by the build, because @nestjs/swagger costs 250 ms at start and 16 MB: the
 * controllers' documentation is put on them here and not where they are.
 *
 * @param app the application whose controllers are documented
 */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  document(PasswordController, 'change', ApiChangePassword());
  for (const controller of [HealthController, ProblemsController]) ApiExcludeController()(controller);
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Password Gateway')
    .setDescription(
      'One route that changes a password in Amazon Cognito or AWS IAM. The gateway holds no AWS credentials: the caller authorises the change, with an access token or with a signature.',
    )
    .setVersion(API_VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
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
  const openApi = SwaggerModule.createDocument(app, config);
  const operation = openApi.paths[PASSWORD_ROUTE]?.post;
  if (operation === undefined) throw new Error(`${PASSWORD_ROUTE} is missing in the document`);
  Object.assign(operation, { 'x-codeSamples': codeSamples() });
  return openApi;
}

function document<Controller>(
  { prototype }: { readonly prototype: Controller },
  method: keyof Controller & string,
  decorate: MethodDecorator,
): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
  if (descriptor === undefined) throw new Error(`${method} is missing`);
  decorate(prototype as object, method, descriptor);
}
