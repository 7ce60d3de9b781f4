import { ReactWidget } from "@jupyterlab/apputils";
import { useState } from "react";
import { type Choices, Types } from "../compute/environment";
import { reason } from "../own-api";
import { text } from "../texts";
import { arnOf, create, edit, expressionOf, objectOf, type Rows, type Timing, TIMING, type Work } from "./jobs";
import { TimingFields } from "./timing";

/** What the form begins with. */
export interface Beginning {
  work: Work;
  /** Undefined for a job that runs now. */
  timing: Timing | undefined;
  /** The definition that is edited. */
  id?: string;
  /** The text of the notebook's cell of parameters. */
  parameters: string | undefined;
}

function Pairs({ title, add, rows, change }: { title: string; add: string; rows: Rows; change: (rows: Rows) => void }) {
  const set = (place: number, row: Rows[number]) => change(rows.map((each, at) => (at === place ? row : each)));
  return (
    <fieldset className="atelier-rows">
      <legend>{title}</legend>
      {rows.map(([name, value], place) => (
        <div key={place} className="atelier-rowPair">
          <input
            className="atelier-field"
            aria-label={text("jobs.rowName", { title, number: place + 1 })}
            placeholder={text("jobs.rowNameHint")}
            value={name}
            onChange={(event) => set(place, [event.target.value, value])}
          />
          <input
            className="atelier-field"
            aria-label={text("jobs.rowValue", { title, number: place + 1 })}
            placeholder={text("jobs.rowValueHint")}
            value={value}
            onChange={(event) => set(place, [name, event.target.value])}
          />
          <button
            type="button"
            className="atelier-noteButton"
            aria-label={text("jobs.removeRow", { title, number: place + 1 })}
            onClick={() => change(rows.filter((_, at) => at !== place))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" className="atelier-noteButton" onClick={() => change([...rows, ["", ""]])}>
        {add}
      </button>
    </fieldset>
  );
}

function Line({ label, hint, value, change }: { label: string; hint?: string; value: string; change: (value: string) => void }) {
  return (
    <label>
      <span>{label}</span>
      <input className="atelier-field" value={value} placeholder={hint} onChange={(event) => change(event.target.value)} />
    </label>
  );
}

const listed = (words: string) => words.split(/[\s,]+/).filter(Boolean);

function More({ work, set, choices, env, setEnv }: {
  work: Work;
  set: (changed: Partial<Work>) => void;
  choices: Choices;
  env: Rows;
  setEnv: (rows: Rows) => void;
}) {
  return (
    <details className="atelier-more">
      <summary>{text("jobs.more")}</summary>
      <div className="atelier-form">
        <Line label={text("jobs.role")} hint={text("jobs.ownRole")} value={work.role} change={(role) => set({ role })} />
        <Line label={text("jobs.inputFolder")} hint="s3://" value={work.inputS3} change={(inputS3) => set({ inputS3 })} />
        <Line label={text("jobs.outputFolder")} hint="s3://" value={work.outputS3} change={(outputS3) => set({ outputS3 })} />
        <Pairs title={text("jobs.environment")} add={text("jobs.addVariable")} rows={env} change={setEnv} />
        {choices.scripts.length > 0 && (
          <label>
            <span>{text("compute.script")}</span>
            <select value={work.script} onChange={(event) => set({ script: event.target.value })}>
              <option value="">{text("compute.noScript")}</option>
              {choices.scripts.map(({ arn, name }) => (
                <option key={arn} value={arn}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Line
          label={text("jobs.initializationScript")}
          hint="prepare.sh"
          value={work.initializationScript}
          change={(initializationScript) => set({ initializationScript })}
        />
        <Line
          label={text("jobs.outputKey")}
          value={work.kmsKeys.output}
          change={(output) => set({ kmsKeys: { ...work.kmsKeys, output } })}
        />
        <Line
          label={text("jobs.volumeKey")}
          value={work.kmsKeys.volume}
          change={(volume) => set({ kmsKeys: { ...work.kmsKeys, volume } })}
        />
        <Line
          label={text("jobs.subnets")}
          value={work.vpc.subnets.join(" ")}
          change={(words) => set({ vpc: { ...work.vpc, subnets: listed(words) } })}
        />
        <Line
          label={text("jobs.securityGroups")}
          value={work.vpc.securityGroupIds.join(" ")}
          change={(words) => set({ vpc: { ...work.vpc, securityGroupIds: listed(words) } })}
        />
      </div>
    </details>
  );
}

function Runs({ work, set, choices }: { work: Work; set: (changed: Partial<Work>) => void; choices: Choices }) {
  const chosen = (arn: string) => choices.images.find((each) => arnOf(each) === arn);
  return (
    <>
      <label>
        <span>{text("jobs.compute")}</span>
        <Types
          types={choices.types.filter((type) => type.jobs)}
          value={work.instanceType}
          onChange={(instanceType) => set({ instanceType })}
        />
      </label>
      <label>
        <span>{text("compute.image")}</span>
        <select
          value={work.imageArn}
          onChange={(event) =>
            set({ imageArn: event.target.value, kernel: chosen(event.target.value)?.kernels[0]?.name ?? work.kernel })
          }
        >
          {choices.images.map((image) => (
            <option key={arnOf(image)} value={arnOf(image)}>
              {image.displayName}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{text("compute.kernel")}</span>
        <select value={work.kernel} onChange={(event) => set({ kernel: event.target.value })}>
          {(chosen(work.imageArn)?.kernels ?? []).map(({ name, displayName }) => (
            <option key={name} value={name}>
              {displayName}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Form({ beginning, choices, done }: { beginning: Beginning; choices: Choices; done: (scheduled: boolean) => void }) {
  const [work, setWork] = useState(beginning.work);
  const [timing, setTiming] = useState(beginning.timing);
  const [parameters, setParameters] = useState<Rows>(Object.entries(work.parameters));
  const [env, setEnv] = useState<Rows>(Object.entries(work.environment));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const set = (changed: Partial<Work>) => setWork((before) => ({ ...before, ...changed }));
  const send = async () => {
    setBusy(true);
    setTrouble("");
    const asked = { ...work, parameters: objectOf(parameters), environment: objectOf(env) };
    const schedule = timing ? expressionOf(timing) : "";
    try {
      await (beginning.id ? edit(beginning.id, asked, schedule) : create(asked, schedule));
      done(timing !== undefined);
    } catch (error) {
      setTrouble(reason(error));
      setBusy(false);
    }
  };
  return (
    <form
      className="atelier-sheet atelier-form atelier-jobForm"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>{text(beginning.id ? "jobs.edit" : "jobs.create")}</h1>
      <Line label={text("jobs.name")} value={work.name} change={(name) => set({ name })} />
      <Line label={text("jobs.input")} value={work.path} change={(path) => set({ path })} />
      <Runs work={work} set={set} choices={choices} />
      <Pairs title={text("jobs.parameters")} add={text("jobs.addParameter")} rows={parameters} change={setParameters} />
      {beginning.parameters === undefined ? (
        <p className="atelier-note">{text("jobs.noParametersCell")}</p>
      ) : (
        <div>
          <p className="atelier-note">{text("jobs.parametersCell")}</p>
          <pre className="atelier-text" tabIndex={0}>
            {beginning.parameters}
          </pre>
        </div>
      )}
      {!beginning.id && (
        <fieldset className="atelier-rows">
          <legend>{text("jobs.when")}</legend>
          <label className="atelier-check">
            <input type="radio" name="when" checked={!timing} onChange={() => setTiming(undefined)} />
            <span>{text("jobs.now")}</span>
          </label>
          <label className="atelier-check">
            <input type="radio" name="when" checked={Boolean(timing)} onChange={() => setTiming(TIMING)} />
            <span>{text("jobs.onSchedule")}</span>
          </label>
        </fieldset>
      )}
      <TimingFields timing={timing} change={setTiming} />
      <More work={work} set={set} choices={choices} env={env} setEnv={setEnv} />
      {trouble && (
        <p className="atelier-problem" role="alert">
          {trouble}
        </p>
      )}
      <div className="atelier-buttons">
        <button type="submit" className="atelier-noteButton atelier-primary" disabled={busy}>
          {text(beginning.id ? "jobs.save" : "jobs.createThis")}
        </button>
      </div>
    </form>
  );
}

/** The form of a notebook job, as a tab. */
export class JobForm extends ReactWidget {
  /** @param done told when it was accepted, and whether it runs by a schedule */
  constructor(
    private readonly beginning: Beginning,
    private readonly choices: Choices,
    private readonly done: (scheduled: boolean) => void,
  ) {
    super();
    this.addClass("atelier-page");
  }

  protected override render() {
    return <Form beginning={this.beginning} choices={this.choices} done={this.done} />;
  }
}
