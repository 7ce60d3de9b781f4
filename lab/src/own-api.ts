/** A call that the server refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function told(answer: Response): Promise<string> {
  const content = await answer.text();
  try {
    const parsed = JSON.parse(content) as { message?: string };
    return parsed.message ?? content;
  } catch {
    return content.length > 0 && content.length < 500 && !content.startsWith("<") ? content : answer.statusText;
  }
}

/** Asks the app's own host, as this page's user. */
export async function ask<T>(method: string, address: string, body?: unknown, send: typeof fetch = fetch): Promise<T> {
  const answer = await send(address, {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Refused(answer.status, await told(answer));
  }
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

/** What went wrong, for people. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
