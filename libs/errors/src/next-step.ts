/**
 * What the caller can do next, as a closed list; the value is one English sentence for a person.
 *
 * Source: design of the error taxonomy, "`next` is a closed list too".
 */
export const NEXT_STEPS = {
  sign_in_again: 'Sign in again and repeat the request with the new credential.',
  sign_the_same_body:
    'Sign POST / of the IAM endpoint with the body Action=ChangePassword&Version=2010-05-08&OldPassword=…&NewPassword=…, built from exactly the passwords that you send here.',
  request_scope:
    'Sign in through a client that grants the scope aws.cognito.signin.user.admin and use that access token.',
  get_mfa_session:
    'Get temporary credentials with your MFA code (sts get-session-token) and sign the request with them.',
  ask_administrator: 'Ask an administrator of the account or user pool.',
  correct_current_password: 'Enter the current password again.',
  choose_another_password: 'Choose another new password.',
  use_forgot_password: 'Use the forgot-password flow of the application.',
  confirm_account: 'Confirm the account first.',
  wait_and_retry: 'Wait, then repeat the same request.',
  sign_in_with_new_password_to_find_out:
    'Sign in with the new password to find out whether it holds; do not repeat the change blindly.',
  contact_support: 'Report the request id to the people who run this gateway.',
} as const;

/** A member of the closed list of next steps; the keys of {@link NEXT_STEPS}. */
export type NextStep = keyof typeof NEXT_STEPS;
