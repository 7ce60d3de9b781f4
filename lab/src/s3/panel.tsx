import { Clipboard, Notification, ReactWidget, showErrorMessage } from "@jupyterlab/apputils";
import { copyIcon, downloadIcon, fileIcon, fileUploadIcon, folderIcon, LabIcon, refreshIcon } from "@jupyterlab/ui-components";
import { useEffect, useRef, useState } from "react";
import { refusal } from "../aws";
import { bytes, moment, text } from "../texts";
import { type Entry, type Objects, save } from "./objects";
import { crumbs, nameOf, type Place, uriOf } from "./places";

const MARK =
  '<path d="M12 2C7 2 3.5 3.4 3.5 5.2L5.8 19c.3 1.6 3 3 6.2 3s5.9-1.4 6.2-3l2.3-13.8C20.5 3.4 17 2 12 2zm0 2c3.6 0 5.8.8 6.4 1.2-.6.4-2.8 1.2-6.4 1.2s-5.8-.8-6.4-1.2C6.2 4.8 8.4 4 12 4z"/>';

export const bucketIcon = new LabIcon({
  name: "atelier:bucket",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">${MARK}</g></svg>`,
});

interface Shown {
  entries: Entry[];
  next?: string;
  trouble?: string;
  loading: boolean;
}

interface BrowserProps {
  objects: Objects;
  onOpen: (bucket: string, key: string) => void;
}

function Action({ icon, label, onClick }: { icon: LabIcon; label: string; onClick: () => void }) {
  return (
    <button type="button" className="atelier-iconButton atelier-onHover" aria-label={label} title={label} onClick={onClick}>
      <icon.react tag="span" width="16px" height="16px" />
    </button>
  );
}

function Browser({ objects, onOpen }: BrowserProps) {
  const [place, setPlace] = useState<Place>({ prefix: "" });
  const [find, setFind] = useState("");
  const [shown, setShown] = useState<Shown>({ entries: [], loading: true });
  const [over, setOver] = useState(false);
  const turn = useRef(0);
  const files = useRef<HTMLInputElement>(null);

  /** Of answers that come out of turn, the last question's counts. */
  const load = async (token?: string) => {
    const mine = ++turn.current;
    setShown((before) => ({ ...before, ...(token ? {} : { entries: [] }), trouble: undefined, loading: true }));
    try {
      const { entries, next } = await objects.list(place, find, token);
      if (mine === turn.current) {
        setShown((before) => ({ entries: token ? [...before.entries, ...entries] : entries, next, loading: false }));
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
  }, [place, find]);

  const go = (to: Place) => {
    setFind("");
    setPlace(to);
  };
  const { bucket } = place;

  const upload = async (list: FileList | null) => {
    if (!list || list.length === 0 || bucket === undefined) {
      return;
    }
    const sent = (async (): Promise<number> => {
      for (const file of Array.from(list)) {
        await objects.upload(bucket, place.prefix + file.name, file);
      }
      return list.length;
    })();
    Notification.promise(sent, {
      pending: { message: text("s3.uploading", { count: list.length }) },
      success: { message: () => text("s3.uploaded", { count: list.length }) },
      error: { message: (reason) => refusal(reason) },
    });
    await sent.catch(() => undefined);
    void load();
  };
  const download = async (key: string) => {
    try {
      save(await objects.content(bucket ?? "", key, "application/octet-stream"), nameOf(key));
    } catch (error) {
      await showErrorMessage(text("s3.notLoaded"), refusal(error));
    }
  };
  const copy = (key: string) => {
    Clipboard.copyToSystem(uriOf(bucket ?? "", key));
    Notification.info(text("s3.copied"), { autoClose: 2000 });
  };

  const row = (entry: Entry) => {
    const { kind, key } = entry;
    const Icon = kind === "bucket" ? bucketIcon : kind === "folder" ? folderIcon : fileIcon;
    const open = () =>
      kind === "bucket" ? go({ bucket: key, prefix: "" }) : kind === "folder" ? go({ bucket, prefix: key }) : onOpen(bucket ?? "", key);
    return (
      <li key={`${kind} ${key}`} className="atelier-row atelier-fileRow" title={key}>
        <Icon.react tag="span" className="atelier-rowIcon" width="16px" height="16px" />
        <div className="atelier-rowText">
          <button type="button" className="atelier-link atelier-plainLink" onClick={open}>
            {nameOf(key)}
          </button>
          {kind === "object" && (
            <span className="atelier-rowFacts">
              {[bytes(entry.size ?? 0), entry.modified && moment(entry.modified)].filter(Boolean).join(" · ")}
            </span>
          )}
        </div>
        {kind !== "bucket" && <Action icon={copyIcon} label={text("s3.copyUri", { name: nameOf(key) })} onClick={() => copy(key)} />}
        {kind === "object" && (
          <Action icon={downloadIcon} label={text("s3.download", { name: nameOf(key) })} onClick={() => void download(key)} />
        )}
      </li>
    );
  };

  return (
    <div
      className={over ? "atelier-panelBody atelier-over" : "atelier-panelBody"}
      onDragOver={(event) => {
        if (bucket !== undefined && event.dataTransfer.types.includes("Files")) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void upload(event.dataTransfer.files);
      }}
    >
      <div className="atelier-panelHead">
        <h1>{text("s3.title")}</h1>
        <span>
          {bucket !== undefined && (
            <button
              type="button"
              className="atelier-iconButton"
              aria-label={text("s3.upload")}
              title={text("s3.upload")}
              onClick={() => files.current?.click()}
            >
              <fileUploadIcon.react tag="span" width="16px" height="16px" />
            </button>
          )}
          <button
            type="button"
            className="atelier-iconButton"
            aria-label={text("words.refresh")}
            title={text("words.refresh")}
            onClick={() => void load()}
          >
            <refreshIcon.react tag="span" width="16px" height="16px" />
          </button>
        </span>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label={text("s3.upload")}
          onChange={(event) => {
            void upload(event.target.files).then(() => (event.target.value = ""));
          }}
        />
      </div>
      <nav className="atelier-crumbs" aria-label={text("s3.way")}>
        {crumbs(place).map(({ label, place: to }, at, all) => (
          <span key={`${at} ${label}`}>
            {at > 0 && <span aria-hidden="true"> / </span>}
            {at === all.length - 1 ? (
              <span aria-current="page">{label}</span>
            ) : (
              <button type="button" className="atelier-link" onClick={() => go(to)}>
                {label}
              </button>
            )}
          </span>
        ))}
      </nav>
      <div className="atelier-search">
        <input
          type="search"
          className="atelier-field"
          placeholder={text("s3.find")}
          aria-label={text("s3.find")}
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
        {shown.entries.map(row)}
      </ul>
      {shown.loading && <p className="atelier-empty">{text("words.loading")}</p>}
      {!shown.loading && !shown.trouble && shown.entries.length === 0 && (
        <p className="atelier-empty">
          {text(find ? "s3.nothingFound" : bucket === undefined ? "s3.noBuckets" : "s3.emptyFolder")}
        </p>
      )}
      {shown.next && !shown.loading && (
        <button type="button" className="atelier-noteButton atelier-more" onClick={() => void load(shown.next)}>
          {text("words.more")}
        </button>
      )}
    </div>
  );
}

/** Buckets, folders and objects, as the execution role may see them. */
export class S3Panel extends ReactWidget {
  constructor(
    private readonly objects: Objects,
    private readonly open: (bucket: string, key: string) => void,
  ) {
    super();
    this.addClass("atelier-panel");
  }

  protected override render() {
    return <Browser objects={this.objects} onOpen={this.open} />;
  }
}
