import {
  CreateImageVersionCommand,
  DeleteImageVersionCommand,
  DescribeImageVersionCommand,
  ListImageVersionsCommand,
  type ImageVersion,
} from "@aws-sdk/client-sagemaker";
import Input from "@cloudscape-design/components/input";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { createdColumn, EditableTable, stateColumn } from "../../editable-table";
import { Field } from "../../form";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";

/** What a version is made of, which its list does not say. */
function Base({ image, version }: { image: string; version: number | undefined }) {
  const described = useQuery({
    queryKey: ["image-version", image, version],
    meta: { live: ["image-version"] },
    queryFn: () => sagemaker.send(new DescribeImageVersionCommand({ ImageName: image, Version: version })),
  });
  return <>{described.data?.BaseImage ?? "–"}</>;
}

const number = (each: ImageVersion) => String(each.Version);

/** The versions of an image, newest first. */
export function Versions({ image }: { image: string }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<ImageVersion>(
    ["image-versions", region, image],
    ["image-version"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListImageVersionsCommand({ ImageName: image, MaxResults: PAGE_ROWS, NextToken: token }),
      );
      return { items: answer.ImageVersions ?? [], next: answer.NextToken };
    },
    number,
  );
  return (
    <EditableTable
      title={t("images.versions")}
      level="h2"
      rows={rows}
      trackBy={number}
      label={number}
      columns={[
        { id: "version", header: t("images.version"), value: (each) => each.Version, cell: number, width: 120 },
        { id: "base", header: t("images.base"), cell: (each) => <Base image={image} version={each.Version} />, width: 460 },
        stateColumn<ImageVersion>(t, (each) => each.ImageVersionStatus),
        { id: "reason", header: t("alarms.reason"), cell: (each) => each.FailureReason ?? "–", width: 260 },
        createdColumn(t),
      ]}
      create={{ text: t("images.createVersion"), form: (close) => <NewVersion image={image} close={close} /> }}
      remove={(names) => ({
        title: t("images.deleteVersions", { count: names.length }),
        verb: t("data.delete"),
        names,
        says: t("images.deleteVersionsSays", { name: image }),
        done: t("images.deletingVersions", { count: names.length }),
        act: (version) => sagemaker.send(new DeleteImageVersionCommand({ ImageName: image, Version: Number(version) })),
      })}
      none={t("images.noVersions")}
    />
  );
}

function NewVersion({ image, close }: { image: string; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [base, setBase] = useState("");
  const [notes, setNotes] = useState("");
  const [token] = useState(() => crypto.randomUUID());
  const input = { ImageName: image, BaseImage: base, ReleaseNotes: notes || undefined, ClientToken: token };
  return (
    <Dialog
      title={t("images.createVersion")}
      done={t("resource.creating", { name: image })}
      request={{ operation: "CreateImageVersion", input }}
      ready={Boolean(base)}
      act={() => sagemaker.send(new CreateImageVersionCommand(input))}
      close={close}
    >
      {(error) => (
        <>
          <Field label={t("images.base")} api="BaseImage" error={error} hint={t("images.baseHint")}>
            <Input value={base} onChange={({ detail }) => setBase(detail.value)} autoFocus />
          </Field>
          <Field label={t("images.notes")} api="ReleaseNotes" error={error}>
            <Input value={notes} onChange={({ detail }) => setNotes(detail.value)} />
          </Field>
        </>
      )}
    </Dialog>
  );
}
