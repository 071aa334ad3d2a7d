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
export function changePasswordBody(passwords: IamPasswords): string {
  return form(passwords, percentEncode);
}

/**
 * The same body as other encoders write it. They differ for passwords with a space or with one of `! ' ( ) * ~` alone; each of
 * these spellings means the same passwords to AWS, and only one of them is what was signed.
 *
 * @returns the spellings, without that of {@link changePasswordBody} and without repetitions
 */
export function otherChangePasswordBodies(passwords: IamPasswords): readonly string[] {
  const spellings = new Set(OTHER_ENCODERS.map((encode) => form(passwords, encode)));
  spellings.delete(changePasswordBody(passwords));
  return [...spellings];
}

function form({ currentPassword, newPassword }: IamPasswords, encode: (value: string) => string): string {
  return `Action=ChangePassword&Version=2010-05-08&OldPassword=${encode(currentPassword)}&NewPassword=${encode(newPassword)}`;
}

/** What common encoders do otherwise than RFC 3986, each with those that do it. */
const OTHER_ENCODERS: readonly ((value: string) => string)[] = [
  // JavaScript's encodeURIComponent.
  (value) => encodeURIComponent(value),
  // URLSearchParams, the form encoding of the WHATWG: https://url.spec.whatwg.org/#urlencoded-serializing
  (value) => new URLSearchParams([['', value]]).toString().slice(1),
  // Python's urlencode, Ruby's URI.encode_www_form_component but for its `*`.
  (value) => percentEncode(value).replaceAll('%20', '+'),
  // PHP's urlencode and http_build_query, Go's url.QueryEscape but for its `~`.
  (value) => percentEncode(value).replaceAll('%20', '+').replaceAll('~', '%7E'),
  // PHP's rawurlencode before 5.3, and others that encode `~`.
  (value) => percentEncode(value).replaceAll('~', '%7E'),
];

function percentEncode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
