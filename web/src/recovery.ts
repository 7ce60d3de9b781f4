import { own } from "./own-api";

const PATH = "/recovery-codes";

/** How many recovery codes are left. */
export async function codesLeft(): Promise<number> {
  return ((await (await own("GET", PATH)).json()) as { left: number }).left;
}

/** New recovery codes in place of the old ones, shown this once. */
export async function newCodes(code: string): Promise<string[]> {
  return ((await (await own("POST", PATH, { code })).json()) as { codes: string[] }).codes;
}

/** What an authenticator app reads from the picture. */
export function enrolment(account: string, user: string, seed: string): string {
  const label = encodeURIComponent(`Atelier:${user}@${account}`);
  return `otpauth://totp/${label}?secret=${seed}&issuer=Atelier`;
}
