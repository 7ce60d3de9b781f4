/** What was typed as several values; undefined for none. */
export function listed(text: string): string[] | undefined {
  const all = text.split(/[\s,]+/).filter(Boolean);
  return all.length ? all : undefined;
}
