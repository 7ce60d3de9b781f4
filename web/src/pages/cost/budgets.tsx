import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuestion } from "../../confirm";
import { Failed } from "../../failed";
import { Field } from "../../form";
import { Nothing } from "../../nothing";
import { own } from "../../own-api";
import { given } from "../../rows";
import { ResourceTable } from "../../table";
import { money, payer, useBudgets, type Budget } from "../../usage";
import { Plain } from "./plain";

const PATH = "/studio-api/budgets";

/** What of a budget is spent, in words and as a bar. */
function Spent({ budget, currency }: { budget: Budget; currency: string }) {
  const { t } = useTranslation();
  const share = budget.monthly > 0 ? (100 * budget.spent) / budget.monthly : 100;
  return (
    <ProgressBar
      value={Math.min(100, share)}
      status={budget.usedUp ? "error" : "in-progress"}
      resultText={t("cost.usedUp")}
      additionalInfo={t("cost.ofBudget", { spent: money(budget.spent, currency), monthly: money(budget.monthly, currency) })}
      ariaLabel={payer(budget)}
    />
  );
}

/** Monthly budgets: what nothing more is started for once it is used up. */
export function Budgets({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const budgets = useBudgets();
  const [adding, setAdding] = useState(false);
  const refresh = () => void budgets.refetch();
  const { ask, asked } = useQuestion(refresh);
  const remove = (chosen: Budget[]) => {
    const named = new Map(chosen.map((each) => [payer(each), each]));
    ask({
      title: t("cost.removeBudgets", { count: chosen.length }),
      verb: t("data.delete"),
      names: [...named.keys()],
      says: t("cost.removeBudgetsSays"),
      done: t("cost.removedBudgets", { count: chosen.length }),
      act: (name) => own("DELETE", PATH, { domain: named.get(name)?.domain, user: named.get(name)?.user }),
    });
  };
  if (budgets.isError) {
    return <Failed error={budgets.error} retry={refresh} />;
  }
  const add = <Button onClick={() => setAdding(true)}>{t("cost.addBudget")}</Button>;
  return (
    <>
      <ResourceTable
        title={t("cost.budgets")}
        id="budgets"
        level="h2"
        rows={given(budgets.data ?? [], refresh)}
        trackBy={payer}
        label={payer}
        columns={[
          { id: "payer", header: t("cost.payer"), value: payer, cell: payer, width: 300 },
          { id: "spent", header: t("cost.spent"), value: (each) => each.spent, cell: (each) => <Spent budget={each} currency={currency} />, width: 420 },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => remove(chosen)}>
              {t("data.delete")}
            </Button>
            {add}
          </>
        )}
        empty={<Nothing text={t("cost.noBudgets")} action={add} />}
      />
      {adding && (
        <NewBudget
          close={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {asked}
    </>
  );
}

function NewBudget({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ domain: "", user: "", monthly: "" });
  const field = (label: string, api: keyof typeof given, hint?: string) => (
    <Field label={label} api={api} hint={hint}>
      <Input
        value={given[api]}
        type={api === "monthly" ? "number" : "text"}
        onChange={({ detail }) => setGiven({ ...given, [api]: detail.value })}
      />
    </Field>
  );
  return (
    <Plain
      title={t("cost.addBudget")}
      ready={Boolean(given.monthly && (given.domain || given.user))}
      done={t("cost.addedBudget")}
      act={() =>
        own("PUT", PATH, {
          domain: given.domain || undefined,
          user: given.user || undefined,
          monthly: Number(given.monthly),
        })
      }
      close={close}
    >
      {field(t("studio.domain"), "domain")}
      {field(t("cost.user"), "user", t("cost.userHint"))}
      {field(t("cost.monthly"), "monthly", t("cost.monthlyHint"))}
    </Plain>
  );
}
