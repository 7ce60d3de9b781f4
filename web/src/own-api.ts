import { OWN_PAGE, Refusal } from "./session";
import { settings } from "./settings";

/** Calls what the console itself answers, beside AWS's services; a refusal reads as one of theirs. */
export async function own(method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(path, {
    method,
    headers: {
      ...OWN_PAGE,
      "X-Atelier-Region": settings().region,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  if (!answer.ok) {
    const told = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
    throw Object.assign(new Refusal(told.code ?? "Unknown", told.message ?? answer.statusText), { name: told.code });
  }
  return answer;
}
