/** Who is signed in, as the server tells it. */
export interface Session {
  account: string;
  user: string;
  userId: string;
  arn: string;
  expiresAt: string;
}

/** What the sign-in form sends; `link` is the secret of a one-use link. */
export type SignIn =
  | { link: string }
  | { account: string; user: string; password: string; newPassword?: string; code?: string };

/** A refusal of the console itself, with its code. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** No foreign page can send this header, and the server answers nothing without it. */
export const OWN_PAGE = { "X-Atelier-Console": "1" };

async function call(method: string, body?: unknown): Promise<Response> {
  const answer = await fetch("/session", {
    method,
    headers: { ...OWN_PAGE, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  if (!answer.ok) {
    const told = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
    throw new Refusal(told.code ?? "Unknown", told.message ?? answer.statusText);
  }
  return answer;
}

/** The session, or null when nobody is signed in. */
export async function currentSession(): Promise<Session | null> {
  try {
    return (await (await call("GET")).json()) as Session;
  } catch (error) {
    if (error instanceof Refusal && error.code === "NotSignedIn") {
      return null;
    }
    throw error;
  }
}

export async function signIn(entered: SignIn): Promise<Session> {
  return (await (await call("POST", entered)).json()) as Session;
}

/** Whose people may sign in by another way than a password. */
export interface Issuer {
  id: string;
  label: string;
}

export async function issuers(): Promise<Issuer[]> {
  const answer = await fetch("/sso", { headers: OWN_PAGE, cache: "no-store" });
  return answer.ok ? ((await answer.json()) as { providers: Issuer[] }).providers : [];
}

export async function signOut(): Promise<void> {
  await call("DELETE");
}
