import type { Component, Plugin, System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

import { answerNote } from './answer-note.js';
import type { OpenApiDocument } from './document.js';
import { requestSamples } from './request-samples.js';

/** The Immutable map in which Swagger UI keeps an answer. */
interface LiveResponse {
  get(name: 'status'): number | undefined;
  get(name: 'text'): string | undefined;
  get(name: 'headers'): { toJS(): Readonly<Record<string, string>> } | undefined;
}

const CAUTION =
  'The curl command below holds the passwords, and a credential that works for a while: keep it to yourself.';

/**
 * Under "Execute" come, in this order: the answer, with a note of what it means; request samples; the documented
 * answers. Swagger UI by itself shows no samples, and the answer beneath a heading that it shares with the documentation.
 *
 * @param openApi holds the samples
 */
export function answersFirst(openApi: OpenApiDocument): (system: System) => Plugin {
  const samples = requestSamples(openApi);
  // Always the same function, so that React attaches the samples once and keeps them.
  const attachSamples = (host: HTMLElement | null): void => {
    host?.append(samples);
  };
  return ({ React: { createElement, Fragment } }) => ({
    wrapComponents: {
      responses: (original, { getComponent }) => {
        const Responses: Component = (props) => {
          const response = props['tryItOutResponse'] as LiveResponse | null | undefined;
          return createElement(
            Fragment,
            null,
            !response
              ? null
              : createElement(
                  'section',
                  { className: 'answer', 'aria-label': 'Answer' },
                  answerNote(createElement, {
                    status: response.get('status'),
                    text: response.get('text'),
                    headers: response.get('headers')?.toJS() ?? {},
                  }),
                  createElement('p', { className: 'caution' }, CAUTION),
                  createElement(getComponent('liveResponse'), { ...props, response }),
                ),
            createElement('div', { ref: attachSamples }),
            createElement(original, { ...props, tryItOutResponse: undefined }),
          );
        };
        return Responses;
      },
    },
  });
}
