import Button from "@cloudscape-design/components/button";
import { type ComponentProps, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { type Question, useQuestion } from "./confirm";
import { useForm } from "./dialog";
import { Nothing } from "./nothing";
import { plain, Status } from "./status";
import { type Column, ResourceTable } from "./table";
import { When } from "./when";

interface Creation {
  text: string;
  primary?: boolean;
  /** The form, which tells whether it made something. */
  form: (close: (changed: boolean) => void) => ReactNode;
}

type EditableProps<T> = Omit<ComponentProps<typeof ResourceTable<T>>, "actions" | "empty"> & {
  create: Creation;
  /** What is asked before resources of those names, as `trackBy` has them, are deleted. */
  remove: (names: string[]) => Question;
  /** What is said where there is nothing, and the lines of code that make one. */
  none: string;
  code?: string;
};

/** A list that one adds to and deletes from. */
export function EditableTable<T>({ create, remove, none, code, ...list }: EditableProps<T>) {
  const { t } = useTranslation();
  const [creating, open, close] = useForm(list.rows.refresh);
  const { ask, asked } = useQuestion(list.rows.refresh);
  const button = (
    <Button variant={create.primary ? "primary" : "normal"} onClick={open}>
      {create.text}
    </Button>
  );
  return (
    <>
      <ResourceTable<T>
        {...list}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => ask(remove(chosen.map(list.trackBy)))}>
              {t("data.delete")}
            </Button>
            {button}
          </>
        )}
        empty={<Nothing text={none} action={button} code={code} />}
      />
      {creating && <Suspense>{create.form(close)}</Suspense>}
      {asked}
    </>
  );
}

type Words = (key: string) => string;

/** The columns that most lists end with: what state it is in, and since when it is there. */
export function stateColumn<T>(t: Words, state: (item: T) => string | undefined): Column<T> {
  return {
    id: "status",
    header: t("resource.status"),
    choice: true,
    value: (each) => plain(state(each)),
    cell: (each) => <Status value={state(each)} />,
    width: 160,
  };
}

export function createdColumn<T extends { CreationTime?: Date }>(t: Words): Column<T> {
  return {
    id: "created",
    header: t("data.created"),
    value: (each) => each.CreationTime,
    cell: (each) => <When at={each.CreationTime} />,
    width: 370,
  };
}
