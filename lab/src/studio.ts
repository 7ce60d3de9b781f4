import { Token } from "@lumino/coreutils";
import { type ISignal, Signal } from "@lumino/signaling";
import type { Environment, Execution, Image, InstanceType, Me, Running, Script } from "./contract";
import { ask, Refused } from "./own-api";
import { text } from "./texts";

/** What a started kernel is known by. */
export interface Started {
  id: string;
  name: string;
}

/** What a kernel is started on; the server finds room for it, or says why there is none. */
export interface Start {
  name: string;
  path: string;
  instanceType: string;
  script?: string | null;
}

/** Studio as the pages see it: what can run, what runs, and how that changes. */
export interface IStudio {
  /** Settled when it is known whether the server has a Studio at all: without one JupyterLab works as it comes. */
  readonly ready: Promise<Me | undefined>;
  readonly me: Me | undefined;
  /** What runs, or undefined before the first answer. */
  readonly running: Running | undefined;
  /** Why `running` is not up to date, if so. */
  readonly trouble: string | undefined;
  readonly changed: ISignal<IStudio, void>;
  /** Every instance type; known ones at once unless `anew`. */
  instanceTypes(anew?: boolean): Promise<InstanceType[]>;
  /** The instance types that are known now. */
  readonly knownTypes: InstanceType[];
  images(anew?: boolean): Promise<Image[]>;
  readonly knownImages: Image[];
  /** Start-up scripts that may be chosen; none where the server offers none. */
  scripts(): Promise<Script[]>;
  refresh(): Promise<void>;
  startKernel(start: Start): Promise<Started>;
  startTerminal(on: Pick<Environment, "image" | "instanceType" | "script">, folder: string): Promise<string>;
  stopInstance(instanceType: string): Promise<void>;
  stopApp(appType: string, appName: string): Promise<void>;
  stopKernel(id: string): Promise<void>;
  stopTerminal(name: string): Promise<void>;
  executions(kernel: string): Promise<Execution[]>;
}

export const IStudio = new Token<IStudio>("@atelier/studio:IStudio", "What Studio runs and can run.");

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Studio over HTTP.
 *
 * @param base the address of Jupyter's own server, for kernels and terminals; the Studio API lies at the host's root
 */
export class Studio implements IStudio {
  readonly ready: Promise<Me | undefined>;
  me: Me | undefined;
  running: Running | undefined;
  trouble: string | undefined;
  knownTypes: InstanceType[] = [];
  knownImages: Image[] = [];
  readonly changed: Signal<IStudio, void> = new Signal<IStudio, void>(this);
  private types: Promise<InstanceType[]> | undefined;
  private imageList: Promise<Image[]> | undefined;
  private scriptList: Promise<Script[]> | undefined;
  private wait = FIRST_WAIT_MS;

  constructor(
    private readonly base: string,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
    private readonly follows: (address: string) => EventSource = (address) => new EventSource(address),
  ) {
    this.ready = this.begin();
  }

  private async begin(): Promise<Me | undefined> {
    try {
      this.me = await this.ask<Me>("GET", "/studio-api/me");
    } catch {
      return undefined;
    }
    this.follow();
    void this.refresh();
    void this.instanceTypes().catch(() => undefined);
    void this.images().catch(() => undefined);
    return this.me;
  }

  private ask<T>(method: string, address: string, body?: unknown): Promise<T> {
    return ask<T>(method, address, body, this.send);
  }

  /** Listens for what runs; a source that ends for good is opened again, ever less often. */
  private follow(): void {
    const source = this.follows("/studio-api/events");
    source.addEventListener("running", (event) => {
      this.wait = FIRST_WAIT_MS;
      this.take(JSON.parse((event as MessageEvent<string>).data) as Running);
    });
    source.addEventListener("error", () => {
      if (source.readyState === 2) {
        setTimeout(() => {
          this.follow();
          void this.refresh();
        }, this.wait);
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
      }
    });
  }

  private take(running: Running): void {
    this.running = running;
    this.trouble = undefined;
    this.changed.emit();
  }

  async refresh(): Promise<void> {
    try {
      this.take(await this.ask<Running>("GET", "/studio-api/running"));
    } catch (error) {
      this.trouble = error instanceof Refused ? error.message : text("running.unreachable");
      this.changed.emit();
    }
  }

  instanceTypes(anew = false): Promise<InstanceType[]> {
    if (anew || !this.types) {
      this.types = this.list<InstanceType>("/studio-api/instance-types", (list) => (this.knownTypes = list));
      this.types.catch(() => (this.types = undefined));
    }
    return this.types;
  }

  images(anew = false): Promise<Image[]> {
    if (anew || !this.imageList) {
      this.imageList = this.list<Image>("/studio-api/images", (list) => (this.knownImages = list));
      this.imageList.catch(() => (this.imageList = undefined));
    }
    return this.imageList;
  }

  private async list<T>(address: string, keep: (list: T[]) => void): Promise<T[]> {
    const list = await this.ask<T[]>("GET", address);
    keep(list);
    this.changed.emit();
    return list;
  }

  scripts(): Promise<Script[]> {
    this.scriptList ??= this.ask<Script[]>("GET", "/studio-api/scripts").catch((error: unknown) => {
      this.scriptList = undefined;
      if (error instanceof Refused && error.status === 404) {
        return [];
      }
      throw error;
    });
    return this.scriptList;
  }

  startKernel({ name, path, instanceType, script }: Start): Promise<Started> {
    return this.ask<Started>("POST", `${this.base}api/kernels`, {
      name,
      path,
      instance_type: instanceType,
      ...(script === undefined ? {} : { lcc_arn: script }),
    });
  }

  async startTerminal({ image, instanceType, script }: Pick<Environment, "image" | "instanceType" | "script">, folder: string): Promise<string> {
    const body = {
      image_arn: image.imageVersionArn ?? image.imageArn,
      instance_type: instanceType,
      cwd: folder,
      ...(script ? { lcc_arn: script } : {}),
    };
    return (await this.ask<{ name: string }>("POST", `${this.base}api/terminals`, body)).name;
  }

  stopInstance(instanceType: string): Promise<void> {
    return this.stop(`/studio-api/instances/${encodeURIComponent(instanceType)}`);
  }

  stopApp(appType: string, appName: string): Promise<void> {
    return this.stop(`/studio-api/apps/${encodeURIComponent(appType)}/${encodeURIComponent(appName)}`);
  }

  stopKernel(id: string): Promise<void> {
    return this.stop(`${this.base}api/kernels/${encodeURIComponent(id)}`);
  }

  stopTerminal(name: string): Promise<void> {
    return this.stop(`${this.base}api/terminals/${encodeURIComponent(name)}`);
  }

  /** Ends something; what is gone already counts as ended. */
  private async stop(address: string): Promise<void> {
    try {
      await this.ask<void>("DELETE", address);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) {
        throw error;
      }
    }
    await this.refresh();
  }

  executions(kernel: string): Promise<Execution[]> {
    return this.ask<Execution[]>("GET", `/studio-api/kernels/${encodeURIComponent(kernel)}/executions`);
  }
}
