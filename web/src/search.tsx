import {
  ListDomainsCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListImagesCommand,
  ListModelsCommand,
  ListNotebookInstancesCommand,
  ListSpacesCommand,
  ListTrainingJobsCommand,
  ListUserProfilesCommand,
} from "@aws-sdk/client-sagemaker";
import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "./clients/sagemaker";
import { place } from "./links";
import { placeOf } from "./noun-places";
import { useSettings } from "./settings";

const MOST = 5;
const PAUSE_MS = 120;

/** The pages that can be gone to by name, or by what AWS calls the service behind them. */
const PAGES: [name: string, href: string, service?: string][] = [
  ["home", "/"],
  ["running", "/running"],
  ["domains", "/studio/domains", "Amazon SageMaker Studio"],
  ["profiles", "/studio/users"],
  ["spaces", "/studio/spaces"],
  ["images", "/studio/images"],
  ["notebooks", "/studio/notebooks", "Amazon SageMaker"],
  ["jobs", "/jobs"],
  ["models", "/models"],
  ["endpoints", "/endpoints"],
  ["configurations", "/endpoints/configurations"],
  ["data", "/data", "Amazon S3"],
  ["logs", "/monitoring/logs", "Amazon CloudWatch Logs"],
  ["metrics", "/monitoring/metrics", "Amazon CloudWatch"],
  ["alarms", "/monitoring/alarms"],
  ["cost", "/cost", "AWS Billing"],
  ["users", "/access/users"],
  ["roles", "/access/roles", "AWS IAM"],
  ["policies", "/access/policies"],
];

type Found = { name?: string; href: string; of?: string };

/** Where names are looked for, each by the API's own filter. */
const KINDS: [name: string, find: (text: string) => Promise<Found[]>][] = [
  [
    "jobs",
    async (text) =>
      ((await sagemaker.send(new ListTrainingJobsCommand({ NameContains: text, MaxResults: MOST }))).TrainingJobSummaries ?? []).map(
        ({ TrainingJobName: name }) => ({ name, href: place("/jobs", { name }) }),
      ),
  ],
  [
    "endpoints",
    async (text) =>
      ((await sagemaker.send(new ListEndpointsCommand({ NameContains: text, MaxResults: MOST }))).Endpoints ?? []).map(
        ({ EndpointName: name }) => ({ name, href: place("/endpoints", { name }) }),
      ),
  ],
  [
    "models",
    async (text) =>
      ((await sagemaker.send(new ListModelsCommand({ NameContains: text, MaxResults: MOST }))).Models ?? []).map(
        ({ ModelName: name }) => ({ name, href: place("/models", { name }) }),
      ),
  ],
  [
    "configurations",
    async (text) =>
      ((await sagemaker.send(new ListEndpointConfigsCommand({ NameContains: text, MaxResults: MOST }))).EndpointConfigs ?? []).map(
        ({ EndpointConfigName: name }) => ({ name, href: place("/endpoints/configurations", { name }) }),
      ),
  ],
  [
    "images",
    async (text) =>
      ((await sagemaker.send(new ListImagesCommand({ NameContains: text, MaxResults: MOST }))).Images ?? []).map(
        ({ ImageName: name }) => ({ name, href: place("/studio/images", { image: name }) }),
      ),
  ],
  [
    "notebooks",
    async (text) =>
      ((await sagemaker.send(new ListNotebookInstancesCommand({ NameContains: text, MaxResults: MOST }))).NotebookInstances ?? []).map(
        ({ NotebookInstanceName: name }) => ({ name, href: place("/studio/notebooks", { name }) }),
      ),
  ],
  [
    "profiles",
    async (text) =>
      ((await sagemaker.send(new ListUserProfilesCommand({ UserProfileNameContains: text, MaxResults: MOST }))).UserProfiles ?? []).map(
        ({ UserProfileName: name, DomainId: of }) => ({ name, of, href: place("/studio/users", { domain: of, user: name }) }),
      ),
  ],
  [
    "spaces",
    async (text) =>
      ((await sagemaker.send(new ListSpacesCommand({ SpaceNameContains: text, MaxResults: MOST }))).Spaces ?? []).map(
        ({ SpaceName: name, DomainId: of }) => ({ name, of, href: place("/studio/spaces", { domain: of, space: name }) }),
      ),
  ],
  [
    "domains",
    async (text) =>
      ((await sagemaker.send(new ListDomainsCommand({ MaxResults: 100 }))).Domains ?? [])
        .filter((each) => `${each.DomainName} ${each.DomainId}`.toLowerCase().includes(text.toLowerCase()))
        .slice(0, MOST)
        .map(({ DomainName: name, DomainId: of }) => ({ name, of, href: place("/studio/domains", { domain: of }) })),
  ],
];

/** What is found under a name; kinds that the caller may not list are left out. */
async function search(text: string): Promise<[string, Found[]][]> {
  const all = await Promise.allSettled(KINDS.map(([, find]) => find(text)));
  return KINDS.map(([name], at): [string, Found[]] => {
    const found = all[at];
    return [name, found?.status === "fulfilled" ? found.value : []];
  }).filter(([, found]) => found.length);
}

/** The text, once nothing was typed for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** The slash, typed anywhere but in a field, leads to the search. */
function useSlash(focus: () => void): void {
  const latest = useRef(focus);
  latest.current = focus;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !target.isContentEditable) {
        event.preventDefault();
        latest.current();
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** The field in the bar: pages and resources by their names, or a resource by its ARN. */
export default function Search() {
  const { t } = useTranslation();
  const { region } = useSettings();
  const navigate = useNavigate();
  const field = useRef<AutosuggestProps.Ref>(null);
  const [text, setText] = useState("");
  const wanted = useSettled(text.trim());
  useSlash(() => field.current?.focus());
  const found = useQuery({
    queryKey: ["search", region, wanted],
    queryFn: () => search(wanted),
    enabled: /^[A-Za-z0-9-]{2,63}$/.test(wanted),
    placeholderData: keepPreviousData,
  });
  const pages = PAGES.map(([name, href, description]) => ({ value: href, label: t(`nav.${name}`), description })).filter(
    (each) => !text || `${each.label} ${each.description ?? ""}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const arn = placeOf(text.trim());
  const options: AutosuggestProps.Options = [
    ...(arn ? [{ value: arn, label: text.trim(), description: t("search.arn") }] : []),
    ...(text ? (found.data ?? []) : []).map(([name, all]) => ({
      label: t(`nav.${name}`),
      options: all.map((each) => ({ value: each.href, label: each.name, description: each.of })),
    })),
    ...(pages.length ? [{ label: t("search.pages"), options: pages }] : []),
  ];
  return (
    <Autosuggest
      ref={field}
      value={text}
      options={options}
      filteringType="manual"
      placeholder={t("search.placeholder")}
      ariaLabel={t("search.label")}
      statusType={found.isFetching ? "loading" : "finished"}
      loadingText={t("list.loading")}
      empty={t("data.noMatch")}
      enteredTextLabel={(value) => t("form.use", { text: value })}
      expandToViewport
      hideEnteredTextOption
      onChange={({ detail }) => setText(detail.value.startsWith("/") ? "" : detail.value)}
      onSelect={({ detail }) => {
        setText("");
        void navigate(detail.value);
      }}
    />
  );
}
