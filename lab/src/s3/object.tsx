import { Clipboard, Notification, ReactWidget, showErrorMessage } from "@jupyterlab/apputils";
import { useEffect, useState } from "react";
import { refusal } from "../aws";
import { bytes, moment, text } from "../texts";
import { MOST_TEXT, type Objects, save } from "./objects";
import { imageType, nameOf, shownAs, uriOf } from "./places";

interface Looked {
  facts?: { size: number; type?: string; modified?: Date };
  content?: string;
  picture?: string;
  trouble?: string;
}

function code(bucket: string, key: string): string {
  const uri = uriOf(bucket, key);
  if (/\.(csv|tsv)(\.gz)?$/i.test(key)) {
    return `import pandas as pd\n\ndata = pd.read_csv(${JSON.stringify(uri)}${/tsv/i.test(key) ? ', sep="\\t"' : ""})`;
  }
  if (/\.parquet$/i.test(key)) {
    return `import pandas as pd\n\ndata = pd.read_parquet(${JSON.stringify(uri)})`;
  }
  return `import boto3\n\nboto3.client("s3").download_file(${JSON.stringify(bucket)}, ${JSON.stringify(key)}, ${JSON.stringify(nameOf(key))})`;
}

function ObjectPage({ objects, bucket, objectKey: key }: { objects: Objects; bucket: string; objectKey: string }) {
  const [looked, setLooked] = useState<Looked>({});
  useEffect(() => {
    let gone = false;
    let picture: string | undefined;
    void (async () => {
      try {
        const facts = await objects.head(bucket, key);
        const as = shownAs(key, facts.type);
        const content = as === "text" ? await objects.beginning(bucket, key, facts.size) : undefined;
        if (as === "image" && objects.canShow(facts.size)) {
          picture = URL.createObjectURL(await objects.content(bucket, key, imageType(key)));
        }
        if (!gone) {
          setLooked({ facts, content, picture });
        }
      } catch (error) {
        if (!gone) {
          setLooked({ trouble: refusal(error) });
        }
      }
    })();
    return () => {
      gone = true;
      if (picture) {
        URL.revokeObjectURL(picture);
      }
    };
  }, [objects, bucket, key]);
  const copy = (what: string) => {
    Clipboard.copyToSystem(what);
    Notification.info(text("s3.copied"), { autoClose: 2000 });
  };
  const download = async () => {
    try {
      save(await objects.content(bucket, key, "application/octet-stream"), nameOf(key));
    } catch (error) {
      await showErrorMessage(text("s3.notLoaded"), refusal(error));
    }
  };
  const { facts, content, picture, trouble } = looked;
  const pairs = facts
    ? [
        [text("s3.size"), bytes(facts.size)],
        [text("s3.type"), facts.type ?? "–"],
        [text("s3.modified"), facts.modified ? moment(facts.modified) : "–"],
      ]
    : [];
  return (
    <div className="atelier-sheet">
      <h1>{nameOf(key)}</h1>
      <p className="atelier-arn">{uriOf(bucket, key)}</p>
      <div className="atelier-buttons">
        <button type="button" className="atelier-noteButton" onClick={() => void download()}>
          {text("s3.downloadThis")}
        </button>
        <button type="button" className="atelier-noteButton" onClick={() => copy(uriOf(bucket, key))}>
          {text("s3.copyThis")}
        </button>
        <button type="button" className="atelier-noteButton" onClick={() => copy(code(bucket, key))}>
          {text("s3.copyCode")}
        </button>
      </div>
      {trouble && (
        <p className="atelier-problem" role="alert">
          {trouble}
        </p>
      )}
      <dl className="atelier-pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {content !== undefined && facts && (
        <>
          {facts.size > MOST_TEXT && <p className="atelier-note">{text("s3.beginning", { size: bytes(MOST_TEXT) })}</p>}
          <pre className="atelier-text" tabIndex={0}>
            {content}
          </pre>
        </>
      )}
      {picture && <img className="atelier-picture" src={picture} alt={nameOf(key)} />}
      {facts && content === undefined && !picture && <p className="atelier-note">{text("s3.noPreview")}</p>}
    </div>
  );
}

/** One object: what is known of it, and a look at it. */
export class ObjectWidget extends ReactWidget {
  constructor(
    private readonly objects: Objects,
    private readonly bucket: string,
    private readonly key: string,
  ) {
    super();
    this.addClass("atelier-page");
  }

  protected override render() {
    return <ObjectPage objects={this.objects} bucket={this.bucket} objectKey={this.key} />;
  }
}
