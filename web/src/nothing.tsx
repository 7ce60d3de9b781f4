import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { Document } from "./document";

/** In place of rows: what would be here, how it comes about, and the lines of code that make one. */
export function Nothing({ text, action, code }: { text: string; action?: ReactNode; code?: string }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "l" }}>
      <SpaceBetween size="m">
        <Box variant="p" color="inherit">
          {text}
        </Box>
        {action}
        {code && (
          <Box textAlign="left" margin={{ horizontal: "xxl" }}>
            <Document text={code} />
          </Box>
        )}
      </SpaceBetween>
    </Box>
  );
}
