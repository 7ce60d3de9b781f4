import { ReactWidget } from "@jupyterlab/apputils";
import { refreshIcon } from "@jupyterlab/ui-components";
import { useEffect, useRef, useState } from "react";
import { refusal } from "../aws";
import { ago, moment, text } from "../texts";
import { type Kind, type Registry, type Resource } from "./kinds";

interface Shown {
  resources: Resource[];
  next?: string;
  trouble?: string;
  loading: boolean;
}

interface ListProps {
  registry: Registry;
  kinds: Kind[];
  onOpen: (kind: Kind, name: string) => void;
}

function List({ registry, kinds, onOpen }: ListProps) {
  const [kind, setKind] = useState<Kind>(kinds[0] as Kind);
  const [find, setFind] = useState("");
  const [shown, setShown] = useState<Shown>({ resources: [], loading: true });
  const turn = useRef(0);

  /** Of answers that come out of turn, the last question's counts. */
  const load = async (token?: string) => {
    const mine = ++turn.current;
    setShown((before) => ({ ...before, ...(token ? {} : { resources: [] }), trouble: undefined, loading: true }));
    try {
      const { resources, next } = await registry.list(kind, find, token);
      if (mine === turn.current) {
        setShown((before) => ({ resources: token ? [...before.resources, ...resources] : resources, next, loading: false }));
      }
    } catch (error) {
      if (mine === turn.current) {
        setShown((before) => ({ ...before, trouble: refusal(error), loading: false }));
      }
    }
  };
  useEffect(() => {
    const timer = window.setTimeout(() => void load(), find ? 250 : 0);
    return () => window.clearTimeout(timer);
  }, [kind, find]);

  return (
    <div className="atelier-panelBody">
      <div className="atelier-panelHead">
        <h1>{text("registry.title")}</h1>
        <button
          type="button"
          className="atelier-iconButton"
          aria-label={text("words.refresh")}
          title={text("words.refresh")}
          onClick={() => void load()}
        >
          <refreshIcon.react tag="span" width="16px" height="16px" />
        </button>
      </div>
      <div className="atelier-search atelier-stack">
        <select
          className="atelier-field"
          aria-label={text("registry.kind")}
          value={kind.id}
          onChange={(event) => setKind(kinds.find((each) => each.id === event.target.value) ?? kind)}
        >
          {kinds.map((each) => (
            <option key={each.id} value={each.id}>
              {text(`registry.kinds.${each.id}`)}
            </option>
          ))}
        </select>
        <input
          type="search"
          className="atelier-field"
          placeholder={text("registry.find")}
          aria-label={text("registry.find")}
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      {shown.trouble && (
        <p className="atelier-problem" role="alert">
          {shown.trouble}
        </p>
      )}
      <ul className="atelier-rows" aria-busy={shown.loading}>
        {shown.resources.map(({ name, status, created }) => (
          <li key={name} className="atelier-row atelier-fileRow" title={name} onDoubleClick={() => onOpen(kind, name)}>
            <div className="atelier-rowText">
              <button type="button" className="atelier-link atelier-plainLink" onClick={() => onOpen(kind, name)}>
                {name}
              </button>
              <span className="atelier-rowFacts" title={created && moment(created)}>
                {[status, created && ago(created)].filter(Boolean).join(" · ")}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {shown.loading && <p className="atelier-empty">{text("words.loading")}</p>}
      {!shown.loading && !shown.trouble && shown.resources.length === 0 && (
        <p className="atelier-empty">{text(find ? "registry.nothingFound" : "registry.none")}</p>
      )}
      {shown.next && !shown.loading && (
        <button type="button" className="atelier-noteButton atelier-more" onClick={() => void load(shown.next)}>
          {text("words.more")}
        </button>
      )}
    </div>
  );
}

/** Models, endpoints, jobs and what else is registered, by kind. */
export class RegistryPanel extends ReactWidget {
  private kinds: Kind[] = [];

  constructor(
    private readonly registry: Registry,
    kinds: Promise<Kind[]>,
    private readonly open: (kind: Kind, name: string) => void,
  ) {
    super();
    this.addClass("atelier-panel");
    void kinds.then((known) => {
      this.kinds = known;
      this.update();
    });
  }

  protected override render() {
    return this.kinds.length > 0 ? <List registry={this.registry} kinds={this.kinds} onOpen={this.open} /> : null;
  }
}
