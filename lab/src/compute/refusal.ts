import type { InstanceType } from "../contract";
import { text } from "../texts";

/** Why an instance type cannot be had, in few words. */
export function refusalOf(type: InstanceType): string {
  return type.lack ? text(`compute.lack.${type.lack}`) : (type.reason ?? text("compute.notNow"));
}
