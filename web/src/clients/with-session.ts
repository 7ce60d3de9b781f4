import { OWN_PAGE } from "../session";
import { settings } from "../settings";

/** Told when the server says that the session has ended. */
let ended: () => void = () => {};

export function onSessionEnd(listener: () => void): void {
  ended = listener;
}

interface Sent {
  headers: Record<string, string>;
  path: string;
}

interface Answered {
  response: { statusCode: number; headers: Record<string, string> };
}

/** The part of a client that adding a step needs; each client types its own stack. */
interface Stacked {
  middlewareStack: {
    add(step: any, options: any): void;
  };
}

/** Browsers resolve "." and ".." in addresses, which may be parts of keys: such a path travels in a header. */
function keepDots(request: Sent): void {
  const [, service, path] = /^(\/aws\/[a-z0-9-]+)(\/.*)$/.exec(request.path) ?? [];
  if (service && path && path.split("/").some((part) => part === "." || part === "..")) {
    request.headers["X-Atelier-Path"] = btoa(path);
    request.path = `${service}/`;
  }
}

/** Sends with the session instead of a signature: the cookie goes along by itself. */
export function withSession<C extends Stacked>(client: C): C {
  client.middlewareStack.add(
    (next: (given: { request: Sent }) => Promise<Answered>) => async (given: { request: Sent }) => {
      Object.assign(given.request.headers, OWN_PAGE, { "X-Atelier-Region": settings().region });
      keepDots(given.request);
      const answer = await next(given);
      if (answer.response.statusCode === 401 && answer.response.headers["x-atelier-console-refused"]) {
        ended();
      }
      return answer;
    },
    { step: "deserialize", name: "atelierSession", priority: "low" },
  );
  return client;
}

/** What every client is made with; the service is that of its address. */
export function options(service: string) {
  return {
    endpoint: `${window.location.origin}/aws/${service}`,
    region: "us-east-1",
    maxAttempts: 2,
    // the page holds no key: the server puts the session's user in place of who signed
    credentials: { accessKeyId: "session", secretAccessKey: "none" },
    signer: { sign: async <R>(request: R) => request },
    requestHandler: { cache: "no-store" as RequestCache },
  };
}
