import { Dialog, ReactWidget, showDialog } from "@jupyterlab/apputils";
import { useCallback, useEffect, useState } from "react";
import { reason } from "../own-api";
import { ago, exactly, moment, text } from "../texts";
import {
  type Definition,
  deleteDefinition,
  deleteJob,
  download,
  type Job,
  listDefinitions,
  listJobs,
  pause,
  resume,
  runDefinition,
  STATUSES,
  stopJob,
} from "./jobs";

const EVERY_MS = 3_000;

export type Tab = "jobs" | "definitions";

function When({ at }: { at: string | undefined }) {
  return at ? <time title={exactly(new Date(at))}>{moment(at)}</time> : <>–</>;
}

function Head({ columns }: { columns: string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Action({ label, name, act }: { label: string; name: string; act: () => void }) {
  return (
    <button type="button" className="atelier-link" aria-label={`${label}: ${name}`} onClick={act}>
      {label}
    </button>
  );
}

async function sure(title: string, says: string): Promise<boolean> {
  const { button } = await showDialog({
    title,
    body: says,
    buttons: [Dialog.cancelButton({ label: text("words.cancel") }), Dialog.warnButton({ label: text("jobs.delete") })],
    defaultButton: 0,
  });
  return button.accept;
}

type Act = (work: () => Promise<unknown>) => void;

function JobRow({ job, act }: { job: Job; act: Act }) {
  const running = job.status === "In progress";
  const remove = async () => {
    if (await sure(text("jobs.deleteJob", { name: job.name }), text(running ? "jobs.deleteRunning" : "jobs.deleteSays"))) {
      act(() => deleteJob(job.id));
    }
  };
  return (
    <tr>
      <th scope="row">{job.name}</th>
      <td>{job.path}</td>
      <td className="atelier-wraps">
        {text(`jobs.status.${job.status.replace(" ", "")}`)}
        {job.failureReason && <div className="atelier-problem">{job.failureReason}</div>}
      </td>
      <td title={ago(job.created)}>
        <When at={job.created} />
      </td>
      <td>{job.instanceType}</td>
      <td className="atelier-actions">
        {running ? (
          <Action label={text("jobs.stop")} name={job.name} act={() => act(() => stopJob(job.id))} />
        ) : (
          <>
            <a className="atelier-link" download href={download(job.id, "output")} aria-label={`${text("jobs.output")}: ${job.name}`}>
              {text("jobs.output")}
            </a>
            <a className="atelier-link" download href={download(job.id, "log")} aria-label={`${text("jobs.log")}: ${job.name}`}>
              {text("jobs.log")}
            </a>
          </>
        )}
        <Action label={text("jobs.delete")} name={job.name} act={() => void remove()} />
      </td>
    </tr>
  );
}

function Jobs({ jobs, act }: { jobs: Job[]; act: Act }) {
  const [status, setStatus] = useState("");
  const shown = jobs.filter((job) => !status || job.status === status);
  return (
    <>
      <label className="atelier-filter">
        <span>{text("jobs.statusTitle")}</span>
        <select value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">{text("jobs.all")}</option>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {text(`jobs.status.${each.replace(" ", "")}`)}
            </option>
          ))}
        </select>
      </label>
      {shown.length === 0 ? (
        <p className="atelier-note">{text("jobs.none")}</p>
      ) : (
        <table className="atelier-table atelier-jobs">
          <Head
            columns={[
              text("jobs.name"),
              text("jobs.input"),
              text("jobs.statusTitle"),
              text("jobs.created"),
              text("jobs.compute"),
              text("jobs.actions"),
            ]}
          />
          <tbody>
            {shown.map((job) => (
              <JobRow key={job.id} job={job} act={act} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function DefinitionRow({ definition, act, edit }: { definition: Definition; act: Act; edit: (definition: Definition) => void }) {
  const { id, name, path, schedule, status, nextRun } = definition;
  const remove = async () => {
    if (await sure(text("jobs.deleteDefinition", { name }), text("jobs.deleteDefinitionSays"))) {
      act(() => deleteDefinition(id));
    }
  };
  const active = status === "Active";
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{path}</td>
      <td>
        <code>{schedule}</code>
      </td>
      <td>{text(`jobs.status.${status}`)}</td>
      <td>
        <When at={nextRun} />
      </td>
      <td className="atelier-actions">
        <Action label={text("jobs.run")} name={name} act={() => act(() => runDefinition(id))} />
        <Action
          label={text(active ? "jobs.pause" : "jobs.resume")}
          name={name}
          act={() => act(() => (active ? pause(id) : resume(id)))}
        />
        <Action label={text("jobs.editThis")} name={name} act={() => edit(definition)} />
        <Action label={text("jobs.delete")} name={name} act={() => void remove()} />
      </td>
    </tr>
  );
}

function Definitions({ list, act, edit }: { list: Definition[]; act: Act; edit: (definition: Definition) => void }) {
  return list.length === 0 ? (
    <p className="atelier-note">{text("jobs.noDefinitions")}</p>
  ) : (
    <table className="atelier-table atelier-jobs">
      <Head
        columns={[
          text("jobs.name"),
          text("jobs.input"),
          text("jobs.schedule"),
          text("jobs.statusTitle"),
          text("jobs.next"),
          text("jobs.actions"),
        ]}
      />
      <tbody>
        {list.map((definition) => (
          <DefinitionRow key={definition.id} definition={definition} act={act} edit={edit} />
        ))}
      </tbody>
    </table>
  );
}

interface PageProps {
  tab: Tab;
  turn: (tab: Tab) => void;
  visible: () => boolean;
  edit: (definition: Definition) => void;
}

function Page({ tab, turn, visible, edit }: PageProps) {
  const [jobs, setJobs] = useState<Job[]>();
  const [definitions, setDefinitions] = useState<Definition[]>();
  const [trouble, setTrouble] = useState("");
  const load = useCallback(async () => {
    try {
      const [nowJobs, nowDefinitions] = await Promise.all([listJobs(), listDefinitions()]);
      setJobs(nowJobs);
      setDefinitions(nowDefinitions);
      setTrouble("");
    } catch (error) {
      setTrouble(reason(error));
    }
  }, []);
  useEffect(() => {
    void load();
    const timer = setInterval(() => visible() && void load(), EVERY_MS);
    return () => clearInterval(timer);
  }, [load, visible]);
  const act: Act = (work) =>
    void work()
      .then(load)
      .catch((error: unknown) => setTrouble(reason(error)));
  const tabs = [
    ["jobs", text("jobs.title")],
    ["definitions", text("jobs.definitions")],
  ] as const;
  return (
    <div className="atelier-sheet">
      <h1>{text("jobs.title")}</h1>
      <div role="tablist" className="atelier-tabs" aria-label={text("jobs.title")}>
        {tabs.map(([id, label]) => (
          <button key={id} type="button" role="tab" aria-selected={tab === id} onClick={() => turn(id)}>
            {label}
          </button>
        ))}
      </div>
      {trouble && (
        <p className="atelier-problem" role="alert">
          {trouble}
        </p>
      )}
      <div role="tabpanel" aria-label={tabs.find(([id]) => id === tab)?.[1]} className="atelier-tabPanel">
        {tab === "jobs"
          ? jobs && <Jobs jobs={jobs} act={act} />
          : definitions && <Definitions list={definitions} act={act} edit={edit} />}
      </div>
    </div>
  );
}

/** Notebook jobs and their definitions, as a tab; it follows them while it is seen. */
export class JobsPage extends ReactWidget {
  private tab: Tab = "jobs";

  constructor(private readonly edit: (definition: Definition) => void) {
    super();
    this.addClass("atelier-page");
  }

  turnTo(tab: Tab): void {
    this.tab = tab;
    this.update();
  }

  private readonly turn = (tab: Tab) => this.turnTo(tab);
  private readonly seen = () => this.isVisible;

  protected override render() {
    return <Page tab={this.tab} turn={this.turn} visible={this.seen} edit={this.edit} />;
  }
}
