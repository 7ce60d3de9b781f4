import Box from "@cloudscape-design/components/box";
import { ago, moment } from "./numbers";

/** A moment with its zone, and how long ago it was. */
export function When({ at }: { at: Date | undefined }) {
  return at ? (
    <span>
      {moment(at)}{" "}
      <span className="beside">
        <Box display="inline" color="text-body-secondary" fontSize="body-s">
          {ago(at)}
        </Box>
      </span>
    </span>
  ) : (
    <>–</>
  );
}
