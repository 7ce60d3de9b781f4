/** A request, as its operation takes it. */
export type Input = { [name: string]: unknown };

function python(value: unknown, indent: string): string {
  const deeper = `${indent}    `;
  if (value === null || value === undefined) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (value instanceof Uint8Array) {
    return `b${JSON.stringify(new TextDecoder().decode(value))}`;
  }
  if (Array.isArray(value)) {
    return value.length ? `[\n${value.map((each) => `${deeper}${python(each, deeper)},\n`).join("")}${indent}]` : "[]";
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return entries.length
      ? `{\n${entries.map(([name, each]) => `${deeper}${JSON.stringify(name)}: ${python(each, deeper)},\n`).join("")}${indent}}`
      : "{}";
  }
  return JSON.stringify(value);
}

const words = (operation: string, between: string) =>
  operation.replace(/([a-z0-9])([A-Z])/g, `$1${between}$2`).toLowerCase();

function entries(input: Input): [string, unknown][] {
  return Object.entries(input).filter(([, value]) => value !== undefined);
}

/** The call as a program makes it with boto3. */
export function boto3(operation: string, input: Input, service = "sagemaker"): string {
  const given = entries(input).map(([name, value]) => `    ${name}=${python(value, "    ")},\n`);
  const call = given.length ? `(\n${given.join("")})` : "()";
  return `import boto3\n\n${service} = boto3.client("${service}")\n${service}.${words(operation, "_")}${call}\n`;
}

/** The call on the command line. */
export function commandLine(operation: string, input: Input, service = "sagemaker"): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const given = entries(input).map(
    ([name, value]) =>
      ` \\\n  --${words(name, "-")} ${quoted(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  return `aws ${service === "s3" ? "s3api" : service} ${words(operation, "-")}${given.join("")}\n`;
}
