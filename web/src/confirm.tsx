import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "./dialog";
import { useFlash } from "./flash";

const SHOWN = 10;

export interface Question {
  title: string;
  /** The word on the button. */
  verb: string;
  /** What it is done to: shown one by one. */
  names: string[];
  /** What happens, and what stays. */
  says: string;
  /** Said strongly, where something is lost. */
  lost?: string;
  /** What must be typed before it is done, where data is lost. */
  typed?: string;
  /** Said when all of it is done. */
  done: string;
  /** Does it to one of the names. */
  act(name: string): Promise<unknown>;
}

/** Asks before something is stopped or deleted, does it one by one, and tells what came of it. */
export function Confirm({ question, close }: { question: Question; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const { tell, fail } = useFlash();
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState("");
  const { names } = question;
  const act = async () => {
    setBusy(true);
    const outcomes = await Promise.allSettled(names.map((name) => question.act(name)));
    const failures = outcomes.filter((each) => each.status === "rejected");
    failures.slice(0, 3).forEach((each) => fail(each.reason));
    if (failures.length < names.length) {
      tell({ type: "success", header: question.done });
    }
    close(true);
  };
  return (
    <Modal
      visible
      header={question.title}
      closeAriaLabel={t("action.cancel")}
      onDismiss={() => close(false)}
      footer={
        <Choice
          verb={question.verb}
          busy={busy}
          ready={question.typed === undefined || typed === question.typed}
          act={() => void act()}
          leave={() => close(false)}
        />
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{question.says}</Box>
        <ul>
          {names.slice(0, SHOWN).map((name) => (
            <li key={name}>
              <Box variant="code">{name}</Box>
            </li>
          ))}
          {names.length > SHOWN && <li>{t("list.andMore", { count: names.length - SHOWN })}</li>}
        </ul>
        {question.lost && (
          <Alert type="warning" statusIconAriaLabel={t("status.warning")}>
            {question.lost}
          </Alert>
        )}
        {question.typed !== undefined && (
          <FormField label={t("confirm.type", { name: question.typed })}>
            <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoFocus />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}

/** Holds the question that is asked at present. */
export function useQuestion(changed: () => void) {
  const [question, ask] = useState<Question | null>(null);
  return {
    ask,
    asked: question && (
      <Confirm
        question={question}
        close={(done) => {
          ask(null);
          if (done) {
            changed();
          }
        }}
      />
    ),
  };
}
