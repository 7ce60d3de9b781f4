import type { Upload } from "@aws-sdk/lib-storage";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileDropzone from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { s3 } from "./clients/s3";
import { failure } from "./failure";
import { useFlash } from "./flash";
import { bytes } from "./numbers";

interface Running {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: "in-progress" | "success" | "error";
  told?: string;
}

const PART = 8 * 1024 * 1024;
const AT_ONCE = 3;
let last = 0;

/** Sends files, some at once, and knows how far each has come. */
function useUploads(bucket: string, prefix: string, done: () => void) {
  const { t } = useTranslation();
  const { tell, fail } = useFlash();
  const [running, setRunning] = useState<Running[]>([]);
  const uploads = useRef(new Map<number, Upload>());
  const change = (id: number, with_: Partial<Running>) =>
    setRunning((known) => known.map((each) => (each.id === id ? { ...each, ...with_ } : each)));

  const send = async (file: File, id: number): Promise<boolean> => {
    try {
      const storage = await import("@aws-sdk/lib-storage");
      const upload = new storage.Upload({
        client: s3,
        params: { Bucket: bucket, Key: prefix + file.name, Body: file, ContentType: file.type || undefined },
        partSize: PART,
        queueSize: 2,
      });
      uploads.current.set(id, upload);
      upload.on("httpUploadProgress", ({ loaded }) => change(id, { sent: loaded ?? 0 }));
      await upload.done();
      change(id, { state: "success", sent: file.size });
      return true;
    } catch (error) {
      const stopped = (error as Error).name === "AbortError";
      change(id, { state: "error", told: stopped ? t("upload.stopped") : failure(error).message });
      if (!stopped) {
        fail(error);
      }
      return false;
    } finally {
      uploads.current.delete(id);
    }
  };

  const start = (files: File[]) => {
    const jobs = files.map((file) => ({ file, id: ++last }));
    setRunning((known) => [
      ...known.filter((each) => each.state === "in-progress"),
      ...jobs.map(({ file, id }) => ({ id, name: file.name, size: file.size, sent: 0, state: "in-progress" as const })),
    ]);
    let good = 0;
    const worker = async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        if (await send(job.file, job.id)) {
          good++;
        }
      }
    };
    void Promise.all(Array.from({ length: AT_ONCE }, worker)).then(() => {
      if (good > 0) {
        tell({ type: "success", header: t("upload.done", { count: good }) });
        setRunning((known) => known.filter((each) => each.state !== "success"));
        done();
      }
    });
  };
  return {
    running,
    start,
    stop: (id: number) => void uploads.current.get(id)?.abort(),
    clear: () => setRunning([]),
  };
}

/** How far each file has come. */
function Progress({ running, stop, clear }: { running: Running[]; stop: (id: number) => void; clear: () => void }) {
  const { t } = useTranslation();
  return (
    <Container
      header={
        <Header
          variant="h3"
          actions={
            running.every((each) => each.state !== "in-progress") && (
              <Button variant="icon" iconName="close" ariaLabel={t("action.dismiss")} onClick={() => clear()} />
            )
          }
        >
          {t("upload.title")}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {running.map((each) => (
          <SpaceBetween key={each.id} size="s" direction="horizontal" alignItems="center">
            <ProgressBar
              label={each.name}
              description={`${bytes(each.sent)} / ${bytes(each.size)}`}
              value={each.size === 0 ? 100 : (each.sent / each.size) * 100}
              status={each.state}
              resultText={each.state === "success" ? t("upload.stored") : each.told}
            />
            {each.state === "in-progress" && (
              <Button
                variant="inline-icon"
                iconName="close"
                ariaLabel={t("upload.stop", { name: each.name })}
                onClick={() => stop(each.id)}
              />
            )}
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </Container>
  );
}

/** Where files are dropped or chosen, and how far each has come. */
export function Uploads({ bucket, prefix, done }: { bucket: string; prefix: string; done: () => void }) {
  const { t } = useTranslation();
  const { running, start, stop, clear } = useUploads(bucket, prefix, done);
  return (
    <SpaceBetween size="s">
      <FileDropzone onChange={({ detail }) => start(detail.value)}>
        <SpaceBetween size="xs" direction="horizontal" alignItems="center">
          <FileInput
            value={[]}
            multiple
            onChange={({ detail }) => start(detail.value)}
            ariaLabel={t("upload.choose")}
          >
            {t("upload.choose")}
          </FileInput>
          <span>{t("upload.drop")}</span>
        </SpaceBetween>
      </FileDropzone>
      {running.length > 0 && <Progress running={running} stop={stop} clear={clear} />}
    </SpaceBetween>
  );
}
