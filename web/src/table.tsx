import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Pagination from "@cloudscape-design/components/pagination";
import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { useParam } from "./links";
import type { Rows } from "./rows";
import { useSettings } from "./settings";

/** Comes after the rows: it is larger than they are. */
const Filter = lazy(() => import("./filter"));

export interface Column<T> {
  id: string;
  header: string;
  cell: (item: T) => ReactNode;
  /** What is sorted and filtered by; a column without is neither. */
  value?: (item: T) => string | number | Date | undefined;
  /** Filtered by choosing of the values that there are, rather than by parts of a text. */
  choice?: boolean;
  width?: number;
}

interface Properties<T> {
  title: string;
  /** Tells lists of one page apart in the address. */
  id?: string;
  rows: Rows<T>;
  columns: Column<T>[];
  trackBy: (item: T) => string;
  /** What is said where there is nothing: see {@link Nothing}. */
  empty: ReactNode;
  description?: ReactNode;
  level?: "h1" | "h2";
  /** What can be done, and with what is chosen. */
  actions?: (chosen: T[], done: () => void) => ReactNode;
  /** Names what a row is about, for those who choose by ear. */
  label: (item: T) => string;
}

const TEXT = [":", "!:", "=", "!=", "^"] as const;

function filtering<T>(columns: Column<T>[], group: (name: string) => string) {
  return columns
    .filter((each) => each.value && !(each.id === "created" || each.id === "modified"))
    .map((each) => ({
      key: each.id,
      propertyLabel: each.header,
      groupValuesLabel: group(each.header),
      operators: each.choice ? ["=", "!="].map((operator) => ({ operator, tokenType: "enum" as const })) : [...TEXT],
    }));
}

function asked(text: string): PropertyFilterProps.Query {
  try {
    const query = JSON.parse(text) as PropertyFilterProps.Query;
    return Array.isArray(query.tokens) ? query : { tokens: [], operation: "and" };
  } catch {
    // whoever wrote the address meant nothing that can be shown
    return { tokens: [], operation: "and" };
  }
}

/** What is shown of the rows: those that the filter and the order in the address ask for, page by page. */
function useShown<T>({ rows, columns, trackBy, empty, id }: Properties<T>) {
  const { t } = useTranslation();
  const settings = useSettings();
  const [filter, setFilter] = useParam(id ? `${id}-filter` : "filter");
  const [sort, setSort] = useParam(id ? `${id}-sort` : "sort");
  const wanted = columns.find((each) => each.value && each.id === sort.replace(/^-/, ""));
  // columns are compared by what they are worth, and items are shown as what they say
  const worth = rows.items.map((item) => ({
    item,
    ...Object.fromEntries(columns.filter((each) => each.value).map((each) => [each.id, each.value?.(item)])),
  }));
  const collection = useCollection<{ item: T }>(worth, {
    propertyFiltering: {
      filteringProperties: filtering(columns, (name) => t("table.values", { name })) as never,
      defaultQuery: asked(filter),
      empty,
      noMatch: (
        <SpaceBetween size="s">
          <Box>{t("data.noMatch")}</Box>
          <Button onClick={() => collection.actions.setPropertyFiltering({ tokens: [], operation: "and" })}>
            {t("table.clear")}
          </Button>
        </SpaceBetween>
      ),
    },
    pagination: { pageSize: settings.rows },
    sorting: wanted
      ? { defaultState: { sortingColumn: { sortingField: wanted.id }, isDescending: sort.startsWith("-") } }
      : {},
    selection: { trackBy: (each) => trackBy(each.item) },
  });
  return { collection, setFilter, setSort };
}

/** What the list is called, how many there are, what came meanwhile, and what can be done. */
function Heading<T>(props: Properties<T> & { chosen: T[]; unchoose: () => void }) {
  const { t } = useTranslation();
  const { rows, chosen } = props;
  const came = [
    rows.fresh > 0 && t("table.fresh", { count: rows.fresh }),
    rows.gone > 0 && t("table.gone", { count: rows.gone }),
  ].filter(Boolean);
  return (
    <Header
      variant={props.level ?? "h1"}
      counter={chosen.length ? `(${chosen.length}/${rows.counter.slice(1)}` : rows.counter}
      description={props.description}
      actions={
        <div className="actions">
          {came.length > 0 && (
            <Button iconName="angle-up" onClick={rows.show}>
              {came.join(", ")}
            </Button>
          )}
          <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={rows.refresh} />
          {props.actions?.(chosen, props.unchoose)}
        </div>
      }
    >
      {props.title}
    </Header>
  );
}

/** A list that is all there: filtered by any number of values, sorted by any column, kept true as things happen. */
export function ResourceTable<T>(props: Properties<T>) {
  const { t } = useTranslation();
  const { rows, columns } = props;
  const { collection, setFilter, setSort } = useShown(props);
  const { items, collectionProps, propertyFilterProps, paginationProps, filteredItemsCount, actions } = collection;
  const chosen = (collectionProps.selectedItems ?? []).map((each) => each.item);
  return (
    <div onPointerEnter={() => rows.hold(true)} onPointerLeave={() => rows.hold(false)}>
      <Table<{ item: T }>
        {...collectionProps}
        items={rows.error ? [] : items}
        columnDefinitions={columns.map((each) => ({
          ...each,
          sortingField: each.value ? each.id : undefined,
          isRowHeader: each === columns[0],
          cell: ({ item }: { item: T }) => each.cell(item),
        }))}
        onSortingChange={(event) => {
          collectionProps.onSortingChange?.(event);
          setSort(`${event.detail.isDescending ? "-" : ""}${event.detail.sortingColumn.sortingField ?? ""}`);
        }}
        selectionType={props.actions ? "multi" : undefined}
        loading={rows.loading}
        loadingText={t("list.loading")}
        resizableColumns
        stickyHeader
        enableKeyboardNavigation
        ariaLabels={{
          tableLabel: props.title,
          selectionGroupLabel: t("list.choose"),
          allItemsSelectionLabel: () => t("table.chooseAll"),
          itemSelectionLabel: (_, { item }) => t("list.chooseOne", { name: props.label(item) }),
        }}
        header={<Heading {...props} chosen={chosen} unchoose={() => actions.setSelectedItems([])} />}
        filter={
          <Suspense fallback={<Input value="" disabled ariaLabel={t("table.find")} placeholder={t("table.find")} />}>
            <Filter
              {...propertyFilterProps}
              matches={filteredItemsCount ?? 0}
              keep={setFilter}
            />
          </Suspense>
        }
        empty={rows.error ? <Failed error={rows.error} retry={rows.refresh} /> : collectionProps.empty}
        pagination={<Pagination {...paginationProps} />}
      />
    </div>
  );
}
