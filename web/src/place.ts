/** The address of a page with what it shows. */
export function place(path: string, query: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams();
  Object.entries(query).forEach(([name, value]) => {
    if (value) {
      params.set(name, value);
    }
  });
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}
