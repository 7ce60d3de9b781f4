import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";

/** No foreign page can send this header, and the server answers nothing without it. */
const OWN_PAGE = { "X-Atelier-Console": "1" };

interface Sent {
  headers: Record<string, string>;
  path: string;
}

/** The part of a client that adding a step needs; each client types its own stack. */
interface Stacked {
  middlewareStack: {
    add(step: any, options: any): void;
  };
}

/** Browsers resolve "." and ".." in addresses, which may be parts of keys: such a path travels in a header. */
export function keepDots(request: Sent): void {
  const [, service, path] = /^(\/aws\/[a-z0-9-]+)(\/.*)$/.exec(request.path) ?? [];
  if (service && path && path.split("/").some((part) => part === "." || part === "..")) {
    request.headers["X-Atelier-Path"] = btoa(path);
    request.path = `${service}/`;
  }
}

/** Sends with the app's session instead of a signature: the cookie goes along by itself. */
function withSession<C extends Stacked>(client: C, region: string): C {
  client.middlewareStack.add(
    (next: (given: { request: Sent }) => Promise<unknown>) => (given: { request: Sent }) => {
      Object.assign(given.request.headers, OWN_PAGE, { "X-Atelier-Region": region });
      keepDots(given.request);
      return next(given);
    },
    { step: "deserialize", name: "atelierSession", priority: "low" },
  );
  return client;
}

function options(service: string) {
  return {
    endpoint: `${window.location.origin}/aws/${service}`,
    region: "us-east-1",
    maxAttempts: 2,
    // the page holds no key: the server puts the execution role in place of who signed
    credentials: { accessKeyId: "session", secretAccessKey: "none" },
    signer: { sign: async <R>(request: R) => request },
    requestHandler: { cache: "no-store" as RequestCache },
  };
}

type CloudWatch = typeof import("@aws-sdk/client-cloudwatch");
type S3 = typeof import("@aws-sdk/client-s3");
type SageMaker = typeof import("@aws-sdk/client-sagemaker");

/** AWS's clients, each loaded when the first page needs it. */
export class Aws {
  private s3Client: Promise<{ sdk: S3; client: S3Client }> | undefined;
  private cloudwatchClient: Promise<{ sdk: CloudWatch; client: CloudWatchClient }> | undefined;
  private sagemakerClient: Promise<{ sdk: SageMaker; client: SageMakerClient }> | undefined;

  constructor(private readonly region: string) {}

  s3() {
    this.s3Client ??= import("@aws-sdk/client-s3").then((sdk) => ({
      sdk,
      client: withSession(
        new sdk.S3Client({
          ...options("s3"),
          forcePathStyle: true,
          // the content travels as it is, without the framing that checksums behind it need
          requestChecksumCalculation: "WHEN_REQUIRED",
          responseChecksumValidation: "WHEN_REQUIRED",
        }),
        this.region,
      ),
    }));
    return this.s3Client;
  }

  cloudwatch() {
    this.cloudwatchClient ??= import("@aws-sdk/client-cloudwatch").then((sdk) => ({
      sdk,
      client: withSession(new sdk.CloudWatchClient(options("cloudwatch")), this.region),
    }));
    return this.cloudwatchClient;
  }

  sagemaker() {
    this.sagemakerClient ??= import("@aws-sdk/client-sagemaker").then((sdk) => ({
      sdk,
      client: withSession(new sdk.SageMakerClient(options("sagemaker")), this.region),
    }));
    return this.sagemakerClient;
  }
}

/** What a refused call says, in the service's words. */
export function refusal(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
