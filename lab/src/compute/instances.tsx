import { Dialog, ReactWidget } from "@jupyterlab/apputils";
import { useState } from "react";
import type { InstanceType } from "../contract";
import { type Column, type Order, price, rows } from "../sizes";
import { text } from "../texts";
import { refusalOf } from "./refusal";

const COLUMNS: Column[] = ["name", "vcpu", "memoryGiB", "gpus", "pricePerHour", "fastLaunch", "available"];
const NUMBERS = new Set<Column>(["vcpu", "memoryGiB", "gpus", "pricePerHour"]);

function gpu(type: InstanceType): string {
  return type.gpus === 0 ? "–" : [type.gpus, type.gpu].filter(Boolean).join(" × ");
}

function Cells({ type }: { type: InstanceType }) {
  return (
    <>
      <td className="atelier-number">{type.vcpu}</td>
      <td className="atelier-number">{text("compute.gib", { count: type.memoryGiB })}</td>
      <td className="atelier-number">{gpu(type)}</td>
      <td className="atelier-number">{price(type.pricePerHour)}</td>
      <td>{type.fastLaunch ? text("compute.fast") : "–"}</td>
      <td className={type.available ? "atelier-good" : "atelier-muted"} title={type.reason}>
        {type.available ? text("compute.now") : refusalOf(type)}
      </td>
    </>
  );
}

/** The table of instance types: one may be chosen. */
export function Instances({
  types,
  chosen,
  onChoose,
  children,
}: {
  types: InstanceType[];
  chosen: string | undefined;
  onChoose: (name: string) => void;
  children?: React.ReactNode;
}) {
  const current = types.find((type) => type.name === chosen);
  const [fastOnly, setFastOnly] = useState(current?.fastLaunch ?? true);
  const [order, setOrder] = useState<Order>({ column: "vcpu", descending: false });
  const listed = rows(types, fastOnly, order);
  const sort = (column: Column) =>
    setOrder({ column, descending: order.column === column ? !order.descending : false });
  return (
    <div className="atelier-instances">
      <label className="atelier-switch">
        <input type="checkbox" role="switch" checked={fastOnly} onChange={() => setFastOnly(!fastOnly)} />
        <span>{text("compute.fastOnly")}</span>
      </label>
      <div className="atelier-scroll" tabIndex={-1}>
        <table className="atelier-table" aria-label={text("compute.types")}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={NUMBERS.has(column) ? "atelier-number" : ""}
                  aria-sort={order.column !== column ? "none" : order.descending ? "descending" : "ascending"}
                >
                  <button type="button" onClick={() => sort(column)}>
                    {text(`compute.column.${column}`)}
                    <span aria-hidden="true">{order.column !== column ? "" : order.descending ? " ↓" : " ↑"}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.map((type) => (
              <tr
                key={type.name}
                className={type.name === chosen ? "atelier-chosen" : ""}
                onClick={() => type.available && onChoose(type.name)}
              >
                <th scope="row">
                  <label>
                    <input
                      type="radio"
                      name="atelier-instance-type"
                      checked={type.name === chosen}
                      disabled={!type.available}
                      onChange={() => onChoose(type.name)}
                    />
                    {type.name}
                  </label>
                </th>
                <Cells type={type} />
              </tr>
            ))}
          </tbody>
        </table>
        {listed.length === 0 && <p className="atelier-muted">{text("compute.noneFast")}</p>}
      </div>
      {children}
    </div>
  );
}

/** What the dialog gives back. */
export interface ChosenInstance {
  instanceType: string | undefined;
  stopOld: boolean;
}

function Body({ types, kept, old }: { types: InstanceType[]; kept: ChosenInstance; old: string | undefined }) {
  const [chosen, setChosen] = useState(kept.instanceType);
  const [stopOld, setStopOld] = useState(false);
  kept.instanceType = chosen;
  kept.stopOld = stopOld && chosen !== old;
  return (
    <Instances types={types} chosen={chosen} onChoose={setChosen}>
      <p className="atelier-note">{text("compute.whatIsLost")}</p>
      {old && (
        <label className={chosen === old ? "atelier-check atelier-muted" : "atelier-check"}>
          <input
            type="checkbox"
            checked={stopOld && chosen !== old}
            disabled={chosen === old}
            onChange={() => setStopOld(!stopOld)}
          />
          <span>{text("compute.stopOld", { name: old })}</span>
        </label>
      )}
    </Instances>
  );
}

class InstancesBody extends ReactWidget implements Dialog.IBodyWidget<ChosenInstance> {
  private readonly kept: ChosenInstance;

  constructor(
    private readonly types: InstanceType[],
    current: string | undefined,
    private readonly old: string | undefined,
  ) {
    super();
    this.kept = { instanceType: current, stopOld: false };
    this.addClass("atelier-dialog");
  }

  protected override render() {
    return <Body types={this.types} kept={this.kept} old={this.old} />;
  }

  getValue(): ChosenInstance {
    return this.kept;
  }
}

/**
 * Asks for an instance type.
 *
 * @param old the type whose instance could be stopped after the change, where nothing else runs on it
 * @returns undefined when nothing shall change
 */
export async function askInstance(
  types: InstanceType[],
  current: string | undefined,
  old: string | undefined,
): Promise<ChosenInstance | undefined> {
  const dialog = new Dialog<ChosenInstance>({
    title: text("compute.selectInstance"),
    body: new InstancesBody(types, current, old),
    buttons: [
      Dialog.cancelButton({ label: text("words.cancel") }),
      Dialog.okButton({ label: text("compute.save") }),
    ],
    focusNodeSelector: ".atelier-chosen input",
  });
  dialog.addClass("atelier-wide");
  const result = await dialog.launch();
  const value = result.value ?? undefined;
  return result.button.accept && value?.instanceType ? value : undefined;
}
