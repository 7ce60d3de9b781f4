import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand, type Tag } from "@aws-sdk/client-sagemaker";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "./clients/sagemaker";
import { Failed } from "./failed";
import { useFlash } from "./flash";
import { kindOf } from "./live";
import { every } from "./pages";

/** Which tags to set and which to take away, so that those that are there become those that are wanted. */
export function changed(before: Tag[], after: Tag[]): { set: Tag[]; gone: string[] } {
  const wanted = new Map(after.map((tag) => [tag.Key, tag.Value]));
  return {
    set: after.filter((tag) => tag.Key && before.every((old) => old.Key !== tag.Key || old.Value !== tag.Value)),
    gone: before.map((tag) => tag.Key ?? "").filter((key) => !wanted.has(key)),
  };
}

/** The tags of a resource, read and written. */
export function Tags({ arn }: { arn: string }) {
  const { t } = useTranslation();
  const tags = useQuery({
    queryKey: ["tags", arn],
    meta: { live: [kindOf(arn)] },
    queryFn: () =>
      every(async (token) => {
        const answer = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn, NextToken: token }));
        return { items: answer.Tags ?? [], next: answer.NextToken };
      }),
  });
  if (tags.isError) {
    return <Failed error={tags.error} retry={() => void tags.refetch()} />;
  }
  return (
    <Container header={<Header variant="h2">{t("object.tags")}</Header>}>
      {tags.data ? <Editor key={JSON.stringify(tags.data)} arn={arn} tags={tags.data} /> : <Spinner />}
    </Container>
  );
}

function Editor({ arn, tags }: { arn: string; tags: Tag[] }) {
  const { t } = useTranslation();
  const { tell, fail } = useFlash();
  const [items, setItems] = useState(tags);
  const [busy, setBusy] = useState(false);
  const { set, gone } = changed(tags, items);
  const change = (at: number, part: Partial<Tag>) =>
    setItems(items.map((item, index) => (index === at ? { ...item, ...part } : item)));
  const save = async () => {
    setBusy(true);
    try {
      if (gone.length) {
        await sagemaker.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: gone }));
      }
      if (set.length) {
        await sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: set }));
      }
      tell({ type: "success", header: t("tags.saved") });
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  const field = (name: "Key" | "Value", item: Tag, at: number) => (
    <Input
      value={item[name] ?? ""}
      ariaLabel={`${t(`tags.${name}`)} ${at + 1}`}
      onChange={({ detail }) => change(at, { [name]: detail.value })}
    />
  );
  return (
    <SpaceBetween size="m">
      <AttributeEditor<Tag>
        items={items}
        addButtonText={t("tags.add")}
        removeButtonText={t("tags.remove")}
        empty={t("tags.none")}
        onAddButtonClick={() => setItems([...items, { Key: "", Value: "" }])}
        onRemoveButtonClick={({ detail }) => setItems(items.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          { label: t("tags.Key"), control: (item, at) => field("Key", item, at) },
          { label: t("tags.Value"), control: (item, at) => field("Value", item, at) },
        ]}
      />
      <Button loading={busy} disabled={!set.length && !gone.length} onClick={() => void save()}>
        {t("tags.save")}
      </Button>
    </SpaceBetween>
  );
}
