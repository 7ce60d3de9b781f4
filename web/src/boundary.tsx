import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { Component, type ReactNode } from "react";
import { Translation } from "react-i18next";

interface State {
  error: unknown;
  place: string;
}

/** Keeps what breaks in one page from taking the others along: says so in its place, until another page is gone to. */
export class Boundary extends Component<{ place: string; children: ReactNode }, State> {
  override state: State = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: { place: string }, state: State): Partial<State> | null {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render() {
    const { error } = this.state;
    return error ? (
      <Translation>
        {(t) => (
          <Box padding="l">
            <Alert
              type="error"
              header={t("boundary.title")}
              statusIconAriaLabel={t("status.error")}
              action={<Button onClick={() => window.location.reload()}>{t("boundary.reload")}</Button>}
            >
              {t("boundary.text")}
              <Box variant="code" display="block">
                {error instanceof Error ? error.message : String(error)}
              </Box>
            </Alert>
          </Box>
        )}
      </Translation>
    ) : (
      this.props.children
    );
  }
}
