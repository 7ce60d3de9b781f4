import Button from "@cloudscape-design/components/button";
import Icon from "@cloudscape-design/components/icon";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Deletion } from "./deletion";
import { useFlash } from "./flash";
import { useTrail } from "./frame";
import { place, To, useParam } from "./links";
import { List } from "./list";
import { bytes, moment } from "./numbers";
import { usePages } from "./pages";
import { download, entries, leaf, type Entry } from "./s3";
import { useSettings } from "./settings";
import { Uploads } from "./uploads";

/** The trail from the buckets down to a prefix. */
export function trail(data: string, bucket: string, prefix: string) {
  const parts = prefix.split("/").filter((part, at, all) => part !== "" || at < all.length - 1);
  return [
    { text: data, href: "/data" },
    { text: bucket, href: place("/data", { bucket }) },
    ...parts.map((part, at) => ({
      text: part || "/",
      href: place("/data", { bucket, prefix: parts.slice(0, at + 1).join("/") + "/" }),
    })),
  ];
}

/** What lies under a prefix of a bucket. */
export function Objects({ bucket, prefix }: { bucket: string; prefix: string }) {
  const { t } = useTranslation();
  const { rows } = useSettings();
  const { fail } = useFlash();
  const [find, setFind] = useParam("find");
  const [typed, setTyped] = useState(find);
  const [chosen, setChosen] = useState<Entry[]>([]);
  const [deleting, setDeleting] = useState(false);
  useTrail(trail(t("nav.data"), bucket, prefix));
  const pages = usePages<Entry>(["objects", bucket, prefix, find, rows], (token) =>
    entries(bucket, prefix, find, rows, token),
  );
  const single = chosen.length === 1 && !chosen[0]?.folder ? chosen[0] : undefined;
  const href = (entry: Entry) =>
    entry.folder
      ? place("/data", { bucket, prefix: entry.key })
      : place("/data/object", { bucket, key: entry.key });
  return (
    <SpaceBetween size="m">
      <Uploads bucket={bucket} prefix={prefix} done={pages.refresh} />
      <List
        title={prefix ? leaf(prefix) : bucket}
        pages={pages}
        trackBy={(entry) => entry.key}
        selection={{
          selectionType: "multi",
          selectedItems: chosen,
          onSelectionChange: ({ detail }) => setChosen(detail.selectedItems),
          ariaLabels: {
            selectionGroupLabel: t("list.choose"),
            allItemsSelectionLabel: () => t("list.chooseAll"),
            itemSelectionLabel: (_, entry) => t("list.chooseOne", { name: leaf(entry.key) }),
          },
        }}
        columns={[
          {
            id: "name",
            header: t("data.name"),
            cell: (entry) => (
              <SpaceBetween size="xs" direction="horizontal" alignItems="center">
                <Icon name={entry.folder ? "folder" : "file"} />
                <To href={href(entry)}>{leaf(entry.key) + (entry.folder ? "/" : "")}</To>
              </SpaceBetween>
            ),
            isRowHeader: true,
            width: 480,
          },
          { id: "size", header: t("data.size"), cell: (entry) => (entry.folder ? "–" : bytes(entry.size)) },
          { id: "modified", header: t("data.modified"), cell: (entry) => moment(entry.modified), width: 280 },
          { id: "class", header: t("data.storageClass"), cell: (entry) => entry.storageClass ?? "–" },
        ]}
        filter={
          <Input
            type="search"
            value={typed}
            placeholder={t("data.findPrefix")}
            ariaLabel={t("data.findPrefix")}
            onChange={({ detail }) => {
              setTyped(detail.value);
              setFind(detail.value);
            }}
          />
        }
        actions={[
          <Button
            key="download"
            disabled={!single}
            iconName="download"
            onClick={() => single && void download(bucket, single.key).catch(fail)}
          >
            {t("data.download")}
          </Button>,
          <Button key="delete" disabled={chosen.length === 0} onClick={() => setDeleting(true)}>
            {t("data.delete")}
          </Button>,
        ]}
        empty={find ? t("data.noMatch") : t("data.noObjects")}
      />
      {deleting && (
        <Deletion
          bucket={bucket}
          chosen={chosen}
          close={(changed) => {
            setDeleting(false);
            if (changed) {
              setChosen([]);
              pages.refresh();
            }
          }}
        />
      )}
    </SpaceBetween>
  );
}
