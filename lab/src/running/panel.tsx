import { ReactWidget } from "@jupyterlab/apputils";
import { caretDownIcon, caretRightIcon, closeIcon, LabIcon, refreshIcon } from "@jupyterlab/ui-components";
import type { ISignal } from "@lumino/signaling";
import { useState } from "react";
import type { Running, RunningApp, RunningInstance, RunningKernel, RunningTerminal } from "../contract";
import { price, size } from "../sizes";
import type { IStudio } from "../studio";
import { numberOf } from "../terminals/names";
import { ago, moment, text, word } from "../texts";
import { confirmed, stopAll } from "./confirm";
import { allTerminals, costOf, documentOf, endingOf, stoppable } from "./ending";

const powerIcon = new LabIcon({
  name: "atelier:power",
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">' +
    '<path d="M13 3h-2v10h2V3zm4.83 2.17-1.42 1.42A6.92 6.92 0 0 1 19 12a7 7 0 1 1-11.42-5.42L6.17 5.17A9 9 0 1 0 21 12a8.96 8.96 0 0 0-3.17-6.83z"/></g></svg>',
});

/** What the panel needs of JupyterLab. */
export interface Around {
  open(path: string): void;
  openTerminal(name: string): void;
  /** Terminals of JupyterLab's own server. */
  terminals(): string[];
  terminalsChanged: ISignal<unknown, unknown>;
}

interface RowProps {
  title: string;
  facts: (string | undefined)[];
  problem?: string;
  hint?: string;
  onOpen?: () => void;
  stop?: { label: string; does: () => void };
}

function Row({ title, facts, problem, hint, onOpen, stop }: RowProps) {
  const known = facts.filter(Boolean).join(" · ");
  return (
    <li className="atelier-row" title={hint}>
      <div className="atelier-rowText">
        {onOpen ? (
          <button type="button" className="atelier-link" onClick={onOpen}>
            {title}
          </button>
        ) : (
          <span className="atelier-rowTitle">{title}</span>
        )}
        <span className="atelier-rowFacts">{known}</span>
        {problem && (
          <span className="atelier-problem" title={problem}>
            {problem}
          </span>
        )}
      </div>
      {stop && (
        <button type="button" className="atelier-iconButton" aria-label={stop.label} title={stop.label} onClick={stop.does}>
          <powerIcon.react tag="span" width="16px" height="16px" />
        </button>
      )}
    </li>
  );
}

interface SectionProps {
  title: string;
  count: number;
  empty: string;
  stopAll?: { label: string; does: () => void };
  children: React.ReactNode;
}

function Section({ title, count, empty, stopAll: all, children }: SectionProps) {
  const [open, setOpen] = useState(true);
  const Caret = open ? caretDownIcon : caretRightIcon;
  return (
    <section className="atelier-section">
      <div className="atelier-sectionHead">
        <h2>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Caret.react tag="span" width="16px" height="16px" />
            {text("running.titled", { title, number: count })}
          </button>
        </h2>
        {all && count > 0 && (
          <button type="button" className="atelier-iconButton" aria-label={all.label} title={all.label} onClick={all.does}>
            <closeIcon.react tag="span" width="16px" height="16px" />
          </button>
        )}
      </div>
      {open && (count === 0 ? <p className="atelier-empty">{empty}</p> : <ul className="atelier-rows">{children}</ul>)}
    </section>
  );
}

/** Instances, apps, kernels and terminals, each with its power button; instances and apps ask before they stop. */
export class RunningPanel extends ReactWidget {
  constructor(
    private readonly studio: IStudio,
    private readonly around: Around,
  ) {
    super();
    this.addClass("atelier-panel");
    studio.changed.connect(this.fresh, this);
    around.terminalsChanged.connect(this.fresh, this);
  }

  private fresh(): void {
    this.update();
  }

  private instance(each: RunningInstance, running: Running) {
    const type = this.studio.knownTypes.find((known) => known.name === each.instanceType);
    const system = each.instanceType === "system";
    const label = text("running.stopInstance", { name: each.instanceType });
    const stop = async () => {
      if (await confirmed(label, endingOf(each.apps, running), text("running.stop"))) {
        await stopAll([() => this.studio.stopInstance(each.instanceType)]);
      }
    };
    return (
      <Row
        key={each.instanceType}
        title={system ? text("running.system") : each.instanceType}
        facts={[
          type && size(type),
          word(`running.state.${each.status}`, each.status),
          each.pricePerHour === null ? undefined : text("running.perHour", { price: price(each.pricePerHour) }),
        ]}
        hint={text("running.since", { moment: moment(each.since), ago: ago(each.since) })}
        stop={system ? undefined : { label, does: () => void stop() }}
      />
    );
  }

  private app(each: RunningApp, running: Running) {
    const label = text("running.stopApp", { name: each.imageName || each.appName });
    const stop = async () => {
      if (await confirmed(label, endingOf([each.appName], running), text("running.stop"))) {
        await stopAll([() => this.studio.stopApp(each.appType, each.appName)]);
      }
    };
    return (
      <Row
        key={`${each.appType} ${each.appName}`}
        title={each.imageName || each.appType}
        facts={[
          each.instanceType === "system" ? undefined : each.instanceType,
          word(`running.state.${each.status}`, each.status),
          each.status === "Pending" ? each.phase : undefined,
        ]}
        problem={each.failureReason}
        hint={[each.appName, text("running.since", { moment: moment(each.since), ago: ago(each.since) })].join("\n")}
        stop={each.instanceType === "system" ? undefined : { label, does: () => void stop() }}
      />
    );
  }

  private kernel(each: RunningKernel) {
    const path = documentOf(each);
    const title = path?.split("/").pop() ?? each.displayName;
    return (
      <Row
        key={each.id}
        title={title}
        facts={[path ? each.displayName : undefined, each.instanceType, word(`compute.status.${each.state}`, each.state)]}
        hint={[path, text("running.active", { ago: ago(each.lastActivity) })].filter(Boolean).join("\n")}
        onOpen={path?.endsWith(".ipynb") ? () => this.around.open(path) : undefined}
        stop={{
          label: text("running.stopKernel", { name: title }),
          does: () => void stopAll([() => this.studio.stopKernel(each.id)]),
        }}
      />
    );
  }

  private terminal(each: RunningTerminal, running: Running) {
    const app = running.apps.find((known) => known.appName === each.appName);
    return (
      <Row
        key={each.name}
        title={text("running.terminal", { name: numberOf(each.name) })}
        facts={[app ? app.imageName : text("running.systemTerminal"), app?.instanceType]}
        onOpen={() => this.around.openTerminal(each.name)}
        stop={{
          label: text("running.stopTerminal", { name: numberOf(each.name) }),
          does: () => void stopAll([() => this.studio.stopTerminal(each.name)]),
        }}
      />
    );
  }

  private allInstances(running: Running): void {
    const instances = stoppable(running.instances);
    const ending = endingOf(instances.flatMap((each) => each.apps), running);
    void confirmed(text("running.stopInstances"), ending, text("running.stopAll")).then((yes) =>
      yes ? stopAll(instances.map((each) => () => this.studio.stopInstance(each.instanceType))) : undefined,
    );
  }

  private allApps(running: Running): void {
    const apps = running.apps.filter((app) => app.instanceType !== "system");
    void confirmed(text("running.stopApps"), endingOf(apps.map((each) => each.appName), running), text("running.stopAll")).then(
      (yes) => (yes ? stopAll(apps.map((each) => () => this.studio.stopApp(each.appType, each.appName))) : undefined),
    );
  }

  private sections(running: Running) {
    const { instances, apps, kernels } = running;
    const terminals = allTerminals(running.terminals, this.around.terminals());
    return (
      <>
        <Section
          title={text("running.instances")}
          count={instances.length}
          empty={text("running.noInstances")}
          stopAll={stoppable(instances).length === 0 ? undefined : { label: text("running.stopInstances"), does: () => this.allInstances(running) }}
        >
          {instances.map((each) => this.instance(each, running))}
        </Section>
        <Section
          title={text("running.apps")}
          count={apps.length}
          empty={text("running.noApps")}
          stopAll={apps.every((app) => app.instanceType === "system") ? undefined : { label: text("running.stopApps"), does: () => this.allApps(running) }}
        >
          {apps.map((each) => this.app(each, running))}
        </Section>
        <Section
          title={text("running.kernels")}
          count={kernels.length}
          empty={text("running.noKernels")}
          stopAll={{
            label: text("running.stopKernels"),
            does: () => void stopAll(kernels.map((each) => () => this.studio.stopKernel(each.id))),
          }}
        >
          {kernels.map((each) => this.kernel(each))}
        </Section>
        <Section
          title={text("running.terminals")}
          count={terminals.length}
          empty={text("running.noTerminals")}
          stopAll={{
            label: text("running.stopTerminals"),
            does: () => void stopAll(terminals.map((each) => () => this.studio.stopTerminal(each.name))),
          }}
        >
          {terminals.map((each) => this.terminal(each, running))}
        </Section>
      </>
    );
  }

  protected override render() {
    const { running, trouble } = this.studio;
    const cost = costOf(running?.instances ?? []);
    return (
      <div className="atelier-panelBody">
        <div className="atelier-panelHead">
          <h1>{cost === undefined ? text("running.short") : text("running.cost", { price: price(cost) })}</h1>
          <button
            type="button"
            className="atelier-iconButton"
            aria-label={text("words.refresh")}
            title={text("words.refresh")}
            onClick={() => void this.studio.refresh()}
          >
            <refreshIcon.react tag="span" width="16px" height="16px" />
          </button>
        </div>
        {trouble && (
          <p className="atelier-problem" role="alert">
            {trouble}
          </p>
        )}
        {running ? this.sections(running) : !trouble && <p className="atelier-empty">{text("running.looking")}</p>}
      </div>
    );
  }

  override dispose(): void {
    this.studio.changed.disconnect(this.fresh, this);
    this.around.terminalsChanged.disconnect(this.fresh, this);
    super.dispose();
  }
}
