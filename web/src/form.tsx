import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { boto3, commandLine, type Input } from "./code";
import { Document } from "./document";
import { failure } from "./failure";

/** What AWS said about one member of a request; empty where it said nothing about it. */
export function said(error: unknown, api: string): string {
  if (!error) {
    return "";
  }
  const { message } = failure(error);
  const path = api.charAt(0).toLowerCase() + api.slice(1);
  return message.includes(`'${path}'`) || message.includes(`'${api}'`) || message.includes(`${api} `) ? message : "";
}

/** A field of a form: its name, the API's name for it, and AWS's words where it is not right. */
export function Field(props: { label: string; api: string; error?: unknown; hint?: ReactNode; children: ReactNode }) {
  return (
    <FormField
      label={
        <span>
          {props.label}{" "}
          <Box display="inline" color="text-body-secondary" fontSize="body-s" fontWeight="normal">
            {props.api}
          </Box>
        </span>
      }
      constraintText={props.hint}
      errorText={said(props.error, props.api.split(".").at(-1) ?? "")}
    >
      {props.children}
    </FormField>
  );
}

/** A request as it is shown; of SageMaker where no other service is named. */
export interface Requested {
  service?: string;
  operation: string;
  input: Input;
}

/** The same request as code, to be kept or run elsewhere. */
export function AsCode({ operation, input, service }: Requested) {
  const { t } = useTranslation();
  const [form, setForm] = useState("boto3");
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={t("form.code")}
        selectedId={form}
        options={[
          { id: "boto3", text: "boto3" },
          { id: "cli", text: "AWS CLI" },
          { id: "json", text: "JSON" },
        ]}
        onChange={({ detail }) => setForm(detail.selectedId)}
      />
      <Document
        text={
          form === "boto3"
            ? boto3(operation, input, service)
            : form === "cli"
              ? commandLine(operation, input, service)
              : JSON.stringify(input, null, 2)
        }
      />
    </SpaceBetween>
  );
}
