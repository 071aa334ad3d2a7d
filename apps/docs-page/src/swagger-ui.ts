import SwaggerUI, { type Plugin, type System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

import { authorizeRequest, type PageRequest } from './authorize-request.js';
import { answersFirst } from './answers-first.js';
import { type OpenApiDocument, OPERATION } from './document.js';
import { focusableExecute } from './focusable-execute.js';
import type { CurrentIdentity } from './identity.js';

/** What Swagger UI is started with. */
export interface SwaggerUiOptions {
  readonly openApi: OpenApiDocument;
  /** Where the gateway is, with a slash at the end. */
  readonly gatewayUrl: string;
  readonly identity: CurrentIdentity;
  readonly openDialog: () => void;
  readonly domNode: HTMLElement;
}

/** Security scheme of the document for each provider. */
const SCHEMES = { cognito: 'cognitoAccessToken', iam: 'iamSignature' } as const;

/**
 * Starts Swagger UI with the page's own layout and dialog.
 *
 * @returns what other parts of the page can make it do
 */
export function startSwaggerUi(options: SwaggerUiOptions): { readonly fillBody: (body: object) => void } {
  const { openApi, gatewayUrl, identity, openDialog, domNode } = options;
  const changeUrl = `${gatewayUrl}password/change`;
  const ui = SwaggerUI({
    domNode,
    // Wherever the page is seen from, it calls the gateway that it came from and no other.
    spec: { ...openApi, servers: [{ url: gatewayUrl }] },
    layout: 'PageLayout',
    plugins: [pageLayout, ownDialog(openDialog), answersFirst(openApi), focusableExecute],
    docExpansion: 'full',
    tryItOutEnabled: true,
    displayRequestDuration: true,
    syntaxHighlight: { theme: 'idea' },
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    queryConfigEnabled: false,
    validatorUrl: 'none',
    requestInterceptor: (request: PageRequest) => authorizeRequest(request, identity.get(), changeUrl),
  });
  const { authActions, oas3Actions } = ui.getSystem();
  let locked: string | undefined;
  // It closes and opens the locks; the credential itself never enters Swagger UI's state.
  identity.onChange((current) => {
    if (locked !== undefined) authActions.logout([locked]);
    locked = current && SCHEMES[current.provider];
    if (locked === undefined) return;
    const schema = openApi.components.securitySchemes[locked];
    authActions.authorize({ [locked]: { name: locked, schema, value: 'set' } });
  });
  return {
    fillBody: (body) => {
      oas3Actions.setRequestBodyValue({ value: JSON.stringify(body, null, 2), pathMethod: OPERATION });
      domNode.querySelector<HTMLElement>('.execute')?.focus();
    },
  };
}

/** Operation and schemas; title, servers and Authorize are the page's own. */
function pageLayout({ React: { createElement }, getComponent }: System): Plugin {
  return {
    components: {
      PageLayout: () =>
        createElement(
          'div',
          { className: 'swagger-ui' },
          createElement(getComponent('SvgAssets'), null),
          createElement(getComponent('errors', true), null),
          createElement(getComponent('operations', true), null),
          createElement(getComponent('Models', true), null),
        ),
    },
  };
}

/** Whatever would open Swagger UI's own dialog opens the page's. */
function ownDialog(openDialog: () => void): () => Plugin {
  return () => ({ statePlugins: { auth: { wrapActions: { showDefinitions: () => openDialog } } } });
}
