import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { type Pages } from "./pages";

interface ListProps<T> {
  title: string;
  pages: Pages<T>;
  columns: TableProps.ColumnDefinition<T>[];
  trackBy: (item: T) => string;
  /** One sentence that says what would be here, and how it comes about. */
  empty: ReactNode;
  /** What is said while the page is on its way. */
  loading?: string;
  description?: ReactNode;
  actions?: ReactNode;
  filter?: ReactNode;
  variant?: TableProps.Variant;
  level?: "h1" | "h2";
  selection?: Pick<TableProps<T>, "selectionType" | "selectedItems" | "onSelectionChange" | "ariaLabels">;
}

/** A list of one of the services: what it holds, page by page, with what went wrong in its place. */
export function List<T>(props: ListProps<T>) {
  const { t } = useTranslation();
  const { pages } = props;
  return (
    <Table<T>
      variant={props.variant ?? "container"}
      items={pages.error ? [] : pages.items}
      trackBy={props.trackBy}
      columnDefinitions={props.columns}
      loading={pages.loading}
      loadingText={props.loading ?? t("list.loading")}
      resizableColumns
      stickyHeader
      enableKeyboardNavigation
      {...props.selection}
      ariaLabels={{ tableLabel: props.title, ...props.selection?.ariaLabels }}
      filter={props.filter}
      header={
        <Header
          variant={props.level ?? "h1"}
          counter={pages.counter}
          description={props.description}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={pages.refresh} />
              {props.actions && (
                <SpaceBetween size="xs" direction="horizontal">
                  {props.actions}
                </SpaceBetween>
              )}
            </SpaceBetween>
          }
        >
          {props.title}
        </Header>
      }
      empty={
        pages.error ? (
          <Failed error={pages.error} retry={pages.refresh} />
        ) : (
          <Box textAlign="center" color="inherit" padding={{ vertical: "l" }}>
            {props.empty}
          </Box>
        )
      }
      pagination={
        <Pagination
          currentPageIndex={pages.page}
          pagesCount={pages.pageCount}
          openEnd={pages.more}
          disabled={pages.loading}
          onChange={({ detail }) => pages.turn(detail.currentPageIndex)}
        />
      }
    />
  );
}
