declare module "virtual:character.css";
declare module "virtual:regions" {
  /** Those of the partitions that the server has. */
  const regions: { name: string; description: string }[];
  export default regions;
}
