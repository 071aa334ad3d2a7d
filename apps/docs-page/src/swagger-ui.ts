import SwaggerUI, { type Component, type Plugin, type System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

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
  readonly domNode: HTMLElement;
}

/**
 * Starts Swagger UI with the page's own layout. No credential enters its state.
 *
 * @returns what other parts of the page can make it do
 */
export function startSwaggerUi(options: SwaggerUiOptions): { readonly fillBody: (body: object) => void } {
  const { openApi, gatewayUrl, identity, domNode } = options;
  const changeUrl = `${gatewayUrl}password/change`;
  const ui = SwaggerUI({
    domNode,
    // Wherever the page is seen from, it calls the gateway that it came from and no other.
    spec: { ...openApi, servers: [{ url: gatewayUrl }] },
    layout: 'PageLayout',
    plugins: [pageLayout, noLock, namedBody, answersFirst(openApi), focusableExecute],
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
  const { oas3Actions } = ui.getSystem();
  return {
    fillBody: (body) => {
      oas3Actions.setRequestContentType({ value: 'application/json', pathMethod: OPERATION });
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

/** Swagger UI's lock shows closed where a credential is optional, whether there is one or not. The page says what holds. */
function noLock(): Plugin {
  return { wrapComponents: { authorizeOperationBtn: () => () => null } };
}

/** Swagger UI leaves the text of the request body without a name. */
function namedBody({ React: { createElement } }: System): Plugin {
  const named = (original: Component): Component => {
    return (props) => createElement(original, { 'aria-label': 'Request body', ...props });
  };
  return { wrapComponents: { TextArea: named } };
}
