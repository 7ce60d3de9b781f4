import {
  DeleteModelCommand,
  DescribeModelCommand,
  ListModelsCommand,
  type ContainerDefinition,
  type ModelSummary,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Document } from "../../document";
import { Failed } from "../../failed";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { Noun, Stored } from "../../nouns";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { ResourceTable } from "../../table";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";

const MODELS = "/models";
const CODE = `import boto3
boto3.client("sagemaker").create_model(ModelName="churn", ExecutionRoleArn=role,
    PrimaryContainer={"Image": image_uri, "ModelDataUrl": "s3://bucket/model.tar.gz"})`;

const nameOf = (each: ModelSummary) => each.ModelName ?? "";

export default function Models() {
  const { t } = useTranslation();
  const [name] = useParam("name");
  useTrail([{ text: t("nav.models"), href: MODELS }, ...(name ? [{ text: name, href: place(MODELS, { name }) }] : [])]);
  return name ? <ModelPage key={name} name={name} /> : <ModelList />;
}

function deletion(t: (key: string, values?: { count: number }) => string, names: string[]) {
  return {
    title: t("models.delete", { count: names.length }),
    verb: t("data.delete"),
    names,
    says: t("models.deleteSays"),
    done: t("models.deleted", { count: names.length }),
    act: (name: string) => sagemaker.send(new DeleteModelCommand({ ModelName: name })),
  };
}

function ModelList() {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<ModelSummary>(
    ["models", region],
    ["model"],
    async (token) => {
      const answer = await sagemaker.send(new ListModelsCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.Models ?? [], next: answer.NextToken };
    },
    nameOf,
  );
  const { ask, asked } = useQuestion(rows.refresh);
  return (
    <>
      <ResourceTable
        title={t("nav.models")}
        description={t("models.text")}
        rows={rows}
        trackBy={nameOf}
        label={nameOf}
        columns={[
          { id: "name", header: t("data.name"), value: nameOf, cell: (each) => <To href={place(MODELS, { name: nameOf(each) })}>{nameOf(each)}</To>, width: 360 },
          { id: "arn", header: "ARN", value: (each) => each.ModelArn, cell: (each) => each.ModelArn, width: 460 },
          { id: "created", header: t("data.created"), value: (each) => each.CreationTime, cell: (each) => <When at={each.CreationTime} />, width: 370 },
        ]}
        actions={(chosen) => (
          <Button disabled={!chosen.length} onClick={() => ask(deletion(t, chosen.map(nameOf)))}>
            {t("data.delete")}
          </Button>
        )}
        empty={<Nothing text={t("models.none")} code={CODE} />}
      />
      {asked}
    </>
  );
}

function ContainerFacts({ container, title }: { container: ContainerDefinition; title: string }) {
  const { t } = useTranslation();
  return (
    <SpaceBetween size="l">
      <Facts
        title={title}
        pairs={[
          [t("jobs.image"), container.Image],
          [t("jobs.artifacts"), container.ModelDataUrl && <Stored key="data" uri={container.ModelDataUrl} />],
          [t("models.source"), container.ModelDataSource?.S3DataSource?.S3Uri && <Stored key="source" uri={container.ModelDataSource.S3DataSource.S3Uri} />],
          [t("jobs.mode"), container.Mode],
        ]}
      />
      {Object.keys(container.Environment ?? {}).length > 0 && (
        <Container header={<Header variant="h2">{t("jobs.environment")}</Header>}>
          <Document text={JSON.stringify(container.Environment)} json />
        </Container>
      )}
    </SpaceBetween>
  );
}

function ModelPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const model = useQuery({
    queryKey: ["model", region, name],
    meta: { live: ["model"] },
    queryFn: () => sagemaker.send(new DescribeModelCommand({ ModelName: name })),
  });
  const { ask, asked } = useQuestion(() => void navigate(MODELS));
  if (!model.data) {
    return model.isError ? <Failed error={model.error} retry={() => void model.refetch()} /> : <Waiting />;
  }
  const found = model.data;
  const containers = found.PrimaryContainer ? [found.PrimaryContainer] : (found.Containers ?? []);
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        arn={found.ModelArn}
        actions={<Button onClick={() => ask(deletion(t, [name]))}>{t("data.delete")}</Button>}
      />
      <Facts
        title={t("object.facts")}
        pairs={[
          [t("studio.role"), <Noun key="role" arn={found.ExecutionRoleArn} />],
          [t("models.isolated"), t(found.EnableNetworkIsolation ? "scripts.yes" : "models.no")],
          [t("data.created"), <When key="created" at={found.CreationTime} />],
        ]}
      />
      <PageTabs
        tabs={[
          {
            id: "containers",
            label: t("models.containers"),
            content: () => (
              <SpaceBetween size="l">
                {containers.map((each, at) => (
                  <ContainerFacts key={at} container={each} title={t("models.container", { number: at + 1 })} />
                ))}
              </SpaceBetween>
            ),
          },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={found.ModelArn ?? ""} /> },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}
