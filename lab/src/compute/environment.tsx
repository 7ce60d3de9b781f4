import { Dialog, ReactWidget } from "@jupyterlab/apputils";
import { useState } from "react";
import type { Environment, Image, InstanceType, Script } from "../contract";
import { price, size } from "../sizes";
import { refusalOf } from "./refusal";
import { text } from "../texts";

/** What is chosen in the form; `kernel` is empty for none. */
export interface Draft {
  image: Image;
  kernel: string;
  instanceType: string;
  script: string;
}

export interface Choices {
  images: Image[];
  types: InstanceType[];
  scripts: Script[];
}

/** The first choice for a notebook that names nothing: the image's own kernel and size. */
export function draftOf(image: Image, scripts: Script[], kernel?: string, instanceType?: string, script?: string): Draft {
  return {
    image,
    kernel: image.kernels.some((each) => each.name === kernel) ? (kernel ?? "") : (image.kernels[0]?.name ?? ""),
    instanceType: instanceType ?? image.defaultInstanceType,
    script: script ?? scripts.find((each) => each.default)?.arn ?? "",
  };
}

function label(type: InstanceType): string {
  const parts = [size(type), type.name];
  if (type.pricePerHour !== null) {
    parts.push(text("compute.perHour", { price: price(type.pricePerHour) }));
  }
  return parts.join(" · ");
}

/** Instance types to choose from: those that launch fast first, those that cannot be had last. */
export function Types({ types, value, onChange }: { types: InstanceType[]; value: string; onChange: (name: string) => void }) {
  const groups = [
    [text("compute.fastGroup"), types.filter((type) => type.available && type.fastLaunch)],
    [text("compute.otherGroup"), types.filter((type) => type.available && !type.fastLaunch)],
    [text("compute.notNow"), types.filter((type) => !type.available)],
  ] as const;
  return (
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {!types.some((type) => type.name === value) && <option value={value}>{value}</option>}
      {groups.map(([name, members]) =>
        members.length === 0 ? null : (
          <optgroup key={name} label={name}>
            {members.map((type) => (
              <option key={type.name} value={type.name} disabled={!type.available}>
                {type.available ? label(type) : `${label(type)} · ${refusalOf(type)}`}
              </option>
            ))}
          </optgroup>
        ),
      )}
    </select>
  );
}

/** Image, kernel, instance type and start-up script, as one form. */
export function EnvironmentForm({
  choices,
  draft,
  onChange,
  optional,
}: {
  choices: Choices;
  draft: Draft;
  onChange: (draft: Draft) => void;
  optional: boolean;
}) {
  const { images, types, scripts } = choices;
  const choose = (arn: string) => {
    const image = images.find((each) => each.imageArn === arn);
    if (image) {
      // a size that was chosen for an image stays, unless the new one needs a GPU that it lacks
      const has = types.find((type) => type.name === draft.instanceType);
      const keeps = draft.instanceType !== draft.image.defaultInstanceType && (!image.gpu || (has?.gpus ?? 0) > 0);
      onChange({ ...draftOf(image, scripts, draft.kernel, keeps ? draft.instanceType : undefined, draft.script) });
    }
  };
  const own = images.filter((image) => image.custom);
  const given = images.filter((image) => !image.custom && (!image.older || image === draft.image));
  const options = (list: Image[]) =>
    list.map((image) => (
      <option key={image.imageArn} value={image.imageArn}>
        {image.displayName}
      </option>
    ));
  return (
    <div className="atelier-form">
      <label>
        <span>{text("compute.image")}</span>
        <select value={draft.image.imageArn} onChange={(event) => choose(event.target.value)}>
          {own.length === 0 ? options(given) : (
            <>
              <optgroup label={text("compute.ownImages")}>{options(own)}</optgroup>
              <optgroup label={text("compute.givenImages")}>{options(given)}</optgroup>
            </>
          )}
        </select>
      </label>
      {draft.image.difference && <p className="atelier-note">{draft.image.difference}</p>}
      <label>
        <span>{text("compute.kernel")}</span>
        <select value={draft.kernel} onChange={(event) => onChange({ ...draft, kernel: event.target.value })}>
          {draft.image.kernels.map((kernel) => (
            <option key={kernel.name} value={kernel.name}>
              {kernel.displayName}
            </option>
          ))}
          {optional && <option value="">{text("compute.noKernel")}</option>}
        </select>
      </label>
      <label>
        <span>{text("compute.instanceType")}</span>
        <Types types={types} value={draft.instanceType} onChange={(instanceType) => onChange({ ...draft, instanceType })} />
      </label>
      {scripts.length > 0 && (
        <label>
          <span>{text("compute.script")}</span>
          <select value={draft.script} onChange={(event) => onChange({ ...draft, script: event.target.value })}>
            <option value="">{text("compute.noScript")}</option>
            {scripts.map((script) => (
              <option key={script.arn} value={script.arn}>
                {script.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {optional && draft.kernel === "" && <p className="atelier-note">{text("compute.noKernelMeans")}</p>}
    </div>
  );
}

function Body({ choices, kept, optional, old }: { choices: Choices; kept: Kept; optional: boolean; old: string | undefined }) {
  const [draft, setDraft] = useState(kept.draft);
  const [stopOld, setStopOld] = useState(false);
  const leaves = old !== undefined && (draft.kernel === "" || draft.instanceType !== old);
  kept.draft = draft;
  kept.stopOld = stopOld && leaves;
  return (
    <>
      <EnvironmentForm choices={choices} draft={draft} onChange={setDraft} optional={optional} />
      {old && leaves && (
        <label className="atelier-check">
          <input type="checkbox" checked={stopOld} onChange={() => setStopOld(!stopOld)} />
          <span>{text("compute.stopOld", { name: old })}</span>
        </label>
      )}
    </>
  );
}

interface Kept {
  draft: Draft;
  stopOld: boolean;
}

class EnvironmentBody extends ReactWidget implements Dialog.IBodyWidget<Kept> {
  private readonly kept: Kept;

  constructor(
    private readonly choices: Choices,
    draft: Draft,
    private readonly optional: boolean,
    private readonly old: string | undefined,
  ) {
    super();
    this.kept = { draft, stopOld: false };
    this.addClass("atelier-dialog");
  }

  protected override render() {
    return <Body choices={this.choices} kept={this.kept} optional={this.optional} old={this.old} />;
  }

  getValue(): Kept {
    return this.kept;
  }
}

/** What was chosen; `environment` is undefined for no kernel at all. */
export interface ChosenEnvironment {
  environment: Environment | undefined;
  stopOld: boolean;
}

/** What the form says, as an environment; undefined for no kernel. */
export function environmentOf(draft: Draft): Environment | undefined {
  const kernel = draft.image.kernels.find((each) => each.name === draft.kernel);
  return kernel && { image: draft.image, kernel, instanceType: draft.instanceType, script: draft.script || null };
}

/**
 * Asks what a document shall run on.
 *
 * @param title what the dialog is for
 * @param optional whether no kernel is an answer
 * @param old the type whose instance could be stopped after the change, where nothing else runs on it
 * @returns undefined when nothing shall change
 */
export async function askEnvironment(
  title: string,
  choices: Choices,
  draft: Draft,
  optional: boolean,
  old?: string,
): Promise<ChosenEnvironment | undefined> {
  const dialog = new Dialog<Kept>({
    title,
    body: new EnvironmentBody(choices, draft, optional, old),
    buttons: [Dialog.cancelButton({ label: text("words.cancel") }), Dialog.okButton({ label: text("words.select") })],
    focusNodeSelector: "select",
  });
  dialog.addClass("atelier-medium");
  const { button, value } = await dialog.launch();
  return button.accept && value ? { environment: environmentOf(value.draft), stopOld: value.stopOld } : undefined;
}
