import {
  UpdateDomainCommand,
  type CustomImage,
  type DescribeDomainResponse,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { useForm } from "../../dialog";
import { place, To } from "../../links";
import { Nothing } from "../../nothing";
import { given } from "../../rows";
import { ResourceTable } from "../../table";
import { IMAGE_APPS, withoutImages, type ImageApp } from "./image-settings";
import { Repositories, Scripts } from "./scripts";

const AttachImage = lazy(() => import("./image-attach"));

/** What the apps of a domain find: its own images, start-up scripts and repositories. */
export function Environment({ domain }: { domain: DescribeDomainResponse }) {
  return (
    <SpaceBetween size="l">
      <DomainImages domain={domain} />
      <Scripts domain={domain} />
      <Repositories domain={domain} />
    </SpaceBetween>
  );
}

interface Attached extends CustomImage {
  app: ImageApp;
}

function DomainImages({ domain }: { domain: DescribeDomainResponse }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settings = domain.DefaultUserSettings ?? {};
  const images = IMAGE_APPS.flatMap((app) => (settings[app]?.CustomImages ?? []).map((each): Attached => ({ ...each, app })));
  const track = (each: Attached) => `${each.app}/${each.ImageName}/${each.ImageVersionNumber ?? ""}`;
  const refresh = () => void queries.invalidateQueries({ queryKey: ["domain"] });
  const [attaching, open, close] = useForm(refresh);
  const { ask, asked } = useQuestion(refresh);
  const detach = (chosen: Attached[]) =>
    ask({
      title: t("images.detach", { count: chosen.length }),
      verb: t("images.detachVerb"),
      // one update for all: two at once would each leave the other's
      names: [chosen.map((each) => each.ImageName).join(", ")],
      says: t("images.detachSays"),
      done: t("images.detached", { count: chosen.length }),
      act: () =>
        sagemaker.send(
          new UpdateDomainCommand({
            DomainId: domain.DomainId,
            DefaultUserSettings: withoutImages(
              settings,
              chosen.map(({ app, ...image }) => ({ app, image })),
            ),
          }),
        ),
    });
  const attach = <Button onClick={open}>{t("images.attach")}</Button>;
  return (
    <>
      <ResourceTable
        id="images"
        title={t("images.attached")}
        level="h2"
        rows={given(images)}
        trackBy={track}
        label={(each) => each.ImageName ?? ""}
        columns={[
          {
            id: "name",
            header: t("studio.image"),
            value: (each) => each.ImageName,
            cell: (each) => <To href={place("/studio/images", { image: each.ImageName })}>{each.ImageName}</To>,
            width: 260,
          },
          {
            id: "version",
            header: t("images.version"),
            cell: (each) => each.ImageVersionNumber ?? t("images.latest"),
            width: 140,
          },
          { id: "app", header: t("studio.appType"), choice: true, value: (each) => t(`images.${each.app}`), cell: (each) => t(`images.${each.app}`), width: 220 },
          { id: "config", header: t("images.config"), value: (each) => each.AppImageConfigName, cell: (each) => each.AppImageConfigName, width: 260 },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => detach(chosen)}>
              {t("images.detachVerb")}
            </Button>
            {attach}
          </>
        )}
        empty={<Nothing text={t("images.noAttached")} action={attach} />}
      />
      {attaching && (
        <Suspense>
          <AttachImage domain={domain.DomainId ?? ""} close={close} />
        </Suspense>
      )}
      {asked}
    </>
  );
}
