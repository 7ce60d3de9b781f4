import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const LAUNCHER = join(process.env.ATELIER_HOME ?? "", "atelier");
const READY = "Atelier is ready at ";
const START_MS = 120_000;

/** Keys of a user; calls with them are signed, as programs' are. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A server with a data folder of its own. */
export class Server {
  private constructor(
    readonly data: string,
    private process: ChildProcess | undefined,
    readonly address: string,
  ) {}

  /** A server that another process has started. */
  static at(data: string, address: string): Server {
    return new Server(data, undefined, address);
  }

  /** @param settings of the configuration, where they differ from what holds without one */
  static async start(settings: Record<string, unknown> = {}): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "atelier-console-"));
    const config = join(data, "suite.json");
    writeFileSync(config, JSON.stringify(settings));
    const { process, address } = await Server.up(data, 0);
    return new Server(data, process, address);
  }

  private static async up(data: string, port: number): Promise<{ process: ChildProcess; address: string }> {
    const server = spawn(LAUNCHER, ["up", "--port", String(port), "--data", data, "--config", join(data, "suite.json")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: server.stdout });
    const address = await new Promise<string>((ready, failed) => {
      const late = setTimeout(() => failed(new Error("the server was not ready in time")), START_MS);
      lines.on("line", (line) => {
        if (line.startsWith(READY)) {
          clearTimeout(late);
          ready(line.slice(READY.length).trim());
        }
      });
      server.on("exit", (code) => failed(new Error(`the server ended with ${code}`)));
    });
    return { process: server, address };
  }

  /** Ends the server and starts it again, on the same port and folder. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.address).port);
    await this.end();
    ({ process: this.process } = await Server.up(this.data, port));
  }

  private async end(): Promise<void> {
    const { process } = this;
    if (!process) {
      throw new Error("this server was started elsewhere");
    }
    process.removeAllListeners("exit");
    const gone = new Promise((done) => process.once("close", done));
    process.kill("SIGTERM");
    await gone;
  }

  async stop(): Promise<void> {
    // what runs in sandboxes would outlive the server
    this.process?.removeAllListeners("exit");
    execFileSync(LAUNCHER, ["down", "--data", this.data]);
    rmSync(this.data, { recursive: true, force: true });
  }

  get console(): string {
    return `http://studio.localhost:${new URL(this.address).port}`;
  }

  /** What `./atelier console` prints. */
  link(): string {
    return execFileSync(LAUNCHER, ["console", "--data", this.data], { encoding: "utf8" }).trim();
  }

  administrator(): Keys {
    const text = execFileSync(LAUNCHER, ["env", "--admin", "--format", "dotenv", "--data", this.data], { encoding: "utf8" });
    const value = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)`, "m").exec(text)?.[1] ?? "";
    return { accessKeyId: value("AWS_ACCESS_KEY_ID"), secretAccessKey: value("AWS_SECRET_ACCESS_KEY") };
  }

  /** Clients that sign with keys. */
  clients(keys: Keys) {
    const options = { endpoint: this.address, region: "us-east-1", credentials: keys, forcePathStyle: true };
    return {
      s3: new S3Client(options),
      iam: new IAMClient(options),
      logs: new CloudWatchLogsClient(options),
      metrics: new CloudWatchClient(options),
      sagemaker: new SageMakerClient(options),
      runtime: new SageMakerRuntimeClient(options),
    };
  }
}
