import { DeleteEndpointCommand, ListEndpointsCommand, type EndpointSummary } from "@aws-sdk/client-sagemaker";
import { sagemaker } from "../../clients/sagemaker";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";

export const nameOf = (each: EndpointSummary) => each.EndpointName ?? "";

/** The question before endpoints are deleted, which is how they are stopped. */
export function deletion(t: (key: string, values?: { count: number }) => string, names: string[]) {
  return {
    title: t("endpoints.delete", { count: names.length }),
    verb: t("data.delete"),
    names,
    says: t("endpoints.deleteSays"),
    done: t("endpoints.deleting", { count: names.length }),
    act: (name: string) => sagemaker.send(new DeleteEndpointCommand({ EndpointName: name })),
  };
}

/** Every endpoint of the account in the region. */
export function useEndpoints() {
  const { region } = useSettings();
  return useRows<EndpointSummary>(
    ["endpoints", region],
    ["endpoint"],
    async (token) => {
      const answer = await sagemaker.send(new ListEndpointsCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.Endpoints ?? [], next: answer.NextToken };
    },
    nameOf,
  );
}
