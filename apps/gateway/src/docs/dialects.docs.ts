/** The part of the operation's description on the forms that a request can have, in Markdown. */
export const DIALECTS = `### Dialects

The body is \`application/json\` in UTF-8, with the fields below and no others.`;
