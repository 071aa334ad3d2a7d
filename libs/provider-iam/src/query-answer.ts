import { ChangePassword$, IAMServiceException } from '@aws-sdk/client-iam';
import type { UpstreamAnswer } from '@password-gateway/errors';

import type { IamClient } from './provider-options.js';

const [, namespace, name, traits, input, output] = ChangePassword$;
const OPERATION = { namespace, name, traits, input, output };

/** The part of the SDK's protocol object that is used; the SDK types it as a union that cannot be called. */
interface Protocol {
  deserializeResponse(operation: object, context: object, response: object): Promise<object>;
}

/** AWS's error code and message, as they stand in the XML. */
export interface IamException {
  readonly name: string;
  readonly message: string;
}

/**
 * Reads a failed answer with the SDK's own protocol object (AWS Query).
 *
 * @returns code and message, or `undefined` when the answer is not one that IAM gives
 */
export async function iamException(
  { config }: IamClient,
  answer: UpstreamAnswer,
): Promise<IamException | undefined> {
  try {
    // The protocol object owns what it is given: it deletes and renames headers.
    const response = { ...answer, headers: { ...answer.headers } };
    await (config.protocol as unknown as Protocol).deserializeResponse(OPERATION, config, response);
  } catch (error) {
    if (error instanceof IAMServiceException && 'Code' in error && typeof error.Code === 'string') {
      return error.Code === '' ? undefined : { name: error.Code, message: error.message };
    }
  }
  return undefined;
}

const UTF8 = new TextDecoder();
const XML_TYPE = /^(?:text|application)\/xml(?:;|$)/i;

/** The answer of a success, whole from its root element on. */
const SUCCESS = /^(?:<\?xml[^>]*\?>)?\s*<ChangePasswordResponse[\s>][\s\S]*<\/ChangePasswordResponse>\s*$/;

/** Whether an answer says, as IAM does, that the password was changed. */
export function isSuccess({ statusCode, headers, body }: UpstreamAnswer): boolean {
  return (
    statusCode === 200 && XML_TYPE.test(headers['content-type'] ?? '') && SUCCESS.test(UTF8.decode(body))
  );
}
