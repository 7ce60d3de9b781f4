import {
  CreateImageCommand,
  CreateImageVersionCommand,
  DeleteImageCommand,
  DescribeImageCommand,
  ListImagesCommand,
  type Image,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Dialog, useForm } from "../../dialog";
import { Failed } from "../../failed";
import { Field } from "../../form";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { Noun } from "../../nouns";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { RoleField } from "../../role-field";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { plain, Status } from "../../status";
import { ResourceTable } from "../../table";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { AttachImage } from "./image-attach";
import { Versions } from "./image-versions";

const IMAGES = "/studio/images";
const CODE = `import boto3
sagemaker = boto3.client("sagemaker")
sagemaker.create_image(ImageName="tools", RoleArn=role)
sagemaker.create_image_version(ImageName="tools", BaseImage=image_uri)`;

export default function Images() {
  const { t } = useTranslation();
  const [image] = useParam("image");
  useTrail([
    { text: t("images.title"), href: IMAGES },
    ...(image ? [{ text: image, href: place(IMAGES, { image }) }] : []),
  ]);
  return image ? <ImagePage key={image} name={image} /> : <ImageList />;
}

function ImageList() {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<Image>(
    ["images", region],
    ["image"],
    async (token) => {
      const answer = await sagemaker.send(new ListImagesCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.Images ?? [], next: answer.NextToken };
    },
    (each) => each.ImageName ?? "",
  );
  const [creating, open, close] = useForm(rows.refresh);
  const { ask, asked } = useQuestion(rows.refresh);
  const create = (
    <Button variant="primary" onClick={open}>
      {t("images.create")}
    </Button>
  );
  const name = (each: Image) => each.ImageName ?? "";
  return (
    <>
      <ResourceTable
        title={t("images.title")}
        description={t("images.text")}
        rows={rows}
        trackBy={name}
        label={name}
        columns={[
          { id: "name", header: t("data.name"), value: name, cell: (each) => <To href={place(IMAGES, { image: name(each) })}>{name(each)}</To>, width: 240 },
          { id: "display", header: t("images.display"), value: (each) => each.DisplayName, cell: (each) => each.DisplayName ?? "–", width: 240 },
          {
            id: "status",
            header: t("resource.status"),
            choice: true,
            value: (each) => plain(each.ImageStatus),
            cell: (each) => <Status value={each.ImageStatus} />,
            width: 160,
          },
          { id: "created", header: t("data.created"), value: (each) => each.CreationTime, cell: (each) => <When at={each.CreationTime} />, width: 370 },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => ask(deletion(t, chosen.map(name)))}>
              {t("data.delete")}
            </Button>
            {create}
          </>
        )}
        empty={<Nothing text={t("images.none")} action={create} code={CODE} />}
      />
      {creating && <NewImage close={close} />}
      {asked}
    </>
  );
}

function deletion(t: (key: string, values?: { count: number }) => string, names: string[]) {
  return {
    title: t("images.delete", { count: names.length }),
    verb: t("data.delete"),
    names,
    says: t("images.deleteSays"),
    done: t("images.deleting", { count: names.length }),
    act: (name: string) => sagemaker.send(new DeleteImageCommand({ ImageName: name })),
  };
}

function NewImage({ close }: { close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ name: "", display: "", description: "", role: "", base: "" });
  const set = (change: Partial<typeof given>) => setGiven((before) => ({ ...before, ...change }));
  const input = {
    ImageName: given.name,
    RoleArn: given.role,
    DisplayName: given.display || undefined,
    Description: given.description || undefined,
  };
  const act = async () => {
    await sagemaker.send(new CreateImageCommand(input));
    if (given.base) {
      await sagemaker.send(
        new CreateImageVersionCommand({ ImageName: given.name, BaseImage: given.base, ClientToken: crypto.randomUUID() }),
      );
    }
  };
  const text = (label: string, api: string, name: keyof typeof given, error: unknown, hint?: string) => (
    <Field label={label} api={api} error={error} hint={hint}>
      <Input value={given[name]} onChange={({ detail }) => set({ [name]: detail.value })} />
    </Field>
  );
  return (
    <Dialog
      title={t("images.create")}
      done={t("resource.creating", { name: given.name })}
      request={{ operation: "CreateImage", input }}
      ready={Boolean(given.name && given.role)}
      act={act}
      close={close}
    >
      {(error) => (
        <>
          {text(t("data.name"), "ImageName", "name", error)}
          {text(t("images.display"), "DisplayName", "display", error)}
          {text(t("alarms.description"), "Description", "description", error)}
          <RoleField label={t("images.role")} api="RoleArn" value={given.role} error={error} change={(role) => set({ role })} />
          {text(t("images.base"), "BaseImage", "base", error, t("images.baseHint"))}
        </>
      )}
    </Dialog>
  );
}

function ImagePage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const [attaching, setAttaching] = useState(false);
  const image = useQuery({
    queryKey: ["image", region, name],
    meta: { live: ["image"] },
    queryFn: () => sagemaker.send(new DescribeImageCommand({ ImageName: name })),
  });
  const { ask, asked } = useQuestion(() => void navigate(IMAGES));
  if (!image.data) {
    return image.isError ? <Failed error={image.error} retry={() => void image.refetch()} /> : <Waiting />;
  }
  const found = image.data;
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={found.DisplayName || name}
        status={found.ImageStatus}
        arn={found.ImageArn}
        actions={
          <>
            <Button onClick={() => ask(deletion(t, [name]))}>{t("data.delete")}</Button>
            <Button variant="primary" disabled={found.ImageStatus !== "CREATED"} onClick={() => setAttaching(true)}>
              {t("images.attach")}
            </Button>
          </>
        }
      />
      {found.FailureReason && <Failed error={{ name: t("state.Failed"), message: found.FailureReason }} />}
      <Facts
        title={t("object.facts")}
        pairs={[
          [t("data.name"), name],
          [t("alarms.description"), found.Description],
          [t("images.role"), <Noun key="role" arn={found.RoleArn} />],
          [t("data.created"), <When key="created" at={found.CreationTime} />],
          [t("resource.modified"), <When key="modified" at={found.LastModifiedTime} />],
        ]}
      />
      <PageTabs
        tabs={[
          { id: "versions", label: t("images.versions"), content: () => <Versions image={name} /> },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={found.ImageArn ?? ""} /> },
        ]}
      />
      {attaching && <AttachImage image={name} close={() => setAttaching(false)} />}
      {asked}
    </SpaceBetween>
  );
}
