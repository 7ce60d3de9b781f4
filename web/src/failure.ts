/** What an answer of AWS's says went wrong. */
export interface Failure {
  code: string;
  message: string;
  requestId?: string;
  /** What a denied call lacked. */
  denied?: { action: string; resource?: string; explicit: boolean };
}

const DENIED =
  /is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?( with an explicit deny| because no)?/;

interface SdkError {
  name?: string;
  Code?: string;
  message?: string;
  $metadata?: { requestId?: string };
}

export function failure(error: unknown): Failure {
  const sdk = error as SdkError;
  const message = sdk?.message ?? String(error);
  const match = DENIED.exec(message);
  return {
    code: sdk?.name && sdk.name !== "Error" ? sdk.name : (sdk?.Code ?? "Error"),
    message,
    requestId: sdk?.$metadata?.requestId,
    denied: match
      ? { action: match[1] ?? "", resource: match[2], explicit: match[3]?.includes("explicit") ?? false }
      : undefined,
  };
}
