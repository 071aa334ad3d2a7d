/** The two passwords of an IAM change. */
export interface IamPasswords {
  /** 1 to 128 characters, none above U+00FF. */
  readonly currentPassword: string;
  /** 1 to 128 characters, none above U+00FF. */
  readonly newPassword: string;
}

/** Content type of the body, to be signed where a signer signs it. */
export const FORM_CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';

/**
 * The body of the IAM ChangePassword request, byte for byte the one that the caller signs.
 *
 * Source: AWS IAM API reference, ChangePassword, version 2010-05-08; RFC 3986 percent-encoding of the UTF-8 bytes with
 * upper-case hexadecimal digits, everything but `A-Z a-z 0-9 - _ . ~`.
 *
 * @throws URIError when a password holds half of a surrogate pair
 */
export function changePasswordBody({ currentPassword, newPassword }: IamPasswords): string {
  return `Action=ChangePassword&Version=2010-05-08&OldPassword=${percentEncode(currentPassword)}&NewPassword=${percentEncode(newPassword)}`;
}

function percentEncode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
