import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";

export const USER = "dana";
export const PASSWORD = "correct horse";

/** An address of this machine that sandboxes do not take for their own. */
export function ownAddress(): string | undefined {
  return Object.values(networkInterfaces()).flat().find((each) => each && !each.internal && each.family === "IPv4")?.address;
}

/** A bare repository over HTTPS, for those who know the password and trust its certificate. */
export class Repository {
  private constructor(
    private readonly folder: string,
    private readonly http: HttpsServer,
    readonly url: string,
    readonly certificate: string,
  ) {}

  static async serve(address: string): Promise<Repository> {
    const folder = mkdtempSync(join(tmpdir(), "atelier-git-"));
    const bare = join(folder, "work.git");
    execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare]);
    execFileSync("git", ["-C", bare, "config", "http.receivepack", "true"]);
    const tree = execFileSync("git", ["-C", bare, "hash-object", "-t", "tree", "-w", "/dev/null"], { encoding: "utf8" }).trim();
    const commit = execFileSync(
      "git",
      ["-C", bare, "-c", "user.name=first", "-c", "user.email=first@example.com", "commit-tree", "-m", "first", tree],
      { encoding: "utf8" },
    ).trim();
    execFileSync("git", ["-C", bare, "update-ref", "refs/heads/main", commit]);
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=git", "-addext", `subjectAltName=IP:${address}`, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const http = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) =>
      Repository.answer(folder, request, response));
    await new Promise<void>((ready) => http.listen(0, address, ready));
    return new Repository(folder, http, `https://${address}:${(http.address() as AddressInfo).port}/work.git`,
      readFileSync(certificate, "utf8"));
  }

  private static answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
    const known = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (request.headers.authorization !== known) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const backend = spawn("git", ["http-backend"], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: "1",
        REQUEST_METHOD: request.method,
        PATH_INFO: path,
        QUERY_STRING: query,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-encoding"] ? { HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"]) } : {}),
        REMOTE_USER: USER,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    request.pipe(backend.stdin);
    const parts: Buffer[] = [];
    backend.stdout.on("data", (part: Buffer) => parts.push(part));
    backend.on("close", () => {
      const whole = Buffer.concat(parts);
      const end = whole.indexOf("\r\n\r\n");
      const headers = Object.fromEntries(
        whole.subarray(0, end).toString().split("\r\n").map((line) => line.split(": ", 2) as [string, string]),
      );
      const { Status, ...rest } = headers;
      response.writeHead(Number.parseInt(Status ?? "200", 10), rest).end(whole.subarray(end + 4));
    });
  }

  /** Subjects of the commits on main, newest first. */
  subjects(): string[] {
    return execFileSync("git", ["-C", join(this.folder, "work.git"), "log", "--format=%s", "main"], { encoding: "utf8" })
      .trim().split("\n");
  }

  file(path: string): string {
    return execFileSync("git", ["-C", join(this.folder, "work.git"), "show", `main:${path}`], { encoding: "utf8" });
  }

  close(): void {
    this.http.close();
    this.http.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
