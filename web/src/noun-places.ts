import { place } from "./place";

/** Where the page is of what an ARN names; empty where there is none. */
export function placeOf(arn: string): string {
  const [, , service = "", , , ...rest] = arn.split(":");
  const [kind = "", ...names] = rest.join(":").split("/");
  const last = names.at(-1);
  switch (`${service}/${kind}`) {
    case "iam/role":
      return place("/access/roles", { name: last });
    case "iam/user":
      return place("/access/users", { name: last });
    case "iam/policy":
      return place("/access/policies", { arn });
    case "sagemaker/domain":
      return place("/studio/domains", { domain: names[0] });
    case "sagemaker/user-profile":
      return place("/studio/users", { domain: names[0], user: names[1] });
    case "sagemaker/space":
      return place("/studio/spaces", { domain: names[0], space: names[1] });
    case "sagemaker/app":
      // such apps are of spaces alone, and all others of users
      return ["jupyterlab", "codeeditor"].includes((names[2] ?? "").toLowerCase())
        ? place("/studio/spaces", { domain: names[0], space: names[1] })
        : place("/studio/users", { domain: names[0], user: names[1] });
    case "sagemaker/image":
    case "sagemaker/image-version":
      return place("/studio/images", { image: names[0] });
    case "sagemaker/training-job":
      return place("/jobs", { name: last });
    case "sagemaker/notebook-instance":
      return place("/studio/notebooks", { name: last });
    case "sagemaker/model":
      return place("/models", { name: last });
    case "sagemaker/endpoint":
      return place("/endpoints", { name: last });
    case "sagemaker/endpoint-config":
      return place("/endpoints/configurations", { name: last });
    default:
      return "";
  }
}
