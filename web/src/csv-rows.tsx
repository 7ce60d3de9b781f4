import Box from "@cloudscape-design/components/box";
import Table from "@cloudscape-design/components/table";
import Papa from "papaparse";
import { useTranslation } from "react-i18next";

const CSV_ROWS = 200;

/** A csv file as a table; its first line names the columns. */
export default function Rows({ text, part }: { text: string; part: boolean }) {
  const { t } = useTranslation();
  const parsed = Papa.parse<string[]>(text, { skipEmptyLines: true, preview: CSV_ROWS + 1 }).data;
  const [head = [], ...rows] = part && parsed.length <= CSV_ROWS ? parsed.slice(0, -1) : parsed;
  return (
    <Table
      variant="embedded"
      ariaLabels={{ tableLabel: t("preview.table") }}
      columnDefinitions={head.map((name, at) => ({ id: String(at), header: name || String(at + 1), cell: (row: string[]) => row[at] ?? "" }))}
      items={rows}
      footer={rows.length >= CSV_ROWS ? <Box textAlign="center">{t("preview.rows", { count: CSV_ROWS })}</Box> : undefined}
    />
  );
}
