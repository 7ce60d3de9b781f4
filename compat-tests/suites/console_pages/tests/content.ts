import { PutCompositeAlarmCommand, PutMetricAlarmCommand, PutMetricDataCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { deflateSync } from "node:zlib";
import type { Keys, Server } from "./server";

export const ACCOUNT = "123456789012";
export const USER = "dana";
export const PASSWORD = "Correct-horse-9";
export const BUCKET = "churn-data";

const STATEMENTS = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "WorkWithData", Effect: "Allow", Action: "s3:*", Resource: "*" },
    {
      Sid: "KeepTheContracts",
      Effect: "Deny",
      Action: ["s3:DeleteObject", "s3:GetObject"],
      Resource: `arn:aws:s3:::${BUCKET}/contracts/*`,
    },
    { Sid: "Look", Effect: "Allow", Action: ["logs:*", "cloudwatch:*", "iam:Get*", "iam:List*"], Resource: "*" },
  ],
};

const CSV = ["customer,months,plan,churned", "1001,24,basic,no", "1002,3,plus,yes", "1003,61,basic,no", "1004,12,team,no"].join("\n");

/** A small picture: rows of pixels, deflated, as PNG wants them. */
function picture(): Uint8Array {
  const size = 64;
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      rows.set([x * 4, y * 4, 160], y * (1 + size * 3) + 1 + x * 3);
    }
  }
  const crcOf = (bytes: Buffer) => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) {
        crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
      }
    }
    return (crc ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(data.length);
    body.copy(whole, 4);
    whole.writeUInt32BE(crcOf(body), body.length + 4);
    return whole;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Makes a user with a policy, and something of everything that the pages show. Returns the user's own keys. */
export async function fill(server: Server): Promise<Keys> {
  const { s3, iam, logs, metrics } = server.clients(server.administrator());
  await iam.send(new CreateUserCommand({ UserName: USER }));
  await iam.send(new CreateLoginProfileCommand({ UserName: USER, Password: PASSWORD }));
  const policy = await iam.send(
    new CreatePolicyCommand({ PolicyName: "DataScience", PolicyDocument: JSON.stringify(STATEMENTS), Description: "Work with data, keep the contracts" }),
  );
  await iam.send(new AttachUserPolicyCommand({ UserName: USER, PolicyArn: policy.Policy?.Arn }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: USER,
      PolicyName: "own-password",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "iam:ChangePassword", Resource: "*" }],
      }),
    }),
  );
  const key = (await iam.send(new CreateAccessKeyCommand({ UserName: USER }))).AccessKey;

  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }));
  const put = (Key: string, Body: string | Uint8Array, ContentType: string, Tagging?: string) =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType, Tagging }));
  await put("contracts/2026-acme.txt", "the terms", "text/plain");
  await put("raw/customers.csv", "customer,months\n1001,1", "text/csv");
  await put("raw/customers.csv", CSV, "text/csv", "project=churn&stage=raw");
  await put("raw/schema.json", JSON.stringify({ columns: ["customer", "months", "plan", "churned"], label: "churned" }), "application/json");
  await put("raw/distribution.png", picture(), "image/png");
  await put("notes.txt", "First try: XGBoost, depth 6.\nDrop the column 'plan'?\n", "text/plain");
  await put("old/obsolete.txt", "may go", "text/plain");
  await put("odd/a b+c%20&ü漢.txt", "odd name", "text/plain");

  const group = "/aws/sagemaker/TrainingJobs";
  const stream = "churn-xgboost/algo-1-1";
  const now = Date.now();
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      logEvents: Array.from({ length: 12 }, (_, i) => ({
        timestamp: now - (12 - i) * 1000,
        message: i === 7 ? "WARNING: 3 rows without a label were dropped" : `[${i}] train-logloss:${(0.69 * 0.87 ** i).toFixed(5)}`,
      })),
    }),
  );
  await metrics.send(
    new PutMetricDataCommand({
      Namespace: "Churn",
      MetricData: Array.from({ length: 30 }, (_, i) => ({
        MetricName: "validation:auc",
        Dimensions: [{ Name: "TrainingJob", Value: "churn-xgboost" }],
        Timestamp: new Date(now - (30 - i) * 60_000),
        Value: 0.95 - 0.35 * 0.9 ** i,
      })),
    }),
  );
  await metrics.send(
    new PutMetricAlarmCommand({
      AlarmName: "auc-too-low",
      AlarmDescription: "The model got worse",
      Namespace: "Churn",
      MetricName: "validation:auc",
      Dimensions: [{ Name: "TrainingJob", Value: "churn-xgboost" }],
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 0.99,
      ComparisonOperator: "LessThanThreshold",
    }),
  );
  await metrics.send(
    new PutCompositeAlarmCommand({ AlarmName: "model-is-bad", AlarmRule: 'ALARM("auc-too-low")' }),
  );
  await metrics.send(
    new SetAlarmStateCommand({ AlarmName: "auc-too-low", StateValue: "ALARM", StateReason: "set by hand to see what happens" }),
  );
  return { accessKeyId: key?.AccessKeyId ?? "", secretAccessKey: key?.SecretAccessKey ?? "" };
}
