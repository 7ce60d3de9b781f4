import {
  DeleteImageCommand,
  DescribeImageCommand,
  ListImagesCommand,
  type Image,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { createdColumn, EditableTable, stateColumn } from "../../editable-table";
import { Failed } from "../../failed";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Noun } from "../../nouns";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { Versions } from "./image-versions";

const AttachImage = lazy(() => import("./image-attach"));
const NewImage = lazy(() => import("./image-new"));

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
  const name = (each: Image) => each.ImageName ?? "";
  return (
    <EditableTable
      title={t("images.title")}
      description={t("images.text")}
      rows={rows}
      trackBy={name}
      label={name}
      columns={[
        { id: "name", header: t("data.name"), value: name, cell: (each) => <To href={place(IMAGES, { image: name(each) })}>{name(each)}</To>, width: 240 },
        { id: "display", header: t("images.display"), value: (each) => each.DisplayName, cell: (each) => each.DisplayName ?? "–", width: 240 },
        stateColumn<Image>(t, (each) => each.ImageStatus),
        createdColumn(t),
      ]}
      create={{ text: t("images.create"), primary: true, form: (close) => <NewImage close={close} /> }}
      remove={(names) => deletion(t, names)}
      none={t("images.none")}
      code={CODE}
    />
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
      {attaching && (
        <Suspense>
          <AttachImage image={name} close={() => setAttaching(false)} />
        </Suspense>
      )}
      {asked}
    </SpaceBetween>
  );
}
