import { COGNITO_PASSWORD_RULES, IAM_PASSWORD_RULES, type Rule } from '@password-gateway/validators';

const SHARED = 'Must be another password than `currentPassword`.';

/** The part of the operation's description on the fields, in Markdown, made from the rules that the gateway checks. */
export const FIELD_RULES = `### Fields

| field or rule | Amazon Cognito | AWS IAM |
| --- | --- | --- |
| \`currentPassword\` | Left out only by a passwordless user who sets a first password. | Required. |
| \`newPassword\` | Required. ${SHARED} | Required. ${SHARED} |
${rows()}

The password policy of the user pool or account comes on top; only AWS knows it. Every broken rule is told at once. The characters that you send are the characters that AWS gets: nothing is trimmed or normalised.`;

/** One line per kind of rule, which may be worded differently for each provider. */
function rows(): string {
  const codes = new Set([...COGNITO_PASSWORD_RULES, ...IAM_PASSWORD_RULES].map(({ code }) => code));
  const cell = (rules: readonly Rule[], wanted: string): string =>
    rules.find(({ code }) => code === wanted)?.detail ?? '–';
  return [...codes]
    .map(
      (code) => `| \`${code}\` | ${cell(COGNITO_PASSWORD_RULES, code)} | ${cell(IAM_PASSWORD_RULES, code)} |`,
    )
    .join('\n');
}
