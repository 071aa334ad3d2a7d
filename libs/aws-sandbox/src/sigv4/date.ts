const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads ISO 8601 basic format (`20150830T123600Z`); `undefined` for anything else, 30 February included. */
export function parseBasicDate(text: string): Date | undefined {
  if (!BASIC_FORMAT.test(text)) return undefined;
  const date = new Date(text.replace(BASIC_FORMAT, '$1-$2-$3T$4:$5:$6Z'));
  return !Number.isNaN(date.getTime()) && formatBasicDate(date) === text ? date : undefined;
}

/** Writes ISO 8601 basic format, whole seconds. */
export function formatBasicDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}
